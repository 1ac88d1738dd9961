/** The room of the hub that a peer is, as far as the hub has named it to us. */

export interface HubRoom {
  readonly members: Map<number, RemoteMember>;
  /** The room while the hub names its members anew. */
  resync: RoomResync | undefined;
  /** Our number in that room. */
  ourNumber: number | undefined;
  /** The name that the hub gave us there. */
  ourName: string | undefined;
}

/** A member that we know only through the hub we are connected to. */
export interface RemoteMember {
  readonly number: number;
  name: string;
  readonly address: string | undefined;
}

/** A room whose members are being named anew. */
interface RoomResync {
  /** Members that have been named so far; at most remoteMembersMax. */
  readonly named: Set<number>;
  /** Members that are still to be named. */
  left: number;
}
