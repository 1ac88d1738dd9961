/**
 * Which socket calls carried which message, and which brought or took word of it: both are pieces of one stream of bytes,
 * and belong together where they overlap. It keeps nothing; the offsets are in the rows and the entries.
 */

import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import type { CarriedRange, Entry } from "../log/entry.ts";
import type { WireRow } from "../log/wire-log.ts";

/** `in`: it brought bytes. `out`: it took some of ours. undefined: it is no call for bytes. */
export function directionOf({ call }: Pick<WireRow, "call">): "in" | "out" | undefined {
  switch (call) {
    case "recv":
    case "recvfrom":
      return "in";
    case "send":
    case "sendto":
      return "out";
    case "bind":
    case "listen":
    case "accept":
    case "connect":
    case "shutdown":
    case "setsockopt":
    case "close":
      return undefined;
  }
}

/** Whether the call moved a byte of the message, or of word of it. */
export function carries(row: WireRow, entry: Entry): boolean {
  return partOf(row, entry) !== undefined;
}

/** What the call moved for the message: its text, before any word of it; undefined: nothing. */
export function partOf(row: WireRow, entry: Entry): CarriedRange["what"] | undefined {
  if (entry.kind !== "message" || entry.carried === undefined || row.connection === undefined)
    return undefined;
  const way = directionOf(row);
  let word: CarriedRange["what"] | undefined;
  for (const range of entry.carried.ranges) {
    if (range.way !== way || !overlaps(row, row.connection, range)) continue;
    if (range.what === "text") return range.what;
    word ??= range.what;
  }
  return word;
}

function overlaps({ offset, bytes = 0 }: WireRow, connection: ConnectionId, range: CarriedRange): boolean {
  const at = placeOn(range, connection);
  return at !== undefined && offset < at + range.end && offset + bytes > at + range.start;
}

/** From where on the range counts in a connection's stream; undefined: it is not in it. */
function placeOn({ on }: CarriedRange, connection: ConnectionId): number | undefined {
  if (typeof on === "number") return on === connection ? 0 : undefined;
  return on.find((place) => place.connection === connection)?.at;
}
