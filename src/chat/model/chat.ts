/**
 * The state of the chat: two sides (TCP and UDP), their peers, the room of a listening duet, and what the person here
 * looks at. Mutable inside, since a history is not copied for each message; deterministic all the same: no clock, no
 * randomness.
 */

import type { NetworkError } from "../../protocol/sockets/network-error.ts";
import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Config } from "../config/config.ts";
import type { EntryId } from "../log/entry.ts";
import type { Lan } from "../records/lan.ts";
import type { TroubleNow } from "../records/network-impairment.ts";
import type { Timers } from "../records/timers.ts";
import type { TracedMessages } from "../spans/traced-messages.ts";
import type { Effect } from "./effect.ts";
import type { HeldCall } from "./held-call.ts";
import type { Peer } from "./peer.ts";
import type { Room } from "./room.ts";
import type { Side } from "./side.ts";

/** A function takes the records that it uses. */
export interface Chat {
  readonly config: Config;
  /** The time of the event that is applied; milliseconds since 1970. */
  nowMs: number;
  readonly timers: Timers;
  effects: Effect[];
  readonly self: Self;
  readonly sides: Readonly<Record<TransportName, Side>>;
  readonly peers: Map<ConnectionId, Peer>;
  readonly room: Room;
  readonly focus: Focus;
  readonly input: Input;
  /** Why no peer is read over TCP; they are read while it is empty. */
  readonly pausedBy: Set<PauseReason>;
  readonly ledger: Ledger;
  readonly network: Network;
  readonly ids: Ids;
  /** What the senders and receivers of all deliveries hold, in bytes and a constant for each frame. */
  deliveryUnits: number;
  /** The error that /why explains. */
  lastError: NetworkError | undefined;
  readonly exit: Exit;
}

/** This process among duets, and the person at it. */
interface Self {
  name: string;
  /** Random, 96 bits. */
  readonly session: string;
  /** Random: the keys of UDP peers are made from it. */
  readonly secret: string;
}

/** What the person here looks at. */
interface Focus {
  active: TransportName;
  /** The terminal's window is known to have the focus. */
  isFocused: boolean;
  /** An overlay hides the conversation: a message that arrives is not seen. */
  isOverlayOpen: boolean;
  /** The wire panel shows what the kernel knows. */
  isKernelWatched: boolean;
  /** Duets whose messages were shown and not looked at so far. */
  readonly unreadPeers: Set<Peer>;
  /** Grows with each event. */
  revision: number;
  /** Grows with each change that a person should see at once; counters alone can wait a moment. */
  shownChanges: number;
}

/** A member does not drain its queue, or nobody reads standard output. */
export type PauseReason = "room" | "stdout";

/** What the person here types, and standard input. */
interface Input {
  /** Lines that wait for room in a queue. */
  waitingLines: number;
  /** Standard input has ended. */
  hasEnded: boolean;
}

/** Which socket calls moved which messages. */
interface Ledger {
  /** A recv that is reported with the event after it; only where events report what calls carried. */
  heldCall: HeldCall | undefined;
  /** Members' messages that were shown and relayed, by our ids; only where messages are traced. */
  readonly relayed: TracedMessages | undefined;
}

/** The networks around this machine. */
interface Network {
  /** This machine's addresses, once something was broadcast: what returns from there is our own. */
  ourAddresses: ReadonlySet<string> | undefined;
  /** The local network, while we look at it. */
  lan: Lan | undefined;
  /** The impairment of our own UDP network (`/trouble`), while it is on. */
  impairment: TroubleNow | undefined;
}

interface Ids {
  nextEntry: number;
  nextMessage: number;
}

interface Exit {
  /** The exit code, once the program is leaving. */
  code: number | undefined;
  isDone: boolean;
}

/** The side a peer belongs to. */
export function sideOf(chat: Chat, peer: Peer): Side {
  return chat.sides[peer.link.transport];
}

/** A name for people: the member's, or the peer's own. */
export function nameOf(peer: Peer): string {
  return peer.membership.member?.name ?? peer.identity.name;
}

export function takeEntryId(chat: Chat): EntryId {
  const id = chat.ids.nextEntry as EntryId;
  chat.ids.nextEntry += 1;
  return id;
}

/** The number of the person at the listening duet's own screen. */
export const hostNumber = 1;

export function takeMessageId(chat: Chat): number {
  const id = chat.ids.nextMessage;
  chat.ids.nextMessage += 1;
  return id;
}
