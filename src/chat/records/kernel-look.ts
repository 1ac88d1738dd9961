/** Purposes of a look at the kernel's TCP connections, and connections that only the kernel still has. */

import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import type { TcpFacts } from "../../protocol/sockets/tcp-facts.ts";

/** The recipient of the answer: the panel, `/stats`, or the stats of a headless chat. */
export type LookPurpose = "panel" | "command" | "output";

/** A connection that is closed for us but not in the kernel. */
export interface Leftover {
  /** undefined: the connection is not established yet. */
  readonly connection: ConnectionId | undefined;
  readonly name: string;
  readonly facts: TcpFacts;
}
