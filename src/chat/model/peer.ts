/** A peer as the records that are kept of it, the member whose path it is, and peers that receive the same bytes. */

import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import type { Handshake } from "../peer/handshake.ts";
import type { HubRoom } from "../peer/hub-room.ts";
import type { Identity } from "../peer/identity.ts";
import type { Inbound } from "../peer/inbound.ts";
import type { Link } from "../peer/link.ts";
import type { Liveness } from "../peer/liveness.ts";
import type { FanoutGroup, Outbound } from "../peer/outbound.ts";
import type { Receipts } from "../peer/receipts.ts";
import type { PeerTrace } from "../spans/peer-trace.ts";

/** The program at the other end. A function takes the records that it uses. */
export interface Peer {
  readonly link: Link;
  readonly identity: Identity;
  readonly handshake: Handshake;
  readonly membership: Membership;
  readonly hubRoom: HubRoom;
  readonly inbound: Inbound;
  readonly outbound: Outbound;
  readonly receipts: Receipts;
  readonly liveness: Liveness;
  /** Only where messages are traced to their calls. */
  readonly trace: PeerTrace | undefined;
}

/** The place of a peer in our room. */
interface Membership {
  member: LocalMember | undefined;
}

/** A member of our own room: one process, whatever its paths. */
export interface LocalMember {
  /** Public; 1 is the person at this screen. */
  readonly number: number;
  name: string;
  /** A duet's process, so that two paths of it are one member. */
  readonly session: string | undefined;
  readonly paths: Set<Peer>;
  /** The path last used: messages to the member are sent there. */
  via: Peer;
}

/** Peers that receive the same bytes. */
export interface Audience extends FanoutGroup {
  /** New peers are appended; none is taken out. */
  readonly peers: Peer[];
  /** Their connections, in the same order. */
  readonly connections: ConnectionId[];
}

export type AudienceName = "raw" | "duets" | "datagrams";

/** The audiences that are gathered already. */
export type Audiences = Partial<Record<AudienceName, Audience>>;

/** All bytes that were enqueued for a peer so far, sent or not. */
export function bytesEnqueued({ outbound }: Pick<Peer, "outbound">): number {
  return outbound.enqueuedAlone + (outbound.audience?.enqueuedBytes ?? 0);
}
