/**
 * duet/1 frames as values. frame-fields.ts checks the fields that were received; frame-codec.ts encodes and parses
 * whole frames.
 */

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
  readonly transmission: number;
}

export type ReceiptFrame = Extract<Frame, { type: "receipt" }>;
export type HelloFrame = Extract<Frame, { type: "hello" }>;
export type MessageFrame = Extract<Frame, { type: "message" }>;
