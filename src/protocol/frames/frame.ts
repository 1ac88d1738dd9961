/**
 * duet/1 frames: `duet/1 ` and one JSON object. Values ↔ text only: no sockets, no room, no keys are checked here.
 * What a frame's fields may be is in frame-fields.ts.
 */

import { attemptsMax } from "../limits.ts";
import { isFields, readFrame, readOrder, shortText } from "./frame-fields.ts";

export const framePrefix = "duet/1 ";

/** `from` and members' numbers are given by the listening side; 1 is its own person. */
export interface Member {
  readonly number: number;
  readonly name: string;
  readonly address?: string;
}

export type Frame =
  /**
   * First, both ways. `session` tells one process from another, `key` must be in every later datagram to its sender.
   * `delivery`: over UDP it numbers its frames and acknowledges ours; who does not say so gets none.
   */
  | {
      readonly type: "hello";
      readonly name: string;
      readonly session: string;
      readonly key: string;
      readonly delivery?: 1;
    }
  /** `rest`: to who is in the room already, and has missed news of it. So many are named after it, each by `joined`; who is not is gone. */
  | {
      readonly type: "welcome";
      readonly you: number;
      readonly key: string;
      readonly members: readonly Member[];
      readonly rest?: number;
    }
  | { readonly type: "joined"; readonly number: number; readonly name: string; readonly address?: string }
  | { readonly type: "left"; readonly number: number; readonly reason: string }
  /** From a member: its new name, without a number. From the listening side: whose. */
  | { readonly type: "renamed"; readonly number?: number; readonly name: string }
  /** `part` of `parts` (from 1): one long text in several frames with the same id. */
  | {
      readonly type: "message";
      readonly id: number;
      readonly from?: number;
      readonly to?: number;
      readonly text: string;
      readonly action?: boolean;
      readonly part?: number;
      readonly parts?: number;
    }
  /** From the listening side: the private message `id` has not reached member `to`. */
  | { readonly type: "undelivered"; readonly id: number; readonly to: number; readonly reason: string }
  /** From the listening side: we speak too fast for a stranger, and what we say waits. */
  | { readonly type: "slowed"; readonly reason: string }
  /** Messages with ids from `first` to `last` that came here were shown (`received`), or seen (`read`). `from`: by whom, if a hub passes it on. */
  | {
      readonly type: "receipt";
      readonly stage: ReceiptStage;
      readonly first: number;
      readonly last: number;
      readonly from?: number;
    }
  /** UDP: all frames up to `upTo` have come, and those in `also`; the newest one `delayMs` ago. */
  | ({ readonly type: "ack" } & Acknowledgement)
  /** UDP: the sender has given up on what has not come up to `upTo`. */
  | { readonly type: "skip"; readonly upTo: number }
  | { readonly type: "ping"; readonly number: number }
  | { readonly type: "pong"; readonly number: number }
  | { readonly type: "goodbye"; readonly reason: string };

export type ReceiptStage = "received" | "read";

/** Numbers from the first to the last, both included. */
export type NumberRange = readonly [first: number, last: number];

export interface Acknowledgement {
  readonly upTo: number;
  /** Ascending, beyond `upTo`, at most ackRangesMax. */
  readonly also?: readonly NumberRange[];
  readonly delayMs: number;
  /** What came beyond that was not taken, for there is no room now: it is no loss, and to be tried again later. */
  readonly busy?: true;
}

/** Of a frame that must arrive over UDP: its place among all of them, from 1, and which try this is, from 1. */
export interface FrameOrder {
  readonly number: number;
  readonly attempt: number;
}

export type ReceiptFrame = Extract<Frame, { type: "receipt" }>;
export type HelloFrame = Extract<Frame, { type: "hello" }>;
export type MessageFrame = Extract<Frame, { type: "message" }>;

export type ParsedFrame =
  /** `key`: the secret that proves a datagram comes from who we gave it to. */
  | {
      readonly kind: "frame";
      readonly frame: Frame;
      readonly key: string | undefined;
      readonly order?: FrameOrder | undefined;
    }
  /** A type this version does not know: to be passed over. */
  | { readonly kind: "unknown"; readonly key: string | undefined; readonly order?: FrameOrder | undefined }
  /** A later version's frame: to be answered in ours. */
  | { readonly kind: "later-version"; readonly version: number }
  | {
      readonly kind: "malformed";
      readonly why: string;
      readonly key?: string | undefined;
      readonly order?: FrameOrder | undefined;
    }
  /** Not a frame at all. */
  | { readonly kind: "text" };

/** The line of a frame, without newline. `key` is the receiver's, over UDP; `padTo` fills a hello to so many bytes. */
export function encodeFrame(frame: Frame, key?: string, padTo = 0): string {
  const body = key === undefined ? frame : { ...frame, k: key };
  const line = framePrefix + JSON.stringify(body);
  const missing = padTo - Buffer.byteLength(line);
  // `,"pad":""` itself takes 9 bytes.
  return missing < 9 ? line : `${line.slice(0, -1)},"pad":"${"-".repeat(missing - 9)}"}`;
}

/** What numberLine adds to a line, at most, in bytes. */
export const orderMaxBytes = `,"n":${Number.MAX_SAFE_INTEGER},"t":${attemptsMax}}`.length - 1;

/** An encoded frame's line with its place in the order; the first try is not said. */
export function numberLine(line: string, { number, attempt }: FrameOrder): string {
  const tried = attempt === 1 ? "" : `,"t":${attempt}`;
  return `${line.slice(0, -1)},"n":${number}${tried}}`;
}

/** Reads one line or datagram, without its newline. */
export function parseFrame(line: string): ParsedFrame {
  if (!line.startsWith("duet/")) return { kind: "text" };
  if (!line.startsWith(framePrefix)) return parseLaterVersion(line);
  if (line.charCodeAt(framePrefix.length) !== 0x7b) return { kind: "text" };
  let fields: unknown;
  try {
    fields = JSON.parse(line.slice(framePrefix.length));
  } catch {
    return { kind: "malformed", why: "its JSON does not parse" };
  }
  if (!isFields(fields)) return { kind: "malformed", why: "it is no JSON object" };
  if (typeof fields["type"] !== "string") return { kind: "malformed", why: "it has no type" };
  const frame = readFrame(fields["type"], fields);
  const key = shortText(fields["k"]);
  const order = readOrder(fields);
  if (frame === "unknown") return { kind: "unknown", key, order };
  if (frame === undefined) {
    const why = `a field of ${JSON.stringify(fields["type"])} is missing or wrong`;
    return { kind: "malformed", why, key, order };
  }
  return { kind: "frame", frame, key, order };
}

/** The line that a listening duet sends a silent peer: a person can read it, a duet can tell it. */
export function encodeBanner(name: string, members: number): string {
  return `${framePrefix}${name}'s room, ${members} here. Type a line and press Enter.`;
}

/** Whether a line is the banner of a listening duet. */
export function isBanner(line: string): boolean {
  return /^duet\/1 .{1,200}'s room, \d{1,6} here\. Type a line and press Enter\.$/u.test(line);
}

/** Whether text so far could still become a frame or a banner as more of the line comes. */
export function mayBecomeFrame(head: string): boolean {
  return head.length < framePrefix.length ? framePrefix.startsWith(head) : head.startsWith(framePrefix);
}

function parseLaterVersion(line: string): ParsedFrame {
  const match = /^duet\/(\d{1,4}) \{"type":"hello"/.exec(line);
  const version = Number(match?.[1]);
  return version > 1 ? { kind: "later-version", version } : { kind: "text" };
}
