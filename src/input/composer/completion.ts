/**
 * Finds the completions of the word before the cursor: commands, names of members, addresses, paths, settings.
 * composer.ts counts the presses of Tab; the caller reads folders.
 */

import { type CommandDescription, isCommandLine } from "../../chat/commands/command-table.ts";
import { hostDefault, portDefault } from "../../protocol/address/target.ts";
import { findBoundaryAtOrBefore, findFieldStart } from "../line/graphemes.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { errorCodes, refusalPages } from "../../protocol/errors/error-advice.ts";

export interface Candidate {
  /** The text that replaces the word, with a trailing space where one is needed. */
  readonly text: string;
  /** The name in the menu. A path is not cleaned: clean it before it is drawn. */
  readonly label: string;
  /** A few words about the candidate; may be empty. */
  readonly summary: string | Sentence | undefined;
}

export interface CompletionContext {
  readonly commands: readonly CommandDescription[];
  /** The names of the members of the room; clean. */
  readonly names: readonly string[];
  /** Describes a member in a few words; clean. */
  readonly describeName?: (name: string) => string;
  /** The names of the other hubs of a shared room; clean. */
  readonly hubs?: () => readonly string[];
  /** The paths that start with the typed text, in the same spelling; a folder ends with a slash. */
  readonly paths?: (typed: string) => readonly string[];
}

interface Completion {
  readonly candidates: readonly Candidate[];
  /** The start of the replaced word, in UTF-16 units; it ends at the cursor. */
  readonly replaceFrom: number;
  /** The common prefix of all candidates; at least the word itself. */
  readonly commonPrefix: string;
}

/** The candidates for the word before the cursor; may be none. Case is ignored. */
export function complete(text: string, cursor: number, context: CompletionContext): Completion {
  const before = text.slice(0, cursor);
  const pathFrom = findPathStart(before, context.commands);
  const replaceFrom = pathFrom ?? findQuotedNameStart(before) ?? findFieldStart(before, cursor);
  const word = before.slice(replaceFrom);
  const candidates =
    pathFrom === undefined
      ? listCandidates(before.slice(0, replaceFrom), word, context)
      : listPaths(word, context);
  return { candidates, replaceFrom, commonPrefix: findCommonPrefix(word, candidates) };
}

/** The start of a path before the cursor, after `/save ` or `/listen -U `. A path may contain spaces. */
function findPathStart(before: string, commands: readonly CommandDescription[]): number | undefined {
  if (!isCommandLine(before)) return undefined;
  const [, lead = "", name = "", option = ""] = /^(\/(\S+?)!?\s+)(-U\s+)?/.exec(before) ?? [];
  const kind = commands.find((each) => each.name === name.toLowerCase())?.argument;
  if (kind === "path") return lead.length;
  return kind === "endpoint" && option !== "" ? lead.length + option.length : undefined;
}

/** The start of a name after `/msg "` and the like, whose quotes are still open. */
function findQuotedNameStart(before: string): number | undefined {
  const [, lead] = /^(\/(?:msg|nick|verify)\s+)"[^"]*$/i.exec(before) ?? [];
  return lead?.length;
}

function listCandidates(before: string, word: string, context: CompletionContext): readonly Candidate[] {
  if (before === "" && isCommandLine(word)) return listCommands(word, context.commands);
  if (!isCommandLine(before)) return word === "" ? [] : listNamesInText(word, context);
  const [name = "", ...given] = before.slice(1).trimEnd().split(/\s+/u);
  const command = context.commands.find((each) => each.name === name.toLowerCase());
  return command === undefined ? [] : listArguments(command, given.length, word, context);
}

function listCommands(word: string, commands: readonly CommandDescription[]): readonly Candidate[] {
  const wanted = word.slice(1).toLowerCase();
  return commands
    .filter((command) => command.name.startsWith(wanted))
    .map(({ name, argument, argumentsText, summary }) => ({
      text: argument === "none" ? `/${name}` : `/${name} `,
      label: `/${name} ${argumentsText}`.trimEnd(),
      summary,
    }));
}

