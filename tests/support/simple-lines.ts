/** A slow decoder of lines, which sees the whole input: the oracle of the real one. */

import type { DecodedLine } from "../../src/protocol/lines/line-decoder.ts";

/** A reference decoder of whole inputs: by LF, or by any line end if there are many CRs before the first LF, or no LF. */
export function decodeSimply(bytes: Uint8Array, maxBytes: number): DecodedLine[] {
  const lines: DecodedLine[] = [];
  const hasNewline = bytes.includes(newline);
  const firstLine = bytes.subarray(0, hasNewline ? bytes.indexOf(newline) : undefined);
  const returns = firstLine.subarray(0, maxBytes).filter((byte) => byte === carriageReturn).length;
  if (returns > 8 || (returns > 0 && !hasNewline)) return decodeAnyEnds(bytes, maxBytes);
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    if (line.length > maxBytes && line.subarray(0, maxBytes).includes(carriageReturn))
      return [...lines, ...decodeAnyEnds(bytes.subarray(start), maxBytes)];
    if (found < 0 && hasNewline && line.length === 1 && line[0] === carriageReturn) return lines;
    const { text, cutBytes } = decodeLine(line, maxBytes);
    const trimmed = text.replace(/\r$/, "").replace(hasNewline ? /^\r/ : "", "");
    lines.push({ text: trimmed, bytes: line.length + (found < 0 ? 0 : 1), cutBytes });
    start = end + 1;
  }
  return lines;
}

const newline = 0x0a;
const carriageReturn = 0x0d;

function decodeAnyEnds(bytes: Uint8Array, maxBytes: number): DecodedLine[] {
  const lines: DecodedLine[] = [];
  const latin = Buffer.from(bytes).toString("latin1");
  let start = 0;
  let before = 0;
  for (const found of latin.matchAll(/([^\r\n]*)(\r[\n\0]|\n\r|\r|\n|$)/g)) {
    const [whole, line = "", end = ""] = found;
    if (whole === "") continue;
    const { text, cutBytes } = decodeLine(bytes.subarray(start, start + line.length), maxBytes);
    lines.push({ text, bytes: before + line.length + Math.min(1, end.length), cutBytes });
    start += whole.length;
    before = Math.max(0, end.length - 1);
  }
  return lines;
}

/** Cuts at the bound between characters. */
function decodeLine(line: Uint8Array, maxBytes: number): Pick<DecodedLine, "text" | "cutBytes"> {
  const isCut = line.length > maxBytes;
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  // With `stream`, a decoder does not return an unfinished character.
  const text = utf8.decode(line.subarray(0, maxBytes), { stream: isCut });
  const kept = isCut ? countCompleteBytes(line.subarray(0, maxBytes)) : line.length;
  return { text, cutBytes: line.length - kept };
}

/** The length without an unfinished character at the end, which a decoder with `stream` does not return. */
function countCompleteBytes(bytes: Uint8Array): number {
  for (let length = Math.min(3, bytes.length); length > 0; length--) {
    const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
    if (utf8.decode(bytes.subarray(-length), { stream: true }) === "") return bytes.length - length;
  }
  return bytes.length;
}
