/** One transport's side of the chat: its socket, its peers, its conversation and its counters. */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { OpenRequest } from "../config/open-request.ts";
import type { Scrollback } from "../log/scrollback.ts";
import type { WireLog } from "../log/wire-log.ts";
import type { RemoteMember } from "../peer/hub-room.ts";
import type { StateWord } from "../records/connection-state.ts";
import type { Farewell } from "../records/farewell.ts";
import type { Leftover } from "../records/kernel-look.ts";
import type { NoticePace } from "../records/notice-pace.ts";
import type { Pairing } from "../records/pairing.ts";
import type { Rates } from "../records/rates.ts";
import type { LocalMember, Peer } from "./peer.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";

export interface Side {
  readonly transport: TransportName;
  /** What is typed goes out as it is, without frames (`--raw`, /raw). */
  isRaw: boolean;
  readonly socket: SideSocket;
  readonly peers: Map<ConnectionId, Peer>;
  readonly conversation: Conversation;
  readonly counters: Counters;
  /** Duets that said goodbye over UDP, by their addresses, the oldest first. */
  readonly farewells: Map<string, Farewell>;
}

/** What the side was asked to open, and how far that is. */
interface SideSocket {
  role: "listen" | "connect" | "pair" | undefined;
  state: StateWord;
  local: Endpoint | undefined;
  /** The target as the person wrote it. */
  targetText: string | undefined;
  /** For /reconnect. */
  request: OpenRequest | undefined;
  /** Where a duet is known to listen, from an announcement or the other side's peer: it may be greeted at once. */
  knownDuet: Endpoint | undefined;
  pairing: Pairing | undefined;
  /** Opened by the command line: its failure ends the program. */
  isInitial: boolean;
  /** The transport holds sockets: the next open waits for `stopped`. */
  isOpen: boolean;
  reopen: OpenRequest | undefined;
  /** Why the side is being closed, once it is; shown once. */
  endReason: Sentence | undefined;
  hasFailed: boolean;
  /** The failure is reported once it is known which program has the port. */
  awaitsHolder: boolean;
}

/** What is shown on the side's tab. */
interface Conversation {
  readonly scrollback: Scrollback;
  /** The latest socket calls; undefined where nobody can look at them. */
  readonly calls: WireLog | undefined;
  unread: number;
  /** The only addressee of what is typed (`/to`), here or gone; undefined: everybody. */
  addressee: Addressee | undefined;
  readonly noticePace: NoticePace;
}

interface Counters {
  bytesIn: number;
  bytesOut: number;
  readonly rates: Rates;
  /** Datagrams dropped because their key was not ours. */
  forged: number;
  /** Connections refused, or newcomers over UDP. */
  turnedAway: number;
  /** Lines of strangers that had to wait their turn. */
  slowed: number;
  /** Datagrams of strangers for which there was no room. */
  droppedOfStrangers: number;
  /** Datagrams that arrived faster than they could be read. */
  overrun: number;
  /** Connections that the kernel has and the room has not, at the last look. */
  leftovers: readonly Leftover[];
}

/** The person that a word names: a member of our room, the peer we connected to, or a member of its room. */
export type Addressee =
  | { readonly kind: "member"; readonly member: LocalMember }
  | { readonly kind: "peer"; readonly peer: Peer }
  | { readonly kind: "distant"; readonly hub: Peer; readonly distant: RemoteMember };
