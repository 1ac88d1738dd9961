/**
 * Where connection ids come from: one counter for all transports, so that an id names one connection of
 * the process for ever. It knows nothing of sockets.
 */

import type { ConnectionId } from "../protocol/sockets/socket-event.ts";

let last = 0;

/** An id never given before in this process. */
export function createConnectionId(): ConnectionId {
  last += 1;
  return last as ConnectionId;
}
