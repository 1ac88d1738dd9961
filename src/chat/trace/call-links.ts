/** Links socket calls with messages: a call belongs to a message if their spans in one stream overlap. */

import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import type { MessageSpan, Entry } from "../log/entry.ts";
import type { WireRow } from "../log/wire-log.ts";

/** The direction of a call's bytes; undefined if the call moves none. */
export function getDirection({ call }: Pick<WireRow, "call">): "in" | "out" | undefined {
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

/** True if the call moved a byte of the message, its receipts or its acknowledgements. */
export function hasMoved(row: WireRow, entry: Entry): boolean {
  return findMovedSpanKind(row, entry) !== undefined;
}

/** The part of the message that a call moved: its text, or else a receipt or acknowledgement; undefined: none. */
export function findMovedSpanKind(row: WireRow, entry: Entry): MessageSpan["what"] | undefined {
  if (entry.kind !== "message" || entry.spans === undefined || row.connection === undefined) return undefined;
  const way = getDirection(row);
  let word: MessageSpan["what"] | undefined;
  for (const range of entry.spans.list) {
    if (range.way !== way || !isOverlapping(row, row.connection, range)) continue;
    if (range.what === "text") return range.what;
    word ??= range.what;
  }
  return word;
}

function isOverlapping(
  { offset, bytes = 0 }: WireRow,
  connection: ConnectionId,
  range: MessageSpan,
): boolean {
  const at = findOffsetOn(range, connection);
  return at !== undefined && offset < at + range.end && offset + bytes > at + range.start;
}

/** The offset in a connection's stream that the range counts from; undefined if the range is not in it. */
function findOffsetOn({ on }: MessageSpan, connection: ConnectionId): number | undefined {
  if (typeof on === "number") return on === connection ? 0 : undefined;
  return on.find((place) => place.connection === connection)?.at;
}
