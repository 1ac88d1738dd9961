/**
 * Finds why a connect really failed. Bun 1.4.5 reports ECONNREFUSED for every failed TCP connect and nothing for some
 * (bun-traps.test.ts); connecting a datagram socket to the same address makes the kernel look up the route, and sends
 * nothing.
 */

import type { ErrorCode } from "../../protocol/sockets/network-error.ts";
import type { Address } from "./resolve.ts";
import { readErrorCode } from "../kernel/error-code.ts";
import { isNeighbourMissing } from "../kernel/socket-options.ts";

/** The error of the route to `to`; undefined if there is a route. */
export async function probeRoute(to: Address, port: number): Promise<ErrorCode | undefined> {
  try {
    const probe = await Bun.udpSocket({
      hostname: to.family === 6 ? "::" : "0.0.0.0", // Without it Bun 1.4.5 opens an IPv4 socket even for IPv6.
      connect: { hostname: to.address, port },
      socket: { data: ignoreEvent, error: ignoreEvent },
    });
    probe.close();
    return undefined;
  } catch (thrown) {
    return readErrorCode(thrown);
  }
}

/** True if the kernel has no IPv6 at all. Bun 1.4.5 does not report why it cannot listen there. */
export async function isIpv6Missing(): Promise<boolean> {
  try {
    const probe = await Bun.udpSocket({ hostname: "::", port: 0, socket: { data: ignoreEvent } });
    probe.close();
    return false;
  } catch (thrown) {
    return readErrorCode(thrown) === "EAFNOSUPPORT";
  }
}

function ignoreEvent(): void {}

/** The true code of a connect to an IP address for which Bun reported `reported`. */
export async function findConnectErrorCode(
  reported: ErrorCode,
  to: Address,
  port: number,
): Promise<ErrorCode> {
  if (reported !== "ECONNREFUSED" && reported !== "EUNKNOWN") return reported;
  // EUNKNOWN: not even a datagram socket could be connected there, so nobody has refused anything.
  const route = await probeRoute(to, port);
  if (route !== undefined) return route;
  return isNeighbourMissing(to.address) ? "EHOSTUNREACH" : reported;
}
