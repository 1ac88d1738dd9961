/** The room of a hub while the hub names its members anew. */

/** A room that is told anew and not told whole so far. */
export interface RoomToCome {
  /** Members that have been named so far; at most distantMembersMax. */
  readonly named: Set<number>;
  /** So many members are still to be named. */
  left: number;
}
