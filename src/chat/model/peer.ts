/** A peer, the member of the room whose path it is, and the lists of peers that receive the same bytes. */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { HelloFrame } from "../../protocol/frames/frame.ts";
import type { LineDecoder } from "../../protocol/lines/line-decoder.ts";
import type { PartJoiner } from "../../protocol/frames/message-parts.ts";
import type { RoundTrip } from "../../protocol/delivery/round-trip.ts";
import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { TcpFacts } from "../../protocol/sockets/tcp-facts.ts";
import type { TelnetParser } from "../../protocol/lines/telnet.ts";
import type { StateWord } from "../records/connection-state.ts";
import type { Delivery } from "../records/delivery.ts";
import type { MessageEntry } from "../log/entry.ts";
import type { PeerTrace } from "../spans/peer-trace.ts";
import type { Mark, Owed, Said } from "../records/receipts.ts";
import type { RoomToCome } from "../records/remote-room.ts";
import type { StrangerPace } from "../records/stranger-pace.ts";

export interface Audience {
  /** Who comes is put at the end; nobody is taken out. */
  readonly peers: Peer[];
  /** Theirs, in the same order. */
  readonly connections: ConnectionId[];
  /** What was broadcast to each of them since the list was made. */
  givenBytes: number;
}

export type AudienceName = "raw" | "duets" | "datagrams";

/** Those gathered already. */
export type Audiences = Partial<Record<AudienceName, Audience>>;

/** All that was handed over for a peer so far, sent or not. */
export function bytesGivenTo(peer: Peer): number {
  return peer.bytesGiven + (peer.audience?.givenBytes ?? 0);
}

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
