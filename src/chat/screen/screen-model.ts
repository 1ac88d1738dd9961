/**
 * What a screen needs to draw one moment of the chat: plain values, no sockets, no colours, no columns.
 * All text in it is clean, except message entries (see entry.ts).
 */

import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { TcpFacts } from "../../protocol/sockets/tcp-facts.ts";
import type { Words } from "../../words/tables/words.ts";
import type { Invitation } from "../../words/parts/invitation.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";
import type { Table } from "../../words/parts/table.ts";
import type { StateWord } from "../records/connection-state.ts";
import type { LinkMeasures } from "../records/link-measures.ts";
import type { TroubleNow } from "../records/network-impairment.ts";
import type { RateSample } from "../records/rates.ts";
import type { ScrollbackModel } from "../log/scrollback.ts";
import type { WireModel } from "../log/wire-log.ts";

export interface PeerModel {
  readonly name: string;
  /** Its endpoint, printed. For a member we only know through the hub: undefined. */
  readonly address: string | undefined;
  /** `distant`: a member that we know only through the hub. */
  readonly kind: "duet" | "raw" | "unknown" | "distant";
  readonly transport: TransportName;
  readonly state: StateWord;
  /** Hash this for the name's colour. */
  readonly colourKey: string;
  readonly roundTripMs: number | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly queuedBytes: number;
  /** What UDP has done to it; undefined: nothing can be known. */
  readonly link: LinkMeasures | undefined;
  /** What is typed goes to it alone. */
  readonly addressed: boolean;
}

export interface TabModel {
  readonly transport: TransportName;
  /** undefined: nothing opened here yet. */
  readonly role: "listen" | "connect" | "pair" | "group" | undefined;
  /** A socket is open, or about to be. */
  readonly open: boolean;
  readonly raw: boolean;
  readonly state: StateWord;
  readonly local: string | undefined;
  readonly peer: string | undefined;
  /** Members of the room but us, or 1 for a connected peer. */
  readonly peers: number;
  readonly unread: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Bytes of each of the last seconds, the oldest first; empty when there were none. */
  readonly rates: readonly RateSample[];
  /** Whom what is typed goes to alone; undefined: to all. */
  readonly privateWith: string | undefined;
  readonly roundTripMs: number | undefined;
  /** How much of what duets sent us over UDP was lost, 0 to 1; undefined: not measured. */
  readonly loss: number | undefined;
  /** Bytes that wait to leave, all peers together. */
  readonly backlogBytes: number;
  /** Lines typed that wait because a peer does not read, or is not known yet. */
  readonly heldLines: number;
  /** How a friend comes here; undefined: nobody can, for nothing listens. */
  readonly invitation: Invitation | undefined;
  /** Listening beyond this machine: a lasting banner says so. */
  readonly openToNetwork: boolean;
}

/** A TCP connection as the kernel has it, or a UDP peer. */
export interface SocketModel {
  /** undefined: it is being made. */
  readonly connection: ConnectionId | undefined;
  readonly name: string;
  /** By the kernel's word; where it says none, by ours. */
  readonly state: string;
  readonly facts: TcpFacts | undefined;
}

/** One way to join a duet of the local network. */
interface LanRowModel {
  /** Stays the same while the list changes. */
  readonly key: string;
  readonly name: string;
  readonly transport: TransportName;
  readonly address: string;
  /** We are connected there. */
  readonly joined: boolean;
}

/** The local network, as far as it was heard. */
export interface LanModel {
  readonly rows: readonly LanRowModel[];
  /** What to do where others do not show up; a line each. */
  readonly advice: readonly Sentence[];
  /** What is to be told of each interface, a line each. */
  readonly interfaces: Table<Sentence>;
}

export interface ScreenModel {
  /** Grows with every change: equal revisions draw the same. */
  readonly revision: number;
  /** In the language of the person who looks. */
  readonly words: Words;
  /** It is a recording that is shown: nobody can be spoken to, and no command given. */
  readonly replayed: boolean;
  readonly name: string;
  readonly active: TransportName;
  readonly tabs: Readonly<Record<TransportName, TabModel>>;
  readonly peers: readonly PeerModel[];
  /** undefined: it is not looked at. */
  readonly lan: LanModel | undefined;
  /** The network of UDP is made bad on purpose: a lasting mark says so. */
  readonly trouble: Readonly<TroubleNow> | undefined;
  readonly scrollback: Readonly<Record<TransportName, ScrollbackModel>>;
  /** Of the active transport, while somebody looks: at most peersShownMax open ones, then those that are over. */
  readonly sockets: readonly SocketModel[];
  /** As the scrollback it is not copied. */
  readonly wire: Readonly<Record<TransportName, WireModel>>;
}
