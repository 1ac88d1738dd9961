/**
 * The ids of the messages that each duet's process has sent to this host, by its session token: a line that it sends
 * again, because the receipt was lost with the connection, is known by them.
 */

import { setBounded } from "../../protocol/bounded-map.ts";
import { receivedIdsMax, receivedSessionsMax } from "../../protocol/limits.ts";

/** By session token, the oldest first; each set has the oldest id first. */
export type ReceivedIds = Map<string, Set<number>>;

export function noteReceivedId(received: ReceivedIds, session: string, id: number): void {
  let ids = received.get(session);
  if (ids === undefined) {
    ids = new Set();
    setBounded(received, session, ids, receivedSessionsMax);
  }
  ids.add(id);
  if (ids.size <= receivedIdsMax) return;
  for (const oldest of ids) {
    ids.delete(oldest);
    return;
  }
}

export function hasReceivedId(received: ReceivedIds, session: string, id: number): boolean {
  return received.get(session)?.has(id) === true;
}
