/**
 * The ids of the messages that each duet's process has sent to this host, by its session token: a line that it sends
 * again, because the receipt was lost with the connection, is known by them.
 */

import { setBounded } from "../../protocol/bounded-map.ts";
import { receivedIdsMax, receivedSessionsMax } from "../../protocol/limits.ts";

/** By session token, the oldest first; each set has the oldest id first. */
export type ReceivedIds = Map<string, Set<number>>;

export function noteReceivedId(received: ReceivedIds, session: string, id: number): void {
  noteReceivedIds(received, session, [id]);
}

/** Notes ids in the order in which they were received. */
export function noteReceivedIds(
  received: ReceivedIds,
  session: string,
  added: readonly number[] | Float64Array,
): void {
  let ids = received.get(session);
  if (ids === undefined) {
    ids = new Set();
    setBounded(received, session, ids, receivedSessionsMax);
  }
  for (const id of added.slice(-receivedIdsMax)) ids.add(id);
  for (const oldest of ids) {
    if (ids.size <= receivedIdsMax) return;
    ids.delete(oldest);
  }
}

export function hasReceivedId(received: ReceivedIds, session: string, id: number): boolean {
  return received.get(session)?.has(id) === true;
}
