/** A path of this process to a host that made it a member. Types only. */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";

export interface KnownPath {
  readonly connection: ConnectionId;
  readonly endpoint: Endpoint;
  /** Our member number there. */
  readonly number: number;
  /** The key that the host gave us on this path. */
  readonly key: string;
}
