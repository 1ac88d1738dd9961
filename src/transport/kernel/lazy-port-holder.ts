/** Who holds a port, loaded when it is asked: most starts find their port free, and loading takes 2 ms. */

import type { TransportName } from "../../protocol/sockets/socket-event.ts";

/** Tells `nc (pid 4711)`, or that it is another program, where the system does not say which. Never fails. */
export function tellPortHolder(transport: TransportName, port: number, tell: (holder: string) => void): void {
  import("./port-holder.ts")
    .then(({ findPortHolder }) => findPortHolder(transport, port))
    .catch(() => undefined)
    .then((holder) => tell(holder ?? "another program"));
}
