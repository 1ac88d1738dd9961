/** The texts of a hub's record, of its members in buckets, and of a removal (ROOMS.md, A hub's record and its members). */

import { cleanName } from "../text/nicknames.ts";
import { isHubId, noPlace, parseFields } from "./room-entry.ts";

export interface HubRecord {
  readonly label: string;
  /** When it joined, in milliseconds by the engine's clock. */
  readonly since: number;
  /** Entries below that number are in the stream at the place `at` or before. */
  readonly next: number;
  readonly at: string;
}

const version = 1;
const bucketMembers = 64;

export function formatHubRecord(hub: string, { label, since, next, at }: HubRecord): string {
  return JSON.stringify({ v: version, hub, label, since, next, at });
}

/** Undefined: malformed, or of a later version. */
export function parseHubRecord(text: string): HubRecord | undefined {
  const fields = readFields(text);
  if (fields === undefined || typeof fields["label"] !== "string") return undefined;
  const { label, since, next, at } = fields;
  return {
    label: cleanName(label),
    since: isCount(since) ? since : 0,
    next: isCount(next) ? next : 1,
    at: typeof at === "string" && /^\d{1,15}-\d{1,15}$/.test(at) ? at : noPlace,
  };
}

/** The bucket that has a member's fields. */
export function findBucket(member: number): number {
  return Math.floor(member / bucketMembers);
}

/** The numbers of the members whose fields a bucket has. */
export function listBucket(bucket: number): readonly number[] {
  return Array.from({ length: bucketMembers }, (_, index) => bucket * bucketMembers + index);
}

export function formatBucket(hub: string, bucket: number, fields: Readonly<Record<string, string>>): string {
  return JSON.stringify({ v: version, hub, bucket, fields });
}

/** The fields of that bucket; undefined: malformed, another bucket's, or of a later version. */
export function parseBucket(
  text: string,
  bucket: number,
): readonly (readonly [string, string])[] | undefined {
  const read = readFields(text);
  const fields = read?.["fields"];
  if (read?.["bucket"] !== bucket || typeof fields !== "object" || fields === null) return undefined;
  return Object.entries(fields).filter((pair): pair is [string, string] => typeof pair[1] === "string");
}

export function formatRemoval(hub: string, removed: string): string {
  return JSON.stringify({ v: version, hub, removed });
}

/** The hub that was removed; undefined: malformed, or of a later version. */
export function parseRemoval(text: string): string | undefined {
  const removed = readFields(text)?.["removed"];
  return isHubId(removed) ? removed : undefined;
}

function readFields(text: string): Readonly<Record<string, unknown>> | undefined {
  const fields = parseFields(text);
  return fields["v"] === version ? fields : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
