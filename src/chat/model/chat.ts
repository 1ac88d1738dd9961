/**
 * What the chat remembers: two sides (TCP and UDP), their peers, and the room of who listens. Values and how to make
 * them; what changes them is in the files named after the change. Mutable inside, since a history is not copied for
 * each message; deterministic all the same: no clock, no randomness.
 */

import type { Cidr } from "../../protocol/address/cidr.ts";
import type { TakenNames } from "../../protocol/text/nicknames.ts";
import type { NetworkError } from "../../protocol/sockets/network-error.ts";
import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Config } from "../config/config.ts";
import type { EntryId } from "../log/entry.ts";
import type { Lan } from "../records/lan.ts";
import type { TroubleNow } from "../records/network-impairment.ts";
import type { RelayedId } from "../records/relayed-id.ts";
import type { Timers } from "../records/timers.ts";
import type { TracedMessages } from "../spans/traced-messages.ts";
import type { Effect } from "./effect.ts";
import type { HeldCall } from "./held-call.ts";
import type { Audiences, Peer, RoomMember } from "./peer.ts";
import type { Relayed } from "./relayed.ts";
import type { Side } from "./side.ts";

export interface Chat {
  readonly config: Config;
  /** Random, 96 bit: this process among duets. */
  readonly session: string;
  /** Random: the keys of UDP peers are made from it. */
  readonly secret: string;
  readonly timers: Timers;
  /** A recv that is told with the event after it; only where events tell what calls carried. */
  heldCall: HeldCall | undefined;
  /** What a member said in this event and the others have not been sent yet. */
  relayed: Relayed | undefined;
  effects: Effect[];
  readonly sides: Readonly<Record<TransportName, Side>>;
  readonly peers: Map<ConnectionId, Peer>;
  readonly members: Map<number, RoomMember>;
  readonly membersBySession: Map<string, RoomMember>;
  /** Who hears the same; what is missing is gathered when it is needed. */
  readonly audiences: Audiences;
  /** Of everybody in the room, the person here among them. */
  readonly takenNames: TakenNames;
  nextMemberNumber: number;
  /** Who may join: --allow and --deny, and what was added since. */
  readonly rules: { allow: readonly Cidr[]; deny: readonly Cidr[] };
  active: TransportName;
  /** Somebody looks at what the kernel knows. */
  watched: boolean;
  /** Something lies over the conversation that is looked at: what comes there is not seen. */
  covered: boolean;
  name: string;
  nowMs: number;
  revision: number;
  /** Grows with what a person should see at once; what only moves counters can wait a moment. */
  shownChanges: number;
  nextEntryId: number;
  nextMessageId: number;
  /** What all senders and receivers of deliveries hold. */
  deliveryUnits: number;
  /** Messages passed on lately, by our ids for them, ascending. */
  readonly relayedIds: RelayedId[];
  /** Members' messages that were shown here and passed on, by our ids; only where messages are traced. */
  readonly passedOn: TracedMessages | undefined;
  /** The terminal's window is known to have the focus. */
  attending: boolean;
  /** Duets whose messages were shown and not looked at so far. */
  readonly unreadPeers: Set<Peer>;
  heldLines: number;
  /** As of `reading-set`. */
  isReading: boolean;
  /** When the room was last kept waiting for somebody who did not read. */
  waitedInVainMs: number;
  inputEnded: boolean;
  /** What /why explains. */
  lastError: NetworkError | undefined;
  /** This machine's, once something was broadcast: what comes back from there is our own. */
  ourAddresses: ReadonlySet<string> | undefined;
  /** The local network, while we look at it. */
  lan: Lan | undefined;
  /** Made on purpose, while it is on. */
  trouble: TroubleNow | undefined;
  /** Leaving: the exit code. */
  leaving: number | undefined;
  exited: boolean;
}

/** The side a peer belongs to. */
export function sideOf(chat: Chat, peer: Peer): Side {
  return chat.sides[peer.transport];
}

/** A name for people: the member's, or the peer's own. */
export function nameOf(peer: Peer): string {
  return peer.member?.name ?? peer.name;
}

export function takeEntryId(chat: Chat): EntryId {
  const id = chat.nextEntryId as EntryId;
  chat.nextEntryId += 1;
  return id;
}

/** The number of the person at the listening duet's own screen. */
export const hostNumber = 1;

export function takeMessageId(chat: Chat): number {
  const id = chat.nextMessageId;
  chat.nextMessageId += 1;
  return id;
}
