/**
 * What a conversation is made of: messages and duet's own notices. Text in a message is as it came;
 * whoever draws or prints it cleans it (protocol/text). A notice is a sentence by id: peers' words inside it are clean, and
 * the scrollback words it in the language of the person who reads.
 */

import type { Sentence } from "../../words/sentences/sentence.ts";
import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";

declare const entryBrand: unique symbol;
/** Grows by one for each entry of the process: later entries have larger ids. */
export type EntryId = number & { readonly [entryBrand]: true };

export interface MessageEntry {
  readonly kind: "message";
  readonly id: EntryId;
  /** Milliseconds since 1970, when it came or was typed. */
  readonly atMs: number;
  readonly direction: "in" | "out";
  /** Clean, at most nameMaxColumns wide. */
  readonly name: string;
  /** What the name's colour comes from: the speaker's endpoint, which nobody else can have. */
  readonly colourKey: string;
  /** Shown beside the name of a raw peer that was given a name. */
  readonly address?: string | undefined;
  text: string;
  /** Text that came without a newline so far: it still grows. */
  growing: boolean;
  /** `/me`: the name is the subject of the text. */
  readonly action: boolean;
  /** For us alone (in) or for one member alone (out): that member's name. */
  readonly privateWith?: string;
  /** Where its bytes are, and word of it; there where messages are traced, and may still grow. */
  readonly carried?: Carried | undefined;
  /** What a person must know of this line: `cut at 16 KiB`, `not delivered: …`. */
  note?: Sentence;
  /** What is known to have become of a line of ours. */
  receipt?: Receipt;
  /** Names of those it was not delivered to: to them it may be sent again. */
  lostFor?: readonly string[];
}

/** The highest rung that is known; `by` so many of the `of` it was for, where not all have reached it. */
export interface Receipt {
  readonly stage: "queued" | "sent" | "acked" | "received" | "read";
  readonly by?: number;
  readonly of?: number;
}

/** The pieces of one message: its entry has them, and whoever may add to them. */
export interface Carried {
  /** The message's in events, once it was told in one. */
  id?: number;
  /** Those that are known so far: at most messageSpansMax. */
  readonly ranges: CarriedRange[];
  /** There was more than that. */
  isCut?: boolean;
}

/** A piece of what connections have brought, or been given, so far. */
export interface CarriedRange {
  /** Bytes of the message itself; or word of it: a receipt, or over UDP an acknowledgement of its datagrams. */
  readonly what: "text" | "receipt" | "ack";
  /** A message that came in goes out where it is passed on; word of it goes the other way. */
  readonly way: "in" | "out";
  /** The connection; or several that were given the same bytes. */
  readonly on: ConnectionId | readonly StreamPlace[];
  /** Offsets in bytes from the connection's beginning, or from the place in each of several; `end` is not part of it. */
  readonly start: number;
  readonly end: number;
}

/** So many bytes from a connection's beginning. */
export interface StreamPlace {
  readonly connection: ConnectionId;
  readonly at: number;
}

export type NoticeTone = "info" | "state" | "joined" | "left" | "warning" | "error";

/** A line of duet's own, before it is worded. */
export interface Notice {
  readonly kind: "notice";
  readonly id: EntryId;
  readonly atMs: number;
  readonly tone: NoticeTone;
  readonly sentence: Sentence;
  /** The next step, on a line of its own. */
  readonly hint?: Sentence;
  /** Of a run of joins and leaves: who, so that it may grow. Its sentence names them all. */
  readonly moves?: { readonly joined: Movers; readonly left: Movers };
}

/** A line of duet's own, as a person reads it. */
export interface NoticeEntry {
  readonly kind: "notice";
  readonly id: EntryId;
  readonly atMs: number;
  readonly tone: NoticeTone;
  readonly text: string;
  readonly hint?: string;
}

/** Who came, or who went, in one run. */
export interface Movers {
  readonly count: number;
  /** The first few; clean. */
  readonly names: readonly string[];
  /** The newest one's sentence, for when it is the only one. */
  readonly sentence: Sentence | undefined;
}

/** What is added to a conversation. */
export type NewEntry = MessageEntry | Notice;

/** What is read in a conversation. */
export type Entry = MessageEntry | NoticeEntry;
