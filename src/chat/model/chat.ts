/**
 * The state of the chat: two sides (TCP and UDP), their peers, the room of a listening duet, and the person's focus.
 * The state is mutable, so that a message does not copy a history, and deterministic: no clock, no randomness.
 */

import type { SendingPace } from "../records/sending-pace.ts";
import type { RefusalPage } from "../../protocol/errors/error-advice.ts";
import type { UnfinishedMessages } from "../../protocol/frames/message-parts.ts";
import type { NetworkError } from "../../protocol/sockets/network-error.ts";
import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Config } from "../config/config.ts";
import type { EntryId } from "../log/entry.ts";
import type { People } from "../records/people.ts";
import type { KeySource } from "../records/key-source.ts";
import type { PrivateLines } from "../records/private-lines.ts";
import type { KnownPath } from "../records/known-path.ts";
import type { Lan } from "../records/lan.ts";
import type { ImpairmentStatus } from "../records/network-impairment.ts";
import type { Timers } from "../records/timers.ts";
import type { TracedMessages } from "../spans/traced-messages.ts";
import type { Comparisons } from "./comparison.ts";
import type { Effect } from "./effect.ts";
import type { PendingCall } from "./pending-call.ts";
import type { Peer } from "./peer.ts";
import type { Room } from "./room.ts";
import type { Side } from "./side.ts";
import type { Link } from "../peer/link.ts";

/** The records that a notice on a screen or in the output needs. */
export interface ReportContext {
  readonly config: Config;
  /** The monotonic time of the event that is being applied, in milliseconds: for deadlines and durations. */
  nowMs: number;
  /** The wall clock at that event, in milliseconds since 1970: for people only, since it may step. */
  wallMs: number;
  readonly timers: Timers;
  effects: Effect[];
  readonly sides: Readonly<Record<TransportName, Side>>;
  readonly focus: Focus;
  readonly ids: Ids;
  /** The page of /why about what was shown last, unless an error with a code followed. */
  readonly lastRefusal: { page: RefusalPage | "PRIVATE" | undefined };
}

/** The records that a message to peers needs: a send may pause the room, and reports what it could not enqueue. */
export interface SendContext extends ReportContext {
  readonly self: Self;
  readonly peers: Map<ConnectionId, Peer>;
  readonly room: Room;
  /** Reasons why reading from all TCP peers is paused; they are read while the set is empty. */
  readonly pausedBy: Set<ChatPauseReason>;
  readonly ledger: Ledger;
  /** Messages of all peers whose parts have not all been received. */
  readonly unfinishedMessages: UnfinishedMessages;
  /** The size of all delivery queues, both ways: their bytes, and a constant for each frame. */
  deliveryUnits: number;
}

/** The whole state. A function takes the records that it uses: up to three by name, or a context and up to three more. */
export interface Chat extends SendContext {
  readonly input: Input;
  readonly network: Network;
  /** The error that /why explains. */
  lastError: NetworkError | undefined;
  readonly exit: Exit;
}

/** This process among other duets, and the name of its person. */
export interface Self {
  name: string;
  /** 96 random bits, never sent: the session tokens are derived from it. */
  readonly session: string;
  /** Random. The keys of UDP peers are derived from it. */
  readonly secret: string;
  /** The secrets of sealed sessions. */
  readonly keys: KeySource;
  readonly people: People;
  readonly privateLines: PrivateLines;
  readonly comparisons: Comparisons;
  /** Our latest paths to hosts, by transport and endpoint. */
  readonly knownPaths: Map<string, KnownPath>;
}

/** The side and window that the person looks at. */
export interface Focus {
  active: TransportName;
  /** The terminal reports that its window has the focus. */
  isFocused: boolean;
  /** An overlay hides the conversation, so a message that arrives is not seen. */
  isOverlayOpen: boolean;
  /** The wire panel shows the kernel's view of the connections. */
  isKernelWatched: boolean;
  /** Duets with shown messages that the person has not looked at. */
  readonly unreadPeers: Set<Peer>;
  /** Lines of other hubs that the person has not looked at; `seen`: has by now, and their authors are to know. */
  hubLines: "unread" | "seen" | undefined;
  /** Grows with each event. */
  revision: number;
  /** Grows with each change that is redrawn at once; changes of counters alone are redrawn later. */
  shownChanges: number;
}

/** `room`: the send queue of a member is full. `stdout`, `engine`: standard output, or a shared room's engine, takes no more. */
type ChatPauseReason = "room" | "stdout" | "engine";

/** Lines that were typed, and standard input. */
interface Input {
  /** Lines that wait until a send queue has room. */
  waitingLines: number;
  hasEnded: boolean;
  /** The input had bytes that are no UTF-8, and that has been reported. */
  hasOtherEncoding: boolean;
  /** Heavy input waits for slow members. */
  readonly pace: SendingPace;
}

/** The link from messages to the socket calls that moved them. */
export interface Ledger {
  /** A recv that is reported after the event that follows it; only where outputs carry spans. */
  pendingCall: PendingCall | undefined;
  /** Members' messages that were shown and relayed, by this host's ids; only where messages are traced. */
  readonly relayed: TracedMessages | undefined;
}

/** The networks of this machine. */
export interface Network {
  /** This machine's addresses, set by the first `/broadcast`: datagrams from them are our own. */
  ourAddresses: ReadonlySet<string> | undefined;
  /** Discovery on the local network; undefined while it is off. */
  lan: Lan | undefined;
  /** The impairment of our own UDP network (`/trouble`), while it is on. */
  impairment: ImpairmentStatus | undefined;
}

interface Ids {
  nextEntry: number;
  nextMessage: number;
}

interface Exit {
  /** The exit code, once the program is leaving. */
  code: number | undefined;
  /** Without a screen, a part of the input could not be sent: 0 becomes 1. */
  hasUnsent: boolean;
  /** Bytes of standard input that nobody was there for, without those that were reported. */
  unsentBytes: number;
  /** A connection was closed before the peer had all, or ended a transfer: 0 becomes 1. */
  hasLost: boolean;
  isDone: boolean;
}

/** The side that a connection is on. */
export function getSide(chat: Pick<Chat, "sides">, link: Link): Side {
  return chat.sides[link.transport];
}

/** The name that people see: the member's, else the peer's own. */
export function getName(peer: Pick<Peer, "identity" | "membership">): string {
  return peer.membership.member?.name ?? peer.identity.name;
}

export function takeEntryId(ids: Ids): EntryId {
  const id = ids.nextEntry as EntryId;
  ids.nextEntry += 1;
  return id;
}

/** The number of the person at the listening duet's own screen. */
export const hostNumber = 1;

export function takeMessageId(ids: Ids): number {
  return takeMessageIds(ids, 1);
}

/** Takes as many ids as messages, and returns the first. */
export function takeMessageIds(ids: Ids, messages: number): number {
  const first = ids.nextMessage;
  ids.nextMessage += messages;
  return first;
}
