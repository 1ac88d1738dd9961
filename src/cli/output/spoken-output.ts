/**
 * Formats outputs as plain lines for a screen reader: time, author, text. States are words, not signs. A message always
 * begins with its author, so that no peer can pass for duet.
 */

import type { NoticeTone } from "../../chat/log/entry.ts";
import { describeKeyFacts } from "../../chat/log/key-marks.ts";
import { type Output, type WordedOutput, wordOutput } from "../../chat/model/output.ts";
import { cleanText, splitLines } from "../../protocol/text/text.ts";
import { translateCommands } from "../../view/overlays/help-lines.ts";
import type { SpokenWords, Words } from "../../words/tables/words.ts";

/** `HH:MM`. */
type FormatTime = (atMs: number) => string;

/**
 * The lines of an output, with newlines; undefined if it is not read aloud. Our own messages are on the terminal
 * already; a state or an error of a peer that leaves is in the line about that, as on a screen.
 */
export function formatSpoken(output: Output, formatTime: FormatTime, words: Words): string | undefined {
  if ((output.type === "state" || output.type === "error") && output.isCovered === true) return undefined;
  const texts = formatTexts(wordOutput(output, words.word), words);
  return texts?.map((text) => `${formatTime(output.atMs)} ${text}\n`).join("");
}

function formatTexts(output: WordedOutput, words: Words): readonly string[] | undefined {
  const { spoken } = words;
  switch (output.type) {
    case "message":
      return formatMessageAndRemarks(output, words);
    case "state":
      return [spoken.tones.duet + spoken.colon + formatState(output, spoken)];
    case "notice": {
      const text = appendHint(removeSigns(output.text, spoken), output.hint, spoken);
      return [spoken.tones[selectTone(output.tone)] + spoken.colon + text];
    }
    case "error":
      return [spoken.tones.error + spoken.colon + appendHint(output.message, output.hint, spoken)];
    case "peer":
    case "verify":
    case "receipt":
    case "lines":
    case "bytes":
    case "call":
    case "room":
    case "stats":
      return undefined;
  }
}

type MessageOutput = Extract<WordedOutput, { type: "message" }>;

/** Our own message is on the terminal already; remarks about keys are not. */
function formatMessageAndRemarks(output: MessageOutput, words: Words): readonly string[] | undefined {
  const { direction, marks = [], name } = output;
  const isOurs = direction === "out";
  // They stand before the message, since its text could end with anything. A fingerprint is too long to be read aloud.
  const remarks = describeKeyFacts({ key: undefined, marks }, isOurs ? undefined : name).map(
    (remark) => words.spoken.tones.warning + words.spoken.colon + words.word(remark),
  );
  if (isOurs) return remarks.length > 0 ? remarks : undefined;
  return [...remarks, ...formatMessage(output, words.spoken)];
}

function formatMessage(output: MessageOutput, words: SpokenWords): readonly string[] {
  const formatAuthor = output.action ? words.does : words.says;
  const author = formatAuthor(quoteName(output.name), output.private === true);
  return splitLines(output.text).map((line) => author + words.colon + cleanText(line));
}

/** Quotes a name with a colon, such as `error: disk full`, which could pass for a line of duet. */
function quoteName(name: string): string {
  return /[:：](?!\d)/.test(name) ? `"${name}"` : name;
}

function formatState(output: Extract<WordedOutput, { type: "state" }>, spoken: SpokenWords): string {
  const isOwn = output.peer === undefined || output.to === "LISTEN";
  const subject = output.transport.toUpperCase() + (isOwn ? "" : ` ${output.peer}`);
  return spoken.state(subject, output.to, output.from, output.reason);
}

function selectTone(tone: NoticeTone): "duet" | "warning" | "error" {
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

/** Removes the signs of states, which stand beside the same states in words. */
function removeSigns(text: string, { comma }: SpokenWords): string {
  return text
    .replace(/[○◎◌●◐◑◍✗] /gu, "")
    .trim()
    .replace(/ {2,}/g, comma);
}

function appendHint(text: string, hint: string | undefined, spoken: SpokenWords): string {
  return hint === undefined ? text : spoken.next(text, hint);
}

/** Commands that need a drawn screen. */
const screenCommands: ReadonlySet<string> = new Set(["search", "save", "mouse", "clear", "wire"]);

/** The commands that work without a screen, one line each, with newlines. */
export function formatSpokenHelp(words: Words): string {
  const lines = translateCommands(words)
    .filter(({ name }) => !screenCommands.has(name))
    .map(({ name, argumentsText, summary }) => {
      const usage = argumentsText === "" ? name : `${name} ${argumentsText}`;
      return `/${usage}${words.spoken.colon}${summary}\n`;
    });
  return lines.join("");
}
