/** The room of a listening duet: members, names, admission rules, and messages being relayed. */

import type { Cidr } from "../../protocol/address/cidr.ts";
import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import type { RoomNames } from "../../protocol/text/nicknames.ts";
import type { AddressBudgets } from "../records/address-budgets.ts";
import type { GroupNames } from "../records/group-names.ts";
import type { ReceivedIds } from "../records/received-ids.ts";
import type { RelayedId } from "../records/relayed-id.ts";
import type { Audiences, LocalMember } from "./peer.ts";
import type { PendingRelay } from "./pending-relay.ts";
import type { SharedRoom } from "./shared-room.ts";

export interface Room {
  readonly members: Map<number, LocalMember>;
  nextMemberNumber: number;
  /** The names of all members, the person's included. */
  readonly takenNames: RoomNames;
  /** The names of a multicast group's members. */
  readonly groupNames: GroupNames;
  /** The admission rules: `--allow` and `--deny`, and ranges that were added by commands. */
  readonly rules: { allow: readonly Cidr[]; deny: readonly Cidr[] };
  /** What strangers may still send, by address. */
  readonly addresses: AddressBudgets;
  readonly audiences: Audiences;
  /** One member's messages of this event that have not been relayed yet. */
  pendingRelay: PendingRelay | undefined;
  /** The messages that duets have sent to us, to know those that they send again. */
  readonly receivedIds: ReceivedIds;
  /** Recently relayed messages, by ascending id. */
  readonly relayedIds: RelayedId[];
  /** Connections to us whose handshake of a session has not ended, and the keys of their addresses. */
  readonly halfOpen: Map<ConnectionId, string>;
  /** Guesses of the room's password: the times of the latest ones of each address, the earliest first. */
  readonly guesses: Map<string, readonly number[]>;
  /** When the room was last paused for a peer that did not drain its queue. */
  lastVainPauseMs: number;
  /** Undefined unless the room is on several machines. */
  readonly shared: SharedRoom | undefined;
}
