/**
 * A short way to read the frames that floods consist of: messages whose fields stand as this program writes them, and
 * whose text has no escape. All others are read as JSON (frame-codec.ts), with the same result.
 */

import { messageMaxBytes } from "../limits.ts";
import type { FrameOrder, MessageFrame } from "./frame.ts";

interface PlainMessage {
  readonly frame: MessageFrame;
  readonly key: string | undefined;
  readonly order: FrameOrder | undefined;
}

/** Integers of JSON up to 999,999,999,999,999, which a number holds exactly. */
const count = "(0|[1-9]\\d{0,14})";
/** Units that JSON does not escape. */
const units = '[^"\\\\\\x00-\\x1f]';
const plainMessage = new RegExp(
  `^duet/1 {"type":"message","id":${count}(?:,"from":${count})?,"text":"(${units}*)"` +
    `(?:,"k":"(${units}{1,64})")?(?:,"n":([1-9]\\d{0,14}))?}$`,
);

/** The message in a line; undefined: read it as JSON. */
export function readPlainMessage(line: string): PlainMessage | undefined {
  const found = plainMessage.exec(line);
  if (found === null) return undefined;
  const [, id, from, text = "", key, number] = found;
  if (text.length > messageMaxBytes) return undefined;
  const start = { type: "message", id: Number(id) } as const;
  return {
    frame: from === undefined ? { ...start, text } : { ...start, text, from: Number(from) },
    key,
    order: number === undefined ? undefined : { number: Number(number), transmission: 1 },
  };
}
