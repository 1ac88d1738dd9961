/**
 * What the chat remembers: two sides (TCP and UDP), their peers, and the room of who listens. Values and how to make
 * them; what changes them is in the files named after the change. Mutable inside, since a history is not copied for
 * each message; deterministic all the same: no clock, no randomness.
 */

import type { Cidr } from "../../protocol/cidr.ts";
import type { Endpoint } from "../../protocol/endpoint.ts";
import type { HelloFrame } from "../../protocol/frame.ts";
import type { TakenNames } from "../../protocol/names.ts";
import type { LineDecoder } from "../../protocol/line-decoder.ts";
import type { NetworkError } from "../../protocol/network-error.ts";
import type { PartJoiner } from "../../protocol/parts.ts";
import type { RoundTrip } from "../../protocol/round-trip.ts";
import type { TelnetParser } from "../../protocol/telnet.ts";
import type { ConnectionId, TransportName } from "../../protocol/socket-event.ts";
import type { TcpFacts } from "../../protocol/tcp-facts.ts";
import type { Addressee } from "../outbound/addressees.ts";
import type { Audience, Audiences } from "../outbound/audience.ts";
import type { Carrying } from "../trace/message-spans.ts";
import type { Config, OpenRequest } from "../records/config.ts";
import type { StateWord } from "../records/connection-state.ts";
import type { Delivery } from "../outbound/delivery.ts";
import type { Effect } from "./effect.ts";
import type { EntryId, MessageEntry } from "../records/entry.ts";
import type { Leftover } from "../features/kernel-facts.ts";
import type { Lan } from "../features/lan.ts";
import type { Pairing } from "../session/pairing.ts";
import type { Farewell } from "../outbound/goodbye.ts";
import type { PeerTrace } from "../records/peer-trace.ts";
import type { Owed } from "../outbound/pending-receipts.ts";
import type { Mark, Said } from "../outbound/sent-messages.ts";
import type { RelayedId } from "../outbound/relayed-ids.ts";
import type { NoticePace } from "../report/paced-notices.ts";
import type { Relayed } from "../outbound/relay.ts";
import type { Rates } from "../report/rates.ts";
import type { StrangerPace } from "../room/strangers.ts";
import type { Scrollback } from "../records/scrollback.ts";
import type { Timers } from "../records/timers.ts";
import type { HeldCall } from "../trace/reported-calls.ts";
import type { TracedMessages } from "../records/traced-messages.ts";
import type { TroubleNow } from "../features/network-impairment.ts";
import type { RoomToCome } from "../room/welcome.ts";
import type { WireLog } from "../records/wire-log.ts";

/** A person of the room that this duet's listening side keeps: one process, whatever its paths. */
export interface RoomMember {
  /** Public; 1 is the person at this screen. */
  readonly number: number;
  name: string;
  /** A duet's process, so that two paths of it are one member. */
  readonly session: string | undefined;
  readonly paths: Set<Peer>;
  /** The path last used: where it is sent to. */
  via: Peer;
}

/** Somebody we know only through the hub we are connected to. */
export interface DistantMember {
  readonly number: number;
  name: string;
  readonly address: string | undefined;
}

