/** The program that holds a port (port-holder.ts), loaded when it is needed: most starts find their port free, and loading takes 2 ms. */

import type { TransportName } from "../../protocol/sockets/socket-event.ts";

/** Calls `tell` with `nc (pid 4711)`, or with "another program" where the system does not say which. Never fails. */
export function lookUpPortHolder(
  transport: TransportName,
  port: number,
  tell: (holder: string) => void,
): void {
  import("./port-holder.ts")
    .then(({ findPortHolder }) => findPortHolder(transport, port))
    .catch(() => undefined)
    .then((holder) => tell(holder ?? "another program"));
}
