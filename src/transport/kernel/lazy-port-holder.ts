/** Loads port-holder.ts when it is needed: most starts find their port free, and loading takes 2 ms. */

import type { TransportName } from "../../protocol/sockets/socket-event.ts";

/** Calls `onFound` with `nc (pid 4711)`, or with "another program" if the system does not show which. Never fails. */
export function lookUpPortHolder(
  transport: TransportName,
  port: number,
  onFound: (holder: string) => void,
): void {
  import("./port-holder.ts")
    .then(({ findPortHolder }) => findPortHolder(transport, port))
    .catch(() => undefined)
    .then((holder) => onFound(holder ?? "another program"));
}
