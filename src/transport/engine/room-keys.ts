/** The keys of a room in the engine. All have one prefix and an expiry. */

export interface RoomKeys {
  /** The stream of entries. */
  readonly stream: string;
  /** A hash with the room's run. */
  readonly room: string;
  /** The set of hubs. */
  readonly hubs: string;
  /** A hub's hash: its label, and its members by number. It is the hub's lease. */
  readonly hub: (id: string) => string;
}

/** The braces keep a room's keys on one node of a cluster. */
export function makeRoomKeys(room: string): RoomKeys {
  const prefix = `duet:{${room}}:`;
  return {
    stream: `${prefix}stream`,
    room: `${prefix}room`,
    hubs: `${prefix}hubs`,
    hub: (id) => `${prefix}hub:${id}`,
  };
}

/** The field of a hub's hash that has its label; the others are numbers of members. */
export const labelField = "label";

/** The field that has the text of a duet's key. Hubs that do not know it pass it over. */
export function getKeyField(member: number): string {
  return `k:${member}`;
}

/** The member whose key a field has; NaN: it has no key. */
export function readKeyField(field: string): number {
  return field.startsWith("k:") ? Number(field.slice(2)) : Number.NaN;
}
