/** The bytes of one call as hex and as clean text, in lines of a given width. No colours, no keys. */

import { getDirection } from "../../chat/trace/call-links.ts";
import type { WireModel, WireRow } from "../../chat/log/wire-log.ts";
import { cleanText, splitLines } from "../../protocol/text/text.ts";
import { wrapText } from "../../protocol/text/wrap.ts";
import type { Words } from "../../words/tables/words.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

interface DumpLine {
  readonly text: string;
  readonly tone: "plain" | "quiet";
}

const offsetColumns = 4;

/** Lines at most `columns` wide (20 or more). They are not cached: only one call is open at a time. */
export function dumpCall(
  wire: WireModel,
  row: WireRow,
  { word }: Pick<Words, "word">,
  columns: number,
): readonly DumpLine[] {
  const wordLines = (worded: Sentence): readonly DumpLine[] =>
    wrapText(word(worded), columns).map((text) => ({ text, tone: "quiet" }));
  const about = wordLines(describeOffsets(row));
  const dump = (payload: Uint8Array | undefined, bytes: number): readonly DumpLine[] => {
    if (bytes === 0) return [];
    if (payload === undefined) return wordLines(sentence("bytes-not-kept"));
    const isWhole = payload.length === bytes;
    const cut = isWhole ? [] : wordLines(sentence("first-bytes-kept", { kept: payload.length, bytes }));
    return [...cut, ...formatHex(payload, columns)];
  };
  const { bytes = 0, sealed } = row;
  const payload = wire.payloadOf(row);
  const text = bytes === 0 || payload === undefined ? [] : formatText(payload, columns);
  if (sealed === undefined) return [...about, ...dump(payload, bytes), ...text];
  const opened = wordLines(sentence("bytes-opened", { bytes }));
  const crossed = wordLines(sentence("bytes-sealed", { bytes: sealed.bytes }));
  const whole = dump(wire.sealedPayloadOf(row), sealed.bytes);
  return [...about, ...opened, ...text, ...dump(payload, bytes), ...crossed, ...whole];
}

/** The offsets of the bytes in the stream, which start at 0 as in Wireshark. */
function describeOffsets(row: WireRow): Sentence {
  const { number: call, offset, bytes = 0, peer: name } = row;
  const way = getDirection(row);
  if (way === undefined) return sentence("call-without-bytes", { call });
  const peer = name === undefined ? undefined : { name, way };
  return sentence("call-moved", { call, offset, bytes, peer });
}

function formatHex(payload: Uint8Array, columns: number): readonly DumpLine[] {
  const perLine = [16, 8, 4].find((count) => offsetColumns + 3 + count * 4 <= columns) ?? 2;
  const lines: DumpLine[] = [];
  for (let at = 0; at < payload.length; at += perLine) {
    const bytes = payload.subarray(at, at + perLine);
    const offset = at.toString(16).padStart(offsetColumns, "0");
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = Array.from(bytes, formatAscii).join("");
    lines.push({ text: `${offset}  ${hex.padEnd(perLine * 3 - 1)}  ${text}`, tone: "plain" });
  }
  return lines;
}

function formatAscii(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·";
}

/** A character that is cut at the end is left out: its rest is in the next call. */
function formatText(payload: Uint8Array, columns: number): readonly DumpLine[] {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(payload, { stream: true });
  return splitLines(text)
    .flatMap((line) => wrapText(cleanText(line), Math.max(1, columns - 2)))
    .map((line, index) => ({ text: (index === 0 ? "“ " : "  ") + line, tone: "plain" }) as const);
}
