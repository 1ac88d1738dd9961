/** Encodes and parses duet/1 frames as lines of text, and recognises the banner. Keys are parsed, not verified. */

import { transmissionNumberMax } from "../limits.ts";
import { isFields, readFrame, readOrder, readShortText } from "./frame-fields.ts";
import type { Frame, FrameOrder, HelloFrame, Offer } from "./frame.ts";
import type { FrameFault } from "./frame-fault.ts";
import { readPlainMessage } from "./plain-message.ts";

export const framePrefix = "duet/1 ";

export type ParsedFrame =
  /** `key`: proves that a datagram is from the peer to which we sent that secret. */
  | {
      readonly kind: "frame";
      readonly frame: Frame;
      readonly key: string | undefined;
      readonly order?: FrameOrder | undefined;
    }
  /** A frame of an unknown type, to be ignored. */
  | { readonly kind: "unknown"; readonly key: string | undefined; readonly order?: FrameOrder | undefined }
  /** A hello of a later version, to be answered in ours. */
  | { readonly kind: "later-version"; readonly version: number }
  | {
      readonly kind: "malformed";
      readonly fault: FrameFault;
      readonly key?: string | undefined;
      readonly order?: FrameOrder | undefined;
    }
  /** Not a frame. */
  | { readonly kind: "text" };

/**
 * Encodes a frame as a line without newline. `key`: the receiver's, over UDP. `padTo`: pads a hello to this many
 * bytes.
 */
export function encodeFrame(frame: Frame, key?: string, padTo = 0): string {
  const body = key === undefined ? frame : { ...frame, k: key };
  const line = framePrefix + JSON.stringify(body);
  if (padTo === 0) return line;
  const missing = padTo - Buffer.byteLength(line);
  // `,"pad":""` itself takes 9 bytes.
  return missing < 9 ? line : `${line.slice(0, -1)},"pad":"${"-".repeat(missing - 9)}"}`;
}

/** The most bytes that numberLine adds to a line. */
export const orderMaxBytes = `,"n":${Number.MAX_SAFE_INTEGER},"t":${transmissionNumberMax}}`.length - 1;

/**
 * Adds number and transmission to the line of an encoded frame. A first transmission is not stated. `keyField`: that of
 * the receiver's key (encodeKeyField), unless the line has it.
 */
export function numberLine(line: string, { number, transmission }: FrameOrder, keyField = ""): string {
  const suffix = transmission === 1 ? "" : `,"t":${transmission}`;
  return `${line.slice(0, -1)}${keyField},"n":${number}${suffix}}`;
}

/** The receiver's key as the text that `numberLine` adds; empty without a key. */
export function encodeKeyField(key: string | undefined): string {
  return key === undefined ? "" : `,"k":${JSON.stringify(key)}`;
}

/** Parses one line or datagram, without its newline. */
export function parseFrame(line: string): ParsedFrame {
  if (!line.startsWith("duet/")) return { kind: "text" };
  const message = readPlainMessage(line);
  if (message !== undefined) return { kind: "frame", ...message };
  if (!line.startsWith(framePrefix)) return parseLaterVersion(line);
  if (line.charCodeAt(framePrefix.length) !== 0x7b) return { kind: "text" };
  let fields: unknown;
  try {
    fields = JSON.parse(line.slice(framePrefix.length));
  } catch {
    return { kind: "malformed", fault: { is: "no-json" } };
  }
  if (!isFields(fields)) return { kind: "malformed", fault: { is: "no-object" } };
  if (typeof fields["type"] !== "string") return { kind: "malformed", fault: { is: "no-type" } };
  const frame = readFrame(fields["type"], fields);
  const key = readShortText(fields["k"]);
  const order = readOrder(fields);
  if (frame === "unknown") return { kind: "unknown", key, order };
  if (frame === undefined) {
    const fault: FrameFault = { is: "wrong-field", type: fields["type"] };
    return { kind: "malformed", fault, key, order };
  }
  if (frame.type === "hello" && frame.seal === 1)
    return { kind: "frame", frame: { ...frame, offer: makeOffer(frame, line, key) }, key, order };
  return { kind: "frame", frame, key, order };
}

function makeOffer({ password }: HelloFrame, line: string, answers: string | undefined): Offer {
  return { line, answers, hasPassword: password === 1 };
}

/** The line that a listening duet sends to a silent peer: readable for a person, recognisable for a duet. */
export function encodeBanner(name: string, members: number): string {
  return `${framePrefix}${name}'s room, ${members} here. Type a line and press Enter.`;
}

/** Whether a line is the banner of a listening duet. */
export function isBanner(line: string): boolean {
  // Asked of each line of a duet, of which hardly one ends so.
  if (!line.endsWith(" here. Type a line and press Enter.")) return false;
  return /^duet\/1 .{1,200}'s room, \d{1,6} here\. Type a line and press Enter\.$/u.test(line);
}

/** Whether the beginning of a line can be that of a frame, a banner, or a hello of a later version. */
export function canBecomeFrame(head: string): boolean {
  if (head.startsWith(framePrefix) || framePrefix.startsWith(head)) return true;
  if (!head.startsWith("duet/")) return false;
  const [, rest] = /^duet\/\d{1,4}(| .*)$/s.exec(head.slice(0, 30)) ?? [];
  return rest !== undefined && (helloStart.startsWith(rest) || rest.startsWith(helloStart));
}

/** The frame of every version begins with its version and this. */
const helloStart = ' {"type":"hello"';

function parseLaterVersion(line: string): ParsedFrame {
  const match = /^duet\/(\d{1,4}) \{"type":"hello"/.exec(line);
  const version = Number(match?.[1]);
  return version > 1 ? { kind: "later-version", version } : { kind: "text" };
}
