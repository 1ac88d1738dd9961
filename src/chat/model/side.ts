/** One transport's side of the chat: its socket, peers, calls and counters, and the conversation that it shows. */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { OpenRequest } from "../config/open-request.ts";
import type { Scrollback } from "../log/scrollback.ts";
import type { WireLog } from "../log/wire-log.ts";
import type { RemoteMember } from "../peer/host-room.ts";
import type { StateWord } from "../records/connection-state.ts";
import type { ReceivedGoodbye } from "../records/received-goodbye.ts";
import type { Leftover } from "../records/kernel-look.ts";
import type { NoticePace } from "../records/notice-pace.ts";
import type { Pairing } from "../records/pairing.ts";
import type { Throughput } from "../records/throughput.ts";
import type { HubMember } from "./hub-member.ts";
import type { LocalMember, Peer } from "./peer.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";

export interface Side {
  readonly transport: TransportName;
  /** Typed text is sent unchanged, without frames (`--raw`, `/raw`). */
  isRaw: boolean;
  readonly socket: SideSocket;
  readonly peers: Map<ConnectionId, Peer>;
  /** That of our own room while the side hosts it, so that both sides may share one; else the side's own. */
  conversation: Conversation;
  /** The latest socket calls; undefined if no screen can show them. */
  readonly calls: WireLog | undefined;
  readonly counters: Counters;
  /** Farewells of duets over UDP, by address, the oldest first. */
  readonly receivedGoodbyes: Map<string, ReceivedGoodbye>;
}

/** The request that a side opens its socket for, and the progress of that. */
export interface SideSocket {
  role: "listen" | "connect" | "pair" | undefined;
  state: StateWord;
  local: Endpoint | undefined;
  /** The target as the person wrote it. */
  targetText: string | undefined;
  /** The last request, for `/reconnect`. */
  request: OpenRequest | undefined;
  /** Endpoints of duets, from announcements or a peer of the other side: they may be greeted at once. */
  knownDuets: readonly Endpoint[];
  pairing: Pairing | undefined;
  /** Where the neighbour that was reported listens, while it is there. */
  neighbour: string | undefined;
  /** Opened by the command line: a failure ends the program. */
  isInitial: boolean;
  /** The transport holds sockets; the next open waits for `stopped`. */
  isOpen: boolean;
  reopen: OpenRequest | undefined;
  /** Why the side is being closed, once it is; shown once. */
  endReason: Sentence | undefined;
  hasFailed: boolean;
  /** The failure is reported once the program that has the port is found. */
  awaitsPortHolder: boolean;
  /** The kernel kept the port for an ended connection, and this request has waited for it. */
  hasAwaitedPort: boolean;
  /** UDP: answers may leave from another address than the one that was asked. */
  answersFromAny: boolean;
}

/** One room's conversation. */
export interface Conversation {
  readonly scrollback: Scrollback;
  unread: number;
  /** The addressee of typed lines (`/to`), connected or not; undefined: everybody. */
  addressee: Addressee | undefined;
  readonly noticePace: NoticePace;
}

export interface Counters {
  bytesIn: number;
  bytesOut: number;
  readonly rates: Throughput;
  /** Datagrams dropped for a wrong key. */
  forged: number;
  /** Refused connections, or newcomers over UDP. */
  turnedAway: number;
  /** Lines of strangers that were throttled. */
  slowed: number;
  /** Lines and datagrams of strangers that were dropped for lack of room, or with their sender. */
  droppedOfStrangers: number;
  /** Datagrams that the kernel dropped because they were not read in time. */
  overrun: number;
  /** Connections that the kernel still has and the chat has not, at the last look. */
  leftovers: readonly Leftover[];
}

/** Where a line goes: a side, the target that it was opened with, and a member or peer, if not everybody. */
export interface Destination {
  readonly transport: TransportName;
  readonly target: string | undefined;
  readonly addressee: object | undefined;
}

/** The recipient of a private line: a member of our room, the peer that we connected to, or a member of its room. */
export type Addressee = ConnectedAddressee | { readonly kind: "hub"; readonly member: HubMember };

/** An addressee that is reached by a connection of ours. */
export type ConnectedAddressee =
  | { readonly kind: "local"; readonly member: LocalMember }
  | { readonly kind: "peer"; readonly peer: Peer }
  | { readonly kind: "remote"; readonly host: Peer; readonly member: RemoteMember };