/** `position`: the number of arguments before this one. */
function listArguments(
  { name, argument }: CommandDescription,
  position: number,
  word: string,
  context: CompletionContext,
): readonly Candidate[] {
  switch (argument) {
    case "none":
      return [];
    case "endpoint":
      return listEndpoints(name, position, word);
    case "peer":
      return position === 0 ? listNames(word, context) : [];
    case "name":
      return position === 0 ? listAddressees(word, context) : [];
    case "peer-then-text":
      if (position === 0) return listAddressees(word, context);
      return word === "" ? [] : listNamesInText(word, context);
    case "verdict":
      return position === 0 ? listAddressees(word, context) : listVerdicts(word);
    case "hub":
      if (position === 0) return listWords(["remove"], word).map(addBlank);
      return listNames(word, { ...context, names: context.hubs?.() ?? [] });
    case "text":
      return word === "" ? [] : listNamesInText(word, context);
    case "path":
    case "range":
      return [];
    case "buffer":
      return position === 0 ? listOff(word) : position === 1 ? listNames(word, context) : [];
    case "code":
      return position === 0 ? listCodes(word) : [];
    case "filter":
      return listFilters(position, word, context);
    case "trouble":
      return listImpairments(position, word);
    case "on-off":
      return position === 0 ? listSwitches(word) : [];
  }
}

