/**
 * Connection ids: one counter for all transports, so that an id identifies one connection for the life of the process.
 */

import type { ConnectionId } from "../protocol/sockets/socket-event.ts";

let last = 0;

/** An id that this process has not used before. */
export function createConnectionId(): ConnectionId {
  last += 1;
  return last as ConnectionId;
}
