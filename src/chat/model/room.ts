/** The room of a listening duet: its members, their names, who may join, and what is being relayed among them. */

import type { Cidr } from "../../protocol/address/cidr.ts";
import type { RoomNames } from "../../protocol/text/nicknames.ts";
import type { RelayedId } from "../records/relayed-id.ts";
import type { Audiences, LocalMember } from "./peer.ts";
import type { Relayed } from "./relayed.ts";

export interface Room {
  readonly members: Map<number, LocalMember>;
  readonly membersBySession: Map<string, LocalMember>;
  nextMemberNumber: number;
  /** The names of everybody in the room, the person here among them. */
  readonly takenNames: RoomNames;
  /** Who may join: --allow and --deny, and the ranges added since. */
  readonly rules: { allow: readonly Cidr[]; deny: readonly Cidr[] };
  /** Members that receive the same bytes; each is gathered when it is needed. */
  readonly audiences: Audiences;
  /** A member's messages of this event that have not been relayed yet. */
  pendingRelay: Relayed | undefined;
  /** Messages relayed lately, by our ids for them, ascending. */
  readonly relayedIds: RelayedId[];
  /** When the room was last paused for a peer that did not drain. */
  lastVainPauseMs: number;
}
