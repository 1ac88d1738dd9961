/**
 * Which socket calls carried which message: both are pieces of one stream of bytes, and belong together where they
 * overlap. It keeps nothing; the offsets are in the rows and the entries.
 */

import type { Entry } from "./entry.ts";
import type { WireRow } from "./wire-log.ts";

/** `in`: it brought bytes. `out`: it took some of ours. undefined: it is no call for bytes. */
export function directionOf({ call }: WireRow): "in" | "out" | undefined {
  switch (call) {
    case "recv":
    case "recvfrom":
      return "in";
    case "send":
    case "sendto":
      return "out";
    default:
      return undefined;
  }
}

/** Whether the call moved a byte of the message. */
export function carries(row: WireRow, entry: Entry): boolean {
  if (entry.kind !== "message" || entry.carried === undefined) return false;
  if (directionOf(row) !== entry.direction) return false;
  const end = row.offset + (row.bytes ?? 0);
  return entry.carried.some(
    (range) => range.connection === row.connection && row.offset < range.end && end > range.start,
  );
}
