/** Whether other machines can reach a side. */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { Side } from "../model/side.ts";
import { isGroupSide } from "../outbound/multicast-group.ts";

export function isOpenToNetwork(local: Endpoint): boolean {
  if (local.family === "unix") return false;
  return !(local.family === "IPv4" ? local.address.startsWith("127.") : local.address === "::1");
}

/** True if strangers on the network can reach this side. */
export function isSideOpenToNetwork(side: Pick<Side, "transport" | "socket">): boolean {
  if (side.socket.local === undefined || !isOpenToNetwork(side.socket.local)) return false;
  return side.socket.role === "listen" || (side.socket.isOpen && isGroupSide(side));
}
