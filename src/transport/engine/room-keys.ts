/** The keys of a room in the engine. All have one prefix and an expiry. */

export interface RoomKeys {
  /** The stream of entries. */
  readonly stream: string;
  /** A hash with the room's run, its seal, and the hubs that were removed. */
  readonly room: string;
  /** The set of hubs. */
  readonly hubs: string;
  /** A hub's hash: its record, and its members in buckets. It is the hub's lease. */
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

/** The fields of a hub's hash: its record, and the members of a bucket. */
export const recordField = "hub";

export function getBucketField(bucket: number): string {
  return `m:${bucket}`;
}

/** The bucket of a field; undefined: it has none. */
export function readBucketField(field: string): number | undefined {
  const [, digits] = /^m:(\d{1,9})$/.exec(field) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** The field of a bucket that has the text of a duet's key. Hubs that do not know it pass it over. */
export function getKeyField(member: number): string {
  return `k:${member}`;
}

/** The member whose key a field has; NaN: it has no key. */
export function readKeyField(field: string): number {
  return field.startsWith("k:") ? Number(field.slice(2)) : Number.NaN;
}

const removedPrefix = "removed:";

/** The field of the room's hash that has the removal of a hub. */
export function getRemovedField(hub: string): string {
  return removedPrefix + hub;
}

/** The hub that a field is about; undefined: another field. */
export function readRemovedField(field: string): string | undefined {
  return field.startsWith(removedPrefix) ? field.slice(removedPrefix.length) : undefined;
}
