/**
 * What Tab may put in place of the word before the cursor: commands, the names of members, on and off.
 * It knows no keys, and nothing of how often Tab was pressed: composer.ts does.
 */

import type { ArgumentKind, CommandDescription } from "../chat/command-table.ts";
import { boundaryAtOrBefore, fieldStart } from "./graphemes.ts";

export interface Candidate {
  /** What replaces the word, with the space that belongs after it. */
  readonly text: string;
  /** What it does, in a few words; empty for a name. */
  readonly summary: string;
}

export interface CompletionContext {
  readonly commands: readonly CommandDescription[];
  /** Of the members of the room, clean. */
  readonly names: readonly string[];
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Where the word begins that they replace, in UTF-16 units; it ends at the cursor. */
  readonly replaceFrom: number;
  /** What all candidates begin with, but never less than the word itself. */
  readonly common: string;
}

/** All that may stand at the cursor: none is no fault. Case is ignored in what was typed. */
export function complete(text: string, cursor: number, context: CompletionContext): Completion {
  const before = text.slice(0, cursor);
  const replaceFrom = fieldStart(before, cursor);
  const word = before.slice(replaceFrom);
  const candidates = candidatesFor(before.slice(0, replaceFrom), word, context);
  return { candidates, replaceFrom, common: commonStart(word, candidates) };
}

function candidatesFor(before: string, word: string, context: CompletionContext): readonly Candidate[] {
  if (before === "" && isCommand(word)) return commandsFor(word, context.commands);
  if (!isCommand(before)) return word === "" ? [] : namesFor(word, context.names);
  const [name = "", ...given] = before.slice(1).trimEnd().split(/\s+/u);
  const command = context.commands.find((each) => each.name === name.toLowerCase());
  return command === undefined ? [] : argumentsFor(command.argument, given.length, word, context);
}

/** `//` sends a literal slash. */
function isCommand(text: string): boolean {
  return text.startsWith("/") && !text.startsWith("//");
}

function commandsFor(word: string, commands: readonly CommandDescription[]): readonly Candidate[] {
  const wanted = word.slice(1).toLowerCase();
  return commands
    .filter((command) => command.name.startsWith(wanted))
    .map(({ name, argument, argumentsText, summary }) => ({
      text: argument === "none" ? `/${name}` : `/${name} `,
      summary: argumentsText === "" ? summary : `${argumentsText}: ${summary}`,
    }));
}

/** `position`: how many arguments stand before this one. */
function argumentsFor(
  kind: ArgumentKind,
  position: number,
  word: string,
  context: CompletionContext,
): readonly Candidate[] {
  switch (kind) {
    case "none":
    case "endpoint":
      return [];
    case "peer":
    case "name":
      return position === 0 ? namesFor(word, context.names) : [];
    case "peer-then-text":
      return position > 0 && word === "" ? [] : namesFor(word, context.names);
    case "text":
      return word === "" ? [] : namesFor(word, context.names);
    case "path":
      return [];
    case "on-off":
      return position === 0 ? switchesFor(word) : [];
  }
}

function namesFor(word: string, names: readonly string[]): readonly Candidate[] {
  const wanted = word.toLowerCase();
  return names
    .filter((name) => name.toLowerCase().startsWith(wanted))
    .toSorted()
    .map((name) => ({ text: `${name} `, summary: "" }));
}

function switchesFor(word: string): readonly Candidate[] {
  return ["on", "off"]
    .filter((each) => each.startsWith(word.toLowerCase()))
    .map((text) => ({ text, summary: "" }));
}

/** In the first candidate's spelling, and never half a grapheme. */
function commonStart(word: string, candidates: readonly Candidate[]): string {
  const [first, ...others] = candidates;
  if (first === undefined) return word;
  let length = first.text.length;
  for (const other of others) length = Math.min(length, sharedLength(first.text, other.text));
  const common = first.text.slice(0, boundaryAtOrBefore(first.text, length));
  return common.length < word.length ? word : common;
}

function sharedLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length]?.toLowerCase() === other[length]?.toLowerCase()) length += 1;
  return length;
}