/** What may stand before a name in a text: `@ann`, `(ann`, `"ann`. */
const leadingSigns = /^[\p{Ps}\p{Pi}"'@＠¿¡]+/u;

/** Names in a text, where signs may stand before them; after `@` alone all of them. */
function listNamesInText(word: string, context: CompletionContext): readonly Candidate[] {
  const whole = listNames(word, context);
  const lead = leadingSigns.exec(word)?.[0] ?? "";
  if (whole.length > 0 || lead === "" || (lead === word && !/[@＠]$/.test(lead))) return whole;
  const named = listNames(word.slice(lead.length), context);
  return named.map((candidate) => ({ ...candidate, text: lead + candidate.text }));
}

function listNames(word: string, { names, describeName }: CompletionContext): readonly Candidate[] {
  const wanted = foldName(word);
  return names
    .filter((name) => foldName(name).startsWith(wanted))
    .toSorted()
    .map((name) => ({ text: `${name} `, label: name, summary: describeName?.(name) }));
}

/** Without differences of case, and of composed and decomposed letters. */
function foldName(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/** Names before a text, in quotes where a part of the text could be taken for a part of the name. */
function listAddressees(word: string, context: CompletionContext): readonly Candidate[] {
  const begun = new Set(context.names.flatMap(listNameStarts));
  const whole = listNames(word.replace(/^"/, ""), context);
  const found = whole.length === 0 ? listNames(word.replace(/^@/, ""), context) : whole;
  return found.map((candidate) => {
    const name = candidate.label;
    const needsQuotes = /\s|:$/.test(name) || begun.has(name.toLowerCase());
    return needsQuotes ? { ...candidate, text: `"${name}" ` } : candidate;
  });
}

/** What stands before each blank of a name. */
function listNameStarts(name: string): readonly string[] {
  return [...name.matchAll(/\s/g)].map(({ index }) => name.slice(0, index).toLowerCase());
}

/** The usual arguments: a host and a port, or a UNIX socket. */
function listEndpoints(command: string, position: number, word: string): readonly Candidate[] {
  const hosts = [
    { text: `${hostDefault} `, summary: sentence("offer-this-machine") },
    ...(command === "listen" ? [{ text: "0.0.0.0 ", summary: sentence("offer-every-interface") }] : []),
    { text: "-U ", summary: sentence("offer-unix") },
  ];
  const offered =
    position === 0
      ? hosts
      : position === 1
        ? [{ text: `${portDefault}`, summary: sentence("offer-port") }]
        : [];
  return offered
    .filter(({ text }) => text.startsWith(word))
    .map((each) => ({ ...each, label: each.text.trimEnd() }));
}

/** The settings of /trouble, with plausible values to start from. */
const impairments: readonly (readonly [string, Sentence])[] = [
  ["loss=20%", sentence("offer-loss")],
  ["dup=5%", sentence("offer-dup")],
  ["reorder=10%", sentence("offer-reorder")],
  ["delay=50ms", sentence("offer-delay")],
  ["seed=", sentence("offer-seed")],
];

function listImpairments(position: number, word: string): readonly Candidate[] {
  const off = position === 0 ? [["off", sentence("offer-trouble-off")] as const] : [];
  return [...impairments, ...off]
    .filter(([text]) => text.startsWith(word.toLowerCase()))
    .map(([text, summary]) => ({
      text: text === "off" || text.endsWith("=") ? text : `${text} `,
      label: text,
      summary,
    }));
}

function listPaths(word: string, { paths }: CompletionContext): readonly Candidate[] {
  return (paths?.(word) ?? []).map((text) => ({ text, label: getLastName(text), summary: undefined }));
}

/** `b/` of `/a/b/`, `c` of `/a/c`. */
function getLastName(path: string): string {
  return path.slice(path.lastIndexOf("/", path.length - 2) + 1);
}

/** After `peer=`, names are offered. */
function listFilters(position: number, word: string, context: CompletionContext): readonly Candidate[] {
  const [, key = "", name = ""] = /^(peer=)(.*)$/i.exec(word) ?? [];
  if (key !== "") return listNames(name, context).map((each) => ({ ...each, text: key + each.text }));
  const offered = [
    { text: "peer=", summary: sentence("offer-peer-calls") },
    { text: "call=", summary: sentence("offer-call-kind") },
    { text: "text=", summary: sentence("offer-call-text") },
    ...(position > 0
      ? []
      : [
          { text: "pause", summary: sentence("offer-pause") },
          { text: "all", summary: sentence("offer-all-calls") },
          { text: "off", summary: sentence("offer-panel-off") },
        ]),
  ];
  return offered
    .filter(({ text }) => text.startsWith(word.toLowerCase()))
    .map((each) => ({ ...each, label: each.text }));
}

function listCodes(word: string): readonly Candidate[] {
  const codes = errorCodes.map((code) => ({ text: code, summary: sentence("error-meaning", { code }) }));
  const pages = refusalPages.map((page) => ({ text: page, summary: sentence("refusal-meaning", { page }) }));
  return [...codes, ...pages]
    .filter(({ text }) => text.toLowerCase().startsWith(word.toLowerCase()))
    .map((each) => ({ ...each, label: each.text }));
}

function listOff(word: string): readonly Candidate[] {
  const off = { text: "off ", label: "off", summary: sentence("offer-read-again") };
  return "off".startsWith(word.toLowerCase()) ? [off] : [];
}

function listVerdicts(word: string): readonly Candidate[] {
  return listWords(["same", "different", "cancel"], word);
}

function listSwitches(word: string): readonly Candidate[] {
  return listWords(["on", "off"], word);
}

function listWords(words: readonly string[], word: string): readonly Candidate[] {
  return words
    .filter((each) => each.startsWith(word.toLowerCase()))
    .map((text) => ({ text, label: text, summary: undefined }));
}

function addBlank(candidate: Candidate): Candidate {
  return { ...candidate, text: `${candidate.text} ` };
}

/** In the first candidate's spelling, cut between graphemes. */
function findCommonPrefix(word: string, candidates: readonly Candidate[]): string {
  const [first, ...others] = candidates;
  if (first === undefined) return word;
  let length = first.text.length;
  for (const other of others) length = Math.min(length, measureSharedPrefix(first.text, other.text));
  const common = first.text.slice(0, findBoundaryAtOrBefore(first.text, length));
  return common.length < word.length ? word : common;
}

function measureSharedPrefix(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length]?.toLowerCase() === other[length]?.toLowerCase()) length += 1;
  return length;
}
