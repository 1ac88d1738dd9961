/** One transport's side of the chat: its role, state, peers, conversation and counters. */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { StateWord } from "../records/connection-state.ts";
import type { Farewell } from "../records/farewell.ts";
import type { Leftover } from "../records/kernel-look.ts";
import type { NoticePace } from "../records/notice-pace.ts";
import type { OpenRequest } from "../config/open-request.ts";
import type { Pairing } from "../records/pairing.ts";
import type { Rates } from "../records/rates.ts";
import type { Scrollback } from "../log/scrollback.ts";
import type { WireLog } from "../log/wire-log.ts";
import type { DistantMember, Peer, RoomMember } from "./peer.ts";

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

/** Whom a word means: somebody in our room, the peer we went to, or somebody in its room. */
export type Addressee =
  | { readonly kind: "member"; readonly member: RoomMember }
  | { readonly kind: "peer"; readonly peer: Peer }
  | { readonly kind: "distant"; readonly hub: Peer; readonly distant: DistantMember };
