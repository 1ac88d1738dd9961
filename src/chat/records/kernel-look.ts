/** What is asked of the kernel about TCP connections, and the connections that only the kernel still has. */

import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import type { TcpFacts } from "../../protocol/sockets/tcp-facts.ts";

/** Whom the answer is for: the panel, /stats, or the stats of who has no screen. */
export type LookPurpose = "panel" | "command" | "output";

/** A connection that is over for us, and of which the kernel still knows. */
export interface Leftover {
  /** undefined: it is not over, but not made yet. */
  readonly connection: ConnectionId | undefined;
  readonly name: string;
  readonly facts: TcpFacts;
}
