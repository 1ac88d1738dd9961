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
  readonly kind: "remote";
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

/** The host has assigned us this member number; the name follows with our entry in its list. */
export function setOurNumber(hubRoom: HubRoom, number: number): void {
  hubRoom.ourNumber = number;
}

export function setOurName(hubRoom: HubRoom, name: string): void {
  hubRoom.ourName = name;
}

export function setRemoteMember(hubRoom: HubRoom, member: RemoteMember): void {
  hubRoom.members.set(member.number, member);
}

export function removeRemoteMember(hubRoom: HubRoom, number: number): void {
  hubRoom.members.delete(number);
}

/** The host names `left` members again, and us by `ourNumber`. */
export function beginResync(hubRoom: HubRoom, ourNumber: number, left: number): void {
  hubRoom.ourNumber = ourNumber;
  hubRoom.members.delete(ourNumber);
  hubRoom.resync = { named: new Set(), left };
}

export function noteNamed(resync: RoomResync, number: number): void {
  resync.named.add(number);
  resync.left -= 1;
}

export function endResync(hubRoom: HubRoom): void {
  hubRoom.resync = undefined;
}

/** Forgets the room: the host has restarted. */
export function forgetHubRoom(hubRoom: HubRoom): void {
  hubRoom.members.clear();
  hubRoom.resync = undefined;
  hubRoom.ourNumber = undefined;
}
