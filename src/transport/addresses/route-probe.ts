/**
 * Why a connect really failed. Bun 1.4.5 says ECONNREFUSED for every failed TCP connect and nothing for
 * some (bun-traps.test.ts); connecting a datagram socket to the same address asks the kernel for a route
 * and sends nothing.
 */

import type { ErrorCode } from "../../protocol/sockets/network-error.ts";
import type { Address } from "./resolve.ts";
import { readErrorCode } from "../kernel/error-code.ts";
import { isNeighbourMissing } from "../kernel/socket-options.ts";

/** The error of the route to `to`, undefined when there is a route. */
export async function probeRoute(to: Address, port: number): Promise<ErrorCode | undefined> {
  try {
    const probe = await Bun.udpSocket({
      hostname: to.family === 6 ? "::" : "0.0.0.0", // Without it Bun 1.4.5 takes an IPv4 socket for IPv6 too.
      connect: { hostname: to.address, port },
      socket: { data: ignore, error: ignore },
    });
    probe.close();
    return undefined;
  } catch (thrown) {
    return readErrorCode(thrown);
  }
}

function ignore(): void {}

/** The true code of a connect to an IP address of which Bun said `told`. */
export async function findConnectErrorCode(told: ErrorCode, to: Address, port: number): Promise<ErrorCode> {
  if (told !== "ECONNREFUSED" && told !== "EUNKNOWN") return told;
  const route = await probeRoute(to, port);
  if (route !== undefined && route !== "EUNKNOWN") return route;
  return isNeighbourMissing(to.address) ? "EHOSTUNREACH" : told;
}
