/** A room that several hubs share through an engine: how it is reached, the other hubs, and what has no place in the stream yet. */

import type { MessageFrame } from "../../protocol/frames/frame.ts";
import type { EngineProblem } from "../../protocol/hubs/engine-event.ts";
import type { HubReceipt } from "../../protocol/hubs/room-entry.ts";
import type { ReplayWindow } from "../../protocol/sealed/replay-window.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";
import type { MessageEntry, MessageSpans } from "../log/entry.ts";
import type { SentMessage } from "../peer/receipts.ts";
import type { HubNames } from "../../protocol/hubs/hub-names.ts";
import type { OwnIdentity } from "../records/key-source.ts";
import type { Span } from "../spans/span.ts";
import type { HubMember } from "./hub-member.ts";
import type { LocalMember, Peer } from "./peer.ts";
import type { Side } from "./side.ts";

export interface SharedRoom {
  /** Our id among the hubs: the public key of this process. */
  readonly hub: string;
  /** The room's name, and the engine without its password. */
  readonly name: string;
  readonly place: string;
  state: SharedState;
  /** The number of our next entry. */
  nextNumber: number;
  /** Our entries that the stream has not returned, by number, the oldest first. */
  readonly crossings: Map<number, Crossing>;
  crossingsBytes: number;
  /** Lines that found no room among them: they stay here. */
  stayed: number;
  /** When we joined, by the engine's clock; 0: not yet. */
  since: number;
  readonly hubs: Map<string, Hub>;
  /** The read numbers of hubs that have left: a hub that is back writes again each entry of unknown outcome. */
  readonly pastWindows: Map<string, ReplayWindow>;
  /** The hubs whose entries are passed over. */
  readonly removed: Set<string>;
  /** Entries that were passed over and not reported yet. */
  readonly passedOver: PassedOver;
  /** Our person knows that the room has no password. */
  isReadableReported: boolean;
  /** The entries of ours that were read, to know one that was written twice. */
  readonly ownWindow: ReplayWindow;
  /** Members of other hubs by their number in our room. */
  readonly numbered: Map<number, HubMember>;
  /** Our identity, under which our person is introduced to the other hubs; undefined: we do not encrypt. */
  ours: OwnIdentity | undefined;
  /** Our latest messages and private lines, by the numbers of their entries, the oldest first: for receipts and failures. */
  readonly sent: Map<number, SentEntry>;
  readonly receipts: PendingHubReceipts;
  /** Presence is read after an absence: a name in it may have its place behind one of ours. */
  isOrderUnknown: boolean;
  /** Members of ours who have a name that another hub's presence has shown as well. */
  readonly contested: Set<number>;
  /** The room was reported as a large one, whose members of other hubs join and leave without a row. */
  isToldInNumbers: boolean;
  isClosed: boolean;
}

/** A message of ours that crosses, for as long as its receipt may change. */
export interface SentEntry {
  /** The member who wrote it, and its own id of the message. */
  readonly author: number;
  readonly originalId: number;
  /** The followed message, if our person is the author. */
  readonly message: SentMessage | undefined;
  /** The only addressee. */
  readonly to: HubMember | undefined;
  /** Nobody here is sent it: it is sent once it has its place. */
  readonly isFarOnly: boolean;
  isConfirmed: boolean;
}

/** Receipts of our members for messages of other hubs, which leave together. */
interface PendingHubReceipts {
  readonly pending: HubReceipt[];
  /** Receipts of our person for messages that were shown, and not looked at so far. */
  readonly unread: HubReceipt[];
  sentMs: number;
}

/** `refusing`: the engine serves, and takes no entry. */
type SharedState =
  | { readonly is: "opening" }
  | { readonly is: "up" }
  /** `removed`: another hub has put us out. */
  | { readonly is: "removed" }
  | { readonly is: "away" | "refusing"; readonly problem: EngineProblem; readonly sinceMs: number };

/** Counts of entries. `reportedMs`: the time of the last row on them. */
interface PassedOver {
  /** Malformed, or of a later version. */
  skipped: number;
  /** Entries without the proof of a hub of this room. */
  unproven: number;
  /** Entries of hubs that were removed. */
  removed: number;
  reportedMs: number | undefined;
}

/** An entry of ours that waits for its place in the room's order. */
export interface Crossing {
  readonly payload: string;
  /** `placed`: it is shown and relayed when it has its place; `shown`: it is already, marked as here only. */
  readonly draft:
    | { readonly is: "placed"; readonly draft: Draft }
    | { readonly is: "shown"; readonly entry: MessageEntry | undefined }
    /** A name that a member has taken, until the others know it. */
    | { readonly is: "name"; readonly member: number }
    | undefined;
}

/** A message before it has its place. */
export type Draft =
  | {
      readonly kind: "raw";
      readonly side: Side;
      readonly peer: Peer;
      readonly member: LocalMember;
      readonly text: RawText;
      readonly span: Span | undefined;
      readonly note: Sentence | undefined;
    }
  | {
      readonly kind: "frame";
      readonly peer: Peer;
      readonly member: LocalMember;
      readonly frame: MessageFrame;
      readonly spans: MessageSpans | undefined;
    }
  | { readonly kind: "typed"; readonly side: Side; readonly message: TypedMessage };

/** The text of one line or datagram of a raw peer, and its size as received. */
export interface RawText {
  readonly text: string;
  readonly bytes: number;
}

/** A message of the person. `continues`: the rest of the line follows. `asWritten`: its bytes, for raw peers. */
export interface TypedMessage {
  readonly text: string;
  readonly continues: boolean;
  readonly asWritten?: Uint8Array | undefined;
  /** An empty line of the composer: a newline for raw stream peers, and no message. */
  readonly isNewlineAlone?: boolean;
  readonly action: boolean;
  /** The id under which it was sent first, if it is sent again. */
  readonly again?: number | undefined;
}

/** Another hub. */
export interface Hub {
  readonly id: string;
  label: string;
  /** When it joined, by the engine's clock; undefined: not known. */
  since: number | undefined;
  /** Entries below the number `next` are in the stream at the place `at` or before. */
  next: number;
  at: string;
  /** The members by their number there; the hub's own person is 1. */
  readonly names: HubNames;
  /** The members that have a number of this room, and were named to its members. */
  readonly named: Map<number, HubMember>;
  readonly window: ReplayWindow;
}

/**
 * The place of a message in the order of a shared room. `alone`: the room is not shared, and the message has none; `here-only`:
 * the engine takes nothing now, so that the message is shown and relayed here before it crosses as the entry of that number
 * (undefined: it never crosses).
 */
export type Place =
  | { readonly is: "alone" }
  | { readonly is: "here-only"; readonly number: number | undefined }
  /** `id`: of the stream; `number`: of our entry. */
  | { readonly is: "placed"; readonly id: string; readonly number: number };

export const alone: Place = { is: "alone" };
