/** The room of the peer we connected to, as far as that host has named its members. */

export interface HubRoom {
  readonly members: Map<number, RemoteMember>;
  /** A resync of the room, while the host names its members again. */
  resync: RoomResync | undefined;
  /** Our member number in that room. */
  ourNumber: number | undefined;
  /** The name that the host assigned to us there. */
  ourName: string | undefined;
}

/** A member of the host's room, reached only through the host. */
export interface RemoteMember {
  readonly number: number;
  name: string;
  readonly address: string | undefined;
}

/** A room whose members are being named again. */
interface RoomResync {
  /** Members named so far, at most remoteMembersMax. */
  readonly named: Set<number>;
  /** How many members are still to be named. */
  left: number;
}
