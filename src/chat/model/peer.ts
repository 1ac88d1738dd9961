/** A peer as a sum of records, the member that it is a path of, and audiences: peers that receive the same bytes. */

import type { Handshake } from "../peer/handshake.ts";
import type { HostRoom, RemoteMember } from "../peer/host-room.ts";
import type { Identity } from "../peer/identity.ts";
import type { Inbound } from "../peer/inbound.ts";
import type { Link } from "../peer/link.ts";
import type { Liveness } from "../peer/liveness.ts";
import type { AudienceName, AudienceCounters, Outbound } from "../peer/outbound.ts";
import type { Receipts } from "../peer/receipts.ts";
import type { Seal } from "../peer/seal.ts";
import type { PeerTrace } from "../spans/peer-trace.ts";

/** The program at the other end. A function takes the records that it uses, not the peer, where that is possible. */
export interface Peer {
  readonly link: Link;
  readonly identity: Identity;
  readonly handshake: Handshake;
  readonly membership: Membership;
  readonly hostRoom: HostRoom;
  readonly inbound: Inbound;
  readonly outbound: Outbound;
  readonly receipts: Receipts;
  readonly liveness: Liveness;
  readonly seal: Seal;
  /** Undefined unless messages are traced to their calls. */
  readonly trace: PeerTrace | undefined;
}

/** Which member of our room the peer is a path of. */
export interface Membership {
  member: LocalMember | undefined;
}

/** A member of our own room: one process, with one or more paths. */
export interface LocalMember {
  readonly kind: "local";
  /** Visible to all members; 1 is the person at this screen. */
  readonly number: number;
  name: string;
  readonly paths: Set<Peer>;
  /** The path that was used last; messages to the member are sent on it. */
  via: Peer;
}

/** A member of a room: local, on a connection of ours, or remote, behind the host that we connected to. */
export type RoomMember = LocalMember | RemoteMember;

/** Peers that receive the same bytes. */
export interface Audience<Name extends AudienceName = AudienceName> extends AudienceCounters {
  readonly name: Name;
  readonly peers: Set<Peer>;
}

export type Audiences = { readonly [Name in AudienceName]: Audience<Name> };

/** All bytes enqueued for a peer so far, sent or not. */
export function countEnqueuedBytes({ outbound }: Pick<Peer, "outbound">): number {
  const { enqueuedAlone, share } = outbound;
  return share === undefined ? enqueuedAlone : enqueuedAlone + share.group.enqueuedBytes - share.missedBytes;
}
