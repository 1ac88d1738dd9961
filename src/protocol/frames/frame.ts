/**
 * duet/1 frames as values (PROTOCOL.md). frame-fields.ts checks received fields; frame-codec.ts encodes and parses
 * frames.
 */

/** The host assigns the numbers of members, which `from` refers to; 1 is its own person. */
export interface Member {
  readonly number: number;
  readonly name: string;
  readonly address?: string;
  /** In frames to sealed duets, of a sealed member: its key as text, and what its process has drawn; both or neither. */
  readonly identity?: string;
  readonly epoch?: string;
}

export type Frame =
  /**
   * The first frame in both directions. `session` identifies this greeting; `key` must be in every later datagram to the
   * sender. `delivery`: over UDP the sender numbers its frames and acknowledges ours. `frames`: so many frames of one
   * datagram the sender reads; 1 if absent. `member`: the sender is this member already, and proves it with its first
   * ping.
   */
  | {
      readonly type: "hello";
      readonly name: string;
      readonly session: string;
      readonly key: string;
      readonly delivery?: 1;
      readonly frames?: number;
      readonly member?: number;
      /** In a session: random, of the sender's process (SEALED.md, In a room). */
      readonly epoch?: string;
      /** In a session: signatures in base64 of an identity, not checked (SEALED.md, Identity). */
      readonly signing?: string;
      readonly bound?: string;
      readonly earlier?: string;
      readonly renewed?: string;
      /** The hello is an offer to seal (SEALED.md). */
      readonly seal?: 1;
      /** The offer of a host whose room has a password. */
      readonly password?: 1;
      /** Of a received offer only. */
      readonly offer?: Offer;
    }
  /**
   * `rest`: a presence resync. The frame's members, and those of the `rest` `joined` frames that follow, are the whole
   * room.
   */
  | {
      readonly type: "welcome";
      readonly you: number;
      readonly key: string;
      readonly members: readonly Member[];
      readonly rest?: number;
    }
  | ({ readonly type: "joined" } & Member)
  | { readonly type: "left"; readonly number: number; readonly reason: string }
  /** From a client: its own new name, without a number. From the host: the member with this number. */
  | { readonly type: "renamed"; readonly number?: number; readonly name: string }
  /** `part` of `parts`, from 1: a long message in several frames with the same id. */
  | {
      readonly type: "message";
      readonly id: number;
      readonly from?: number;
      readonly to?: number;
      readonly text: string;
      /** A private line in base64, sealed by its author for its receiver (SEALED.md); `text` is empty then. */
      readonly sealed?: string;
      readonly action?: boolean;
      /** From a client: it sent the message under this id before, on a connection that ended without a receipt. */
      readonly again?: number;
      readonly part?: number;
      readonly parts?: number;
    }
  /** From the host: the private message `id` was not delivered to member `to`. */
  | { readonly type: "undelivered"; readonly id: number; readonly to: number; readonly reason: string }
  /** From the host: we exceed the throttle for strangers, and our messages wait. */
  | { readonly type: "slowed"; readonly reason: string }
  /**
   * The received messages with ids from `first` to `last` were shown (`received`) or seen (`read`). `from`: the
   * member, if a host relays it.
   */
  | {
      readonly type: "receipt";
      readonly stage: ReceiptStage;
      readonly first: number;
      readonly last: number;
      readonly from?: number;
    }
  /** UDP: all frames up to `upTo` and those in `also` were received, the newest one `delayMs` ago. */
  | ({ readonly type: "ack" } & Acknowledgement)
  /** UDP: the sender has given up all frames up to `upTo` that were not received. */
  | { readonly type: "skip"; readonly upTo: number }
  /** `proof`: the sender has an earlier path to the host, which it reaches `at` this endpoint (path-proof.ts). */
  | { readonly type: "ping"; readonly number: number; readonly at?: string; readonly proof?: string }
  | { readonly type: "pong"; readonly number: number }
  /** In a sealed session: message `step` of the handshake for new keys (SEALED.md, New keys). */
  | { readonly type: "rekey"; readonly step: 1 | 2 | 3; readonly noise: string }
  /** In a sealed session: one step of a comparison of keys (SEALED.md, Comparing). */
  | ({ readonly type: "verify"; readonly to?: number; readonly from?: number } & ComparisonStep)
  | { readonly type: "goodbye"; readonly reason: string };

/** `of`: 16 hexadecimal digits, which name the comparison. `value`: hexadecimal digits, 64 of a commitment, else 32. */
export type ComparisonStep =
  | { readonly step: "commit"; readonly of: string; readonly value: string }
  | { readonly step: "number"; readonly of: string; readonly value: string }
  | { readonly step: "reveal"; readonly of: string; readonly value: string }
  | { readonly step: "same"; readonly of: string }
  | { readonly step: "end"; readonly of: string; readonly why: ComparisonEnd };

export const comparisonEnds = [
  "different",
  "cancelled",
  "late",
  "busy",
  "absent",
  "unattended",
  "mismatch",
] as const;

/** Why a side has ended a comparison. */
export type ComparisonEnd = (typeof comparisonEnds)[number];

/** A received offer to seal. */
export interface Offer {
  /** The frame, exactly as it was received. */
  readonly line: string;
  /** The key in its `k`: over UDP, of the hello that it answers. */
  readonly answers: string | undefined;
  /** The sender's room has a password. */
  readonly hasPassword: boolean;
}

export type ReceiptStage = "received" | "read";

/** The numbers from `first` to `last`, both included. */
export type NumberRange = readonly [first: number, last: number];

export interface Acknowledgement {
  readonly upTo: number;
  /** Ascending, beyond `upTo`, at most ackRangesMax. */
  readonly also?: readonly NumberRange[];
  readonly delayMs: number;
  /** Later frames were refused for lack of room: they are not lost, and should be retransmitted later. */
  readonly busy?: true;
}

/** The number of a frame over UDP, from 1, and of this transmission of it, from 1. */
export interface FrameOrder {
  readonly number: number;
  readonly transmission: number;
}

export type ReceiptFrame = Extract<Frame, { type: "receipt" }>;
export type HelloFrame = Extract<Frame, { type: "hello" }>;
export type VerifyFrame = Extract<Frame, { type: "verify" }>;
export type MessageFrame = Extract<Frame, { type: "message" }>;
