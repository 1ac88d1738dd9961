/**
 * What happens, as plain lines to be read aloud: time, speaker, text; states in words. No signs, no columns, nothing
 * that is drawn. A person's line always begins with who says it, so that none can speak as duet.
 */

import { commandTable } from "../chat/command-table.ts";
import type { NoticeTone } from "../chat/entry.ts";
import type { Output } from "../chat/output.ts";
import { cleanText, splitLines } from "../protocol/text.ts";

/** `HH:MM`. */
export type FormatTime = (atMs: number) => string;

/** One line for each line that is to be heard, with its newline; undefined: nothing is. What we said is on the terminal already. */
export function formatSpoken(output: Output, formatTime: FormatTime): string | undefined {
  const texts = spokenTexts(output);
  return texts?.map((text) => `${formatTime(output.atMs)} ${text}\n`).join("");
}

function spokenTexts(output: Output): readonly string[] | undefined {
  switch (output.type) {
    case "message":
      return output.direction === "in" ? messageTexts(output) : undefined;
    case "state":
      return [`duet: ${stateText(output)}`];
    case "notice":
      return [`${toneWord(output.tone)}: ${withHint(withoutSigns(output.text), output.hint)}`];
    case "error":
      return [`error: ${withHint(output.message, output.hint)}`];
    case "peer":
    case "receipt":
    case "lines":
    case "bytes":
    case "call":
    case "stats":
      return undefined;
  }
}

function messageTexts(output: Extract<Output, { type: "message" }>): readonly string[] {
  const does = output.action ? "does" : "says";
  const begin = `${speaker(output.name)} ${does}${output.private === true ? " to you alone" : ""}`;
  return splitLines(output.text).map((line) => `${begin}: ${cleanText(line)}`);
}

/** `error: all is lost` is a name that somebody might choose. */
function speaker(name: string): string {
  return /:(?!\d)/.test(name) ? `"${name}"` : name;
}

function stateText(output: Extract<Output, { type: "state" }>): string {
  const isOwn = output.peer === undefined || output.to === "LISTEN";
  const who = output.transport.toUpperCase() + (isOwn ? "" : ` ${output.peer}`);
  return `${who} is now ${output.to}, it was ${output.from}: ${output.reason}`;
}

function toneWord(tone: NoticeTone): string {
  switch (tone) {
    case "warning":
    case "error":
      return tone;
    case "joined":
    case "left":
    case "info":
    case "state":
      return "duet";
  }
}

/** The glyphs of states stand beside their words. */
function withoutSigns(text: string): string {
  return text.replace(/[○◎◌●◐◑◍✗] /gu, "").replace(/ {2,}/g, ", ");
}

function withHint(text: string, hint: string | undefined): string {
  return hint === undefined ? text : `${text.replace(/\.$/, "")}. Next: ${hint}`;
}

/** How to begin, said once. */
export const spokenWelcome =
  "duet in plain lines: type a line and press Enter; /help lists the commands, /quit leaves.\n";

/** About a view of the conversation that is not there. */
const drawnOnly: ReadonlySet<string> = new Set(["search", "save", "mouse", "clear", "wire"]);

/** Every command that means something here, as a sentence. */
export function spokenHelp(): string {
  const lines = commandTable
    .filter(({ name }) => !drawnOnly.has(name))
    .map(({ name, argumentsText, summary }) => {
      const words = argumentsText === "" ? name : `${name} ${argumentsText}`;
      return `/${words}: ${summary}\n`;
    });
  return lines.join("");
}
