/**
 * The ids of the messages that each duet's process has sent to this host, by its session token: a line that it sends
 * again, because the receipt was lost with the connection, is known by them.
 */

import { setBounded } from "../../protocol/bounded-map.ts";
import { receivedIdsMax, receivedSessionsMax } from "../../protocol/limits.ts";

/** By session token, the oldest first. */
export type ReceivedIds = Map<string, IdsOfSession>;

interface IdsOfSession {
  readonly ids: Set<number>;
  /** The same ids as they were noted, the oldest at `oldest` once there are receivedIdsMax. */
  readonly noted: number[];
  oldest: number;
}

export function noteReceivedId(received: ReceivedIds, session: string, id: number): void {
  noteInSession(getIdsOfSession(received, session), id);
}

/** Notes ids in the order in which they were received. */
export function noteReceivedIds(received: ReceivedIds, session: string, added: Float64Array): void {
  const known = getIdsOfSession(received, session);
  for (const id of added.subarray(-receivedIdsMax)) noteInSession(known, id);
}

function getIdsOfSession(received: ReceivedIds, session: string): IdsOfSession {
  let known = received.get(session);
  if (known === undefined) {
    known = { ids: new Set(), noted: [], oldest: 0 };
    setBounded(received, session, known, receivedSessionsMax);
  }
  return known;
}

function noteInSession(known: IdsOfSession, id: number): void {
  const { ids, noted, oldest } = known;
  if (ids.has(id)) return;
  ids.add(id);
  if (noted.length < receivedIdsMax) return void noted.push(id);
  ids.delete(noted[oldest]!);
  noted[oldest] = id;
  known.oldest = (oldest + 1) % receivedIdsMax;
}

export function hasReceivedId(received: ReceivedIds, session: string, id: number): boolean {
  return received.get(session)?.ids.has(id) === true;
}
