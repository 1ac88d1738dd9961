/**
 * The model of a screen: one moment of the chat as plain values, without sockets, colours or columns. All text is
 * clean, except in message entries (log/entry.ts).
 */

import type { ConnectionId, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { TcpFacts } from "../../protocol/sockets/tcp-facts.ts";
import type { Words } from "../../words/tables/words.ts";
import type { Invitation } from "../../words/parts/invitation.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";
import type { Table } from "../../words/parts/table.ts";
import type { Security } from "../peer/seal.ts";
import type { StateWord } from "../records/connection-state.ts";
import type { LinkMeasures } from "../records/link-measures.ts";
import type { ImpairmentStatus } from "../records/network-impairment.ts";
import type { RateSample } from "../records/throughput.ts";
import type { ScrollbackModel } from "../log/scrollback.ts";
import type { WireModel } from "../log/wire-log.ts";

export interface PeerModel {
  readonly name: string;
  /** The endpoint as text; undefined for a member behind a host. */
  readonly address: string | undefined;
  /** `remote`: a member of the host's room, reached only through the host. */
  readonly kind: "duet" | "raw" | "unknown" | "remote";
  readonly transport: TransportName;
  readonly state: StateWord;
  /** undefined: not recognised yet, or reached only through the host, unless its key is VERIFIED. */
  readonly security: Security | undefined;
  /** The name's colour is a hash of this. */
  readonly colourKey: string;
  readonly roundTripMs: number | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly queuedBytes: number;
  /** Measurements of the path; undefined: not measurable. */
  readonly link: LinkMeasures | undefined;
  /** The addressee of typed text. */
  readonly addressed: boolean;
}

/** Another hub of a shared room. */
export interface HubModel {
  readonly label: string;
  /** All its members. */
  readonly count: number;
  /** The first of them that have a number of our room. */
  readonly members: readonly HubMemberModel[];
}

export interface HubMemberModel {
  readonly name: string;
  readonly colourKey: string;
  /** Undefined unless its key is VERIFIED. */
  readonly security: Security | undefined;
  readonly addressed: boolean;
}

/** A room on several machines. */
export interface SharedRoomModel {
  readonly name: string;
  /** Ours included. */
  readonly hubs: number;
  /** All members, the person included. */
  readonly members: number;
  /** Since when the room goes on here only, in milliseconds since 1970; undefined: it is shared. */
  readonly hereOnlySinceMs: number | undefined;
}

export interface TabModel {
  readonly transport: TransportName;
  /** undefined: not opened yet. */
  readonly role: "listen" | "connect" | "pair" | "group" | undefined;
  /** A socket is open, or is being opened. */
  readonly open: boolean;
  readonly raw: boolean;
  readonly state: StateWord;
  readonly local: string | undefined;
  readonly peer: string | undefined;
  /**
   * Of the peer that we connected to, or of all members of our room; undefined: there is none. `changed`: the peer that we
   * connected to last had another key, and our person has not accepted it.
   */
  readonly security: Security | "mixed" | "changed" | undefined;
  /** The room has a password. */
  readonly hasPassword: boolean;
  /** Undefined unless the tab's room is on several machines. */
  readonly room: SharedRoomModel | undefined;
  /** The other members of the room here, or 1 for a connected peer. */
  readonly peers: number;
  readonly unread: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Bytes of each of the last seconds, the oldest first; empty without traffic. */
  readonly rates: readonly RateSample[];
  /** The addressee of typed text; undefined: everybody. */
  readonly privateWith: string | undefined;
  readonly roundTripMs: number | undefined;
  /** The lost share of the duets' frames over UDP, 0 to 1; undefined: not measured. */
  readonly loss: number | undefined;
  /** Bytes queued for all peers. */
  readonly backlogBytes: number;
  /** Typed lines that wait for a slow peer, or for one that is not recognised yet. */
  readonly waitingLines: number;
  /** Commands for a friend to connect; undefined: nothing listens. */
  readonly invitation: Invitation | undefined;
  /** Other machines can connect; a banner shows it all the time. */
  readonly openToNetwork: boolean;
  /** Answers over UDP may leave from another address than the one that was asked. */
  readonly answersFromAny: boolean;
}

/** A TCP connection as the kernel has it, or a UDP peer. */
export interface SocketModel {
  /** undefined: the connection is not established yet. */
  readonly connection: ConnectionId | undefined;
  readonly name: string;
  /** The kernel's state, or ours if the kernel reports none. */
  readonly state: string;
  readonly facts: TcpFacts | undefined;
}

/** One way to join a duet of the local network. */
interface LanRowModel {
  /** Stable while the list changes. */
  readonly key: string;
  readonly name: string;
  readonly transport: TransportName;
  readonly address: string;
  /** We are connected to it. */
  readonly joined: boolean;
  /** The duet announces or has proven the key of a known person, whose name is shown. */
  readonly person: "known" | "verified" | undefined;
  /** The claim that another address makes as well; undefined: none. */
  readonly doubt: Sentence | undefined;
}

/** The local network, as far as announcements were received. */
export interface LanModel {
  readonly rows: readonly LanRowModel[];
  /** Advice for networks where no other duet is found, in lines. */
  readonly advice: readonly Sentence[];
  /** The results of each interface, in lines. */
  readonly interfaces: Table<Sentence>;
}

export interface ScreenModel {
  /** Grows with every change: equal revisions draw the same screen. */
  readonly revision: number;
  /** The language of the person. */
  readonly words: Words;
  /** A recording is shown: nothing can be sent, and no command run. */
  readonly replayed: boolean;
  readonly name: string;
  readonly active: TransportName;
  readonly tabs: Readonly<Record<TransportName, TabModel>>;
  readonly peers: readonly PeerModel[];
  /** The other hubs of the shown room, with peersShownMax members in all. */
  readonly hubs: readonly HubModel[];
  /** undefined: discovery is off. */
  readonly lan: LanModel | undefined;
  /** The impairment of our UDP network; a mark shows it all the time. */
  readonly trouble: Readonly<ImpairmentStatus> | undefined;
  readonly scrollback: Readonly<Record<TransportName, ScrollbackModel>>;
  /**
   * Sockets of the active transport, while the wire panel is open: at most peersShownMax open ones, then those that
   * only the kernel still has.
   */
  readonly sockets: readonly SocketModel[];
  /** Not a copy, as the scrollback. */
  readonly wire: Readonly<Record<TransportName, WireModel>>;
}