export interface Peer {
  readonly connection: ConnectionId;
  readonly transport: TransportName;
  readonly endpoint: Endpoint;
  readonly local: Endpoint;
  /** The endpoint, printed; shown for the peer's name until it has one. */
  readonly address: string;
  /** It came to us, or we went to it. */
  readonly accepted: boolean;
  readonly sinceMs: number;
  kind: "unknown" | "duet" | "raw";
  /** Its coming has been shown and told. */
  announced: boolean;
  /** We have said hello: a hello or welcome from it is the answer. */
  greeted: boolean;
  /** A hello that came after plain text: /upgrade takes it up. */
  offer: HelloFrame | undefined;
  /** It can be reached at its endpoint: TCP's handshake says so, over UDP the use of the key we sent there. */
  proven: boolean;
  /** Rule 2 or 3 of protocol.md: it may be spoken to as a duet before it says so. */
  readonly presumedDuet: boolean;
  name: string;
  /** The name was given, not taken from the address. */
  named: boolean;
  session: string | undefined;
  /** UDP: what the peer must put into each datagram to us, and we into each to it. */
  readonly ourKey: string;
  theirKey: string | undefined;
  state: StateWord;
  member: RoomMember | undefined;
  /** The room of the hub that this peer is. */
  readonly distant: Map<number, DistantMember>;
  /** That room while it is told anew. */
  roomToCome: RoomToCome | undefined;
  /** Our number in that room. */
  ourNumber: number | undefined;
  /** The name it gave us there. */
  ourName: string | undefined;
  readonly decoder: LineDecoder;
  parts: PartJoiner;
  /** With `--telnet`, over TCP. */
  readonly telnet: TelnetParser | undefined;
  growing: MessageEntry | undefined;
  /** Where in what it has sent the line is, or the datagram, that is taken up now. With telnet: near that. */
  lineStart: number;
  lineEnd: number;
  /** Only where its messages are traced to calls. */
  readonly trace: PeerTrace | undefined;
  closedBySilence: boolean;
  /** Whether the first line is still to come: a banner counts only there. */
  firstLine: boolean;
  bytesIn: number;
  bytesOut: number;
  /** When the socket last took bytes for it. */
  takenAtMs: number;
  /** Handed to the transport so far, sent or not, but what its audience was given: bytesGivenTo() has both. */
  bytesGiven: number;
  /** The list of those who hear the same, while it holds. */
  audience: Audience | undefined;
  /** The ends of messages among them that the kernel has not reached yet, in order. */
  readonly marks: Mark[];
  /** Messages to a duet that it may still send receipts for, the oldest first. */
  readonly awaited: Said[];
  /** The receipts that we owe it. */
  owed: Owed | undefined;
  /** Over UDP: what makes frames arrive both ways; undefined: it knows nothing of it. */
  delivery: Delivery | undefined;
  /** It is ended once it has acknowledged what it was sent. */
  flushing: boolean;
  /** The last send left something over. */
  blocked: boolean;
  backlogged: boolean;
  /** Since when a full queue has held the others up. */
  backloggedAtMs: number | undefined;
  /** Nothing is read of it, so that its window closes (`/buffer`). */
  held: boolean;
  theyShutDown: boolean;
  weShutDown: boolean;
  malformed: number;
  /** It is ended for a fault: who connected to it has failed. */
  failed: boolean;
  /** The person here, or --allow, knows it: it may speak as it likes. */
  trusted: boolean;
  /** Of a stranger that has spoken. */
  pace: StrangerPace | undefined;
  /** When the first bytes came, if they may become a hello. */
  helloBeganMs: number | undefined;
  lastHeardMs: number | undefined;
  lastSpokenMs: number | undefined;
  hellos: number;
  /** Leading datagrams of nc's that were probes; at the bound: none is one any more. */
  probes: number;
  pingSentMs: number | undefined;
  pingsUnanswered: number;
  /** Measured by pings, and by acknowledgements. */
  readonly roundTrip: RoundTrip;
  /** What the kernel last told of its connection, while somebody looks. */
  tcp: TcpFacts | undefined;
  /** Messages that have left and are not known to have arrived; only while somebody looks. */
  readonly unacked: Mark[];
  /** What its kernel is known to have of ours, in bytes. */
  bytesAcked: number;
  /** Why we are ending it, once we are. */
  ending: string | undefined;
}

export interface Side {
  readonly transport: TransportName;
  role: "listen" | "connect" | "pair" | undefined;
  raw: boolean;
  state: StateWord;
  local: Endpoint | undefined;
  /** Whom we connect to, as it was asked for. */
  targetText: string | undefined;
  /** For /reconnect. */
  request: OpenRequest | undefined;
  /** Where a duet is known to be, from an announcement or the other side's peer: whoever is met there may be greeted. */
  knownDuet: Endpoint | undefined;
  pairing: Pairing | undefined;
  /** Opened by the command line: its failure ends the program. */
  initial: boolean;
  /** The transport holds sockets: the next open waits for `stopped`. */
  open: boolean;
  reopen: OpenRequest | undefined;
  readonly peers: Map<ConnectionId, Peer>;
  /** Connections that the kernel has and the room has not, when somebody last looked. */
  leftovers: readonly Leftover[];
  readonly scrollback: Scrollback;
  /** What its sockets did lately; undefined where nobody can look. */
  readonly wire: WireLog | undefined;
  unread: number;
  bytesIn: number;
  bytesOut: number;
  readonly rates: Rates;
  /** Whom what is typed here goes to alone (`/to`), whether still here or gone; undefined: to all. */
  addressee: Addressee | undefined;
  readonly noticePace: NoticePace;
  /** Duets that said goodbye over UDP, by their addresses, the oldest first. */
  readonly farewells: Map<string, Farewell>;
  /** Datagrams dropped because their key was not ours. */
  forged: number;
  /** Connections refused, or newcomers over UDP. */
  turnedAway: number;
  /** Lines of strangers that had to wait their turn, and datagrams of theirs for which there was no room. */
  slowed: number;
  droppedOfStrangers: number;
  /** Datagrams that came faster than they could be read. */
  overrun: number;
  /** What the reason of the end was, to say it once. */
  endReason: string | undefined;
  failed: boolean;
  /** Its failure is worded once it is known who holds the port. */
  awaitsHolder: boolean;
}

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
  /** What is being given carries this; only where messages are traced. */
  carrying: Carrying | undefined;
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
