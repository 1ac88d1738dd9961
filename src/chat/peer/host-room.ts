/** The room of the peer we connected to, as far as that host has named its members. */

export interface HostRoom {
  readonly members: Map<number, RemoteMember>;
  /** A resync of the room, while the host names its members again. */
  resync: RoomResync | undefined;
  /** Our member number in that room. */
  ourNumber: number | undefined;
  /** The name that the host assigned to us there. */
  ourName: string | undefined;
  /** The person asked for another name, and the host has not answered. */
  isNameAsked: boolean;
}

/** A member of the host's room, reached only through the host. */
export interface RemoteMember {
  readonly kind: "remote";
  readonly number: number;
  name: string;
  address: string | undefined;
  /** The key by the word of the host; undefined for a member that is not sealed. */
  introduced: IntroducedKey | undefined;
}

/** A key as text, and what the member's process has drawn. */
export interface IntroducedKey {
  readonly key: string;
  readonly epoch: string;
}

/** A room whose members are being named again. */
interface RoomResync {
  /** Members named so far, at most remoteMembersMax. */
  readonly named: Set<number>;
  /** How many members are still to be named. */
  left: number;
}

/** A room of which the host has named nobody yet. */
export function makeHostRoom(): HostRoom {
  return {
    members: new Map(),
    resync: undefined,
    ourNumber: undefined,
    ourName: undefined,
    isNameAsked: false,
  };
}

/** The host has assigned us this member number; the name follows with our entry in its list. */
export function setOurNumber(hostRoom: HostRoom, number: number): void {
  hostRoom.ourNumber = number;
}

export function setOurName(hostRoom: HostRoom, name: string): void {
  hostRoom.ourName = name;
}

export function noteAskedName(hostRoom: HostRoom): void {
  hostRoom.isNameAsked = true;
}

/** True if the person asked for a name; the host has answered now. */
export function takeAskedName(hostRoom: HostRoom): boolean {
  const { isNameAsked } = hostRoom;
  hostRoom.isNameAsked = false;
  return isNameAsked;
}

/** A member that is known keeps its record, so that a private line stays with it. */
export function setRemoteMember(hostRoom: HostRoom, member: RemoteMember): void {
  const known = hostRoom.members.get(member.number);
  if (known === undefined) hostRoom.members.set(member.number, member);
  else Object.assign(known, member);
}

export function removeRemoteMember(hostRoom: HostRoom, number: number): void {
  hostRoom.members.delete(number);
}

/** The host names `left` members again, and us by `ourNumber`. */
export function beginResync(hostRoom: HostRoom, ourNumber: number, left: number): void {
  hostRoom.ourNumber = ourNumber;
  hostRoom.members.delete(ourNumber);
  hostRoom.resync = { named: new Set(), left };
}

export function noteNamed(resync: RoomResync, number: number): void {
  resync.named.add(number);
  resync.left -= 1;
}

export function endResync(hostRoom: HostRoom): void {
  hostRoom.resync = undefined;
}

/** Forgets the room: the host has restarted. */
export function forgetHostRoom(hostRoom: HostRoom): void {
  hostRoom.members.clear();
  hostRoom.resync = undefined;
  hostRoom.ourNumber = undefined;
}
