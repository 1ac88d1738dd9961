/** Loads port-holder.ts when it is needed: most starts find their port free, and loading takes 2 ms. */

import type { PortHolder } from "../../protocol/sockets/network-error.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";

/** Calls `onFound` with what has the port of a host, or with "another program" if the system does not show it. Never fails. */
export function lookUpPortHolder(
  transport: TransportName,
  host: string,
  port: number,
  onFound: (found: PortHolder) => void,
): void {
  import("./port-holder.ts")
    .then(({ findPortHolder }) => findPortHolder(transport, host, port))
    .catch(() => undefined)
    .then((found) => onFound(found ?? { holder: "another program" }));
}
