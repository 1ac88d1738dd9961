/**
 * What happens, as plain lines to be read aloud: time, speaker, text; states in words. No signs, no columns, nothing
 * that is drawn. A person's line always begins with who says it, so that none can speak as duet.
 */

import type { NoticeTone } from "../../chat/log/entry.ts";
import { type Output, type WordedOutput, wordOutput } from "../../chat/model/output.ts";
import { cleanText, splitLines } from "../../protocol/text/text.ts";
import { translateCommands } from "../../view/overlays/help-lines.ts";
import type { SpokenWords, Words } from "../../words/tables/words.ts";

/** `HH:MM`. */
type FormatTime = (atMs: number) => string;

/** One line for each line that is to be heard, with its newline; undefined: nothing is. What we said is on the terminal already. */
export function formatSpoken(output: Output, formatTime: FormatTime, words: Words): string | undefined {
  const texts = spokenTexts(wordOutput(output, words.word), words.spoken);
  return texts?.map((text) => `${formatTime(output.atMs)} ${text}\n`).join("");
}

function spokenTexts(output: WordedOutput, spoken: SpokenWords): readonly string[] | undefined {
  switch (output.type) {
    case "message":
      return output.direction === "in" ? messageTexts(output, spoken) : undefined;
    case "state":
      return [spoken.tones.duet + spoken.colon + stateText(output, spoken)];
    case "notice":
      return [
        spoken.tones[toneName(output.tone)] +
          spoken.colon +
          withHint(withoutSigns(output.text, spoken), output.hint, spoken),
      ];
    case "error":
      return [spoken.tones.error + spoken.colon + withHint(output.message, output.hint, spoken)];
    case "peer":
    case "receipt":
    case "lines":
    case "bytes":
    case "call":
    case "stats":
      return undefined;
  }
}

function messageTexts(
  output: Extract<WordedOutput, { type: "message" }>,
  words: SpokenWords,
): readonly string[] {
  const say = output.action ? words.does : words.says;
  const begin = say(speaker(output.name), output.private === true);
  return splitLines(output.text).map((line) => begin + words.colon + cleanText(line));
}

/** `error: all is lost` is a name that somebody might choose, in any language. */
function speaker(name: string): string {
  return /[:：](?!\d)/.test(name) ? `"${name}"` : name;
}

function stateText(output: Extract<WordedOutput, { type: "state" }>, spoken: SpokenWords): string {
  const isOwn = output.peer === undefined || output.to === "LISTEN";
  const who = output.transport.toUpperCase() + (isOwn ? "" : ` ${output.peer}`);
  return spoken.state(who, output.to, output.from, output.reason);
}

function toneName(tone: NoticeTone): "duet" | "warning" | "error" {
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
function withoutSigns(text: string, { comma }: SpokenWords): string {
  return text
    .replace(/[○◎◌●◐◑◍✗] /gu, "")
    .trim()
    .replace(/ {2,}/g, comma);
}

function withHint(text: string, hint: string | undefined, spoken: SpokenWords): string {
  return hint === undefined ? text : spoken.next(text, hint);
}

/** About a view of the conversation that is not there. */
const drawnOnly: ReadonlySet<string> = new Set(["search", "save", "mouse", "clear", "wire"]);

/** Every command that means something here, as a sentence. */
export function spokenHelp(words: Words): string {
  const lines = translateCommands(words)
    .filter(({ name }) => !drawnOnly.has(name))
    .map(({ name, argumentsText, summary }) => {
      const typed = argumentsText === "" ? name : `${name} ${argumentsText}`;
      return `/${typed}${words.spoken.colon}${summary}\n`;
    });
  return lines.join("");
}
