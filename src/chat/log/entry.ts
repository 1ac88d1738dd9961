/**
 * Entries of a conversation: messages, and duet's own notices. A message's text is as received, and is cleaned where
 * it is drawn or printed (protocol/text). A notice is a sentence by id, which the scrollback words in the person's
 * language; peers' text in it is clean.
 */

import type { Sentence } from "../../words/sentences/sentence.ts";
import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";

declare const entryBrand: unique symbol;
/** Ascending over both sides of the process. */
export type EntryId = number & { readonly [entryBrand]: true };

/** The transport of an entry's path; `both`: a message went to members of both. */
export type EntryPath = TransportName | "both";

export interface MessageEntry {
  readonly kind: "message";
  readonly id: EntryId;
  /** When it was received or typed, in milliseconds since 1970. */
  readonly atMs: number;
  readonly direction: "in" | "out";
  readonly over: EntryPath;
  /** Clean, at most nameMaxColumns wide. */
  readonly name: string;
  /** Determines the name's colour: the sender's endpoint, which nobody else can have. */
  readonly colourKey: string;
  /** Shown beside the chosen name of a raw peer. */
  readonly address?: string | undefined;
  text: string;
  /** The line has no newline yet, and its text may grow. */
  growing: boolean;
  /** `/me`: the name is the subject of the text. */
  readonly action: boolean;
  /** The other person of a private message: "you" if received, the addressee if sent. */
  readonly privateWith?: string;
  /** The addressee of a sent private message, by identity, as another person may have the name later. */
  readonly privateTo?: string;
  /** Spans of the message and its receipts, which may still grow; undefined unless messages are traced. */
  readonly spans?: MessageSpans | undefined;
  /** Remarks about the keys of its author or receiver. */
  readonly keyRemarks?: readonly Sentence[];
  /** A remark beside the line, for example that it was cut. */
  note?: Sentence;
  /** The best receipt so far of a sent message. */
  receipt?: Receipt;
  /** Names of members who did not receive it; it can be resent to them. */
  lostFor?: readonly string[];
  /**
   * Our connection to a host on which it was lost: on another one to the same address it is sent again. `id`: under which
   * it was sent first.
   */
  lostOn?: { readonly connection: ConnectionId; readonly address: string; readonly id: number };
}

/** The highest stage reached; `by` of the `of` recipients, where some have not reached it. */
export interface Receipt {
  readonly stage: "queued" | "sent" | "acked" | "received" | "read";
  readonly by?: number;
  readonly of?: number;
}

/** The spans of one message, shared by its entry and the code that adds to them. */
export interface MessageSpans {
  /** The message's id in outputs, once it was reported. */
  id?: number;
  /** At most messageSpansMax. */
  readonly list: MessageSpan[];
  /** There were more. */
  isCut?: boolean;
}

/** A stretch of the bytes received from, or enqueued for, connections. */
export interface MessageSpan {
  /** The message itself, a receipt, or over UDP an acknowledgement of its datagrams. */
  readonly what: "text" | "receipt" | "ack";
  /** A relayed message is received (`in`) and sent on (`out`); its receipts go the other way. */
  readonly way: "in" | "out";
  /** One connection, or several that were sent the same bytes. */
  readonly on: ConnectionId | readonly StreamPlace[];
  /** Offsets in bytes from the connection's beginning, or from `at` of each of several; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

/** An offset in one connection's stream. */
export interface StreamPlace {
  readonly connection: ConnectionId;
  readonly at: number;
}

export type NoticeTone = "info" | "state" | "joined" | "left" | "warning" | "error";

/** A notice before it is worded. */
export interface Notice {
  readonly kind: "notice";
  readonly id: EntryId;
  readonly atMs: number;
  readonly tone: NoticeTone;
  /** undefined: it is about no transport, or about both. */
  readonly over?: EntryPath | undefined;
  readonly sentence: Sentence;
  /** The next step, on a line of its own. */
  readonly hint?: Sentence;
  /** The members in a run of joins and leaves, so that the notice can grow. */
  readonly moves?: { readonly joined: Movers; readonly left: Movers };
}

/** A notice in the person's language. */
export interface NoticeEntry {
  readonly kind: "notice";
  readonly id: EntryId;
  readonly atMs: number;
  readonly tone: NoticeTone;
  readonly over?: EntryPath | undefined;
  readonly text: string;
  readonly hint?: string;
}

/** The members who joined, or who left, in one run. */
export interface Movers {
  readonly count: number;
  /** The first few names; clean. */
  readonly names: readonly string[];
  /** The sentence of the newest one, shown while it is the only one. */
  readonly sentence: Sentence | undefined;
}

/** An entry as it is added. */
export type NewEntry = MessageEntry | Notice;

/** An entry as it is read. */
export type Entry = MessageEntry | NoticeEntry;
