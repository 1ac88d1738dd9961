/** The address to bind a UDP socket to, and the addresses that it can reach from there. */

import { isLoopback, isUnspecified, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import type { Address, Resolution } from "../addresses/resolve.ts";

/**
 * The address to bind a client's socket to. For a peer on this machine it is loopback, so that no other machine can
 * send to it.
 */
export function chooseBindAddress(peer: Address | undefined): string {
  if (peer === undefined) return "0.0.0.0";
  if (isLoopback(makeIpEndpoint(chooseDestination(peer), 0))) return peer.family === 6 ? "::1" : "127.0.0.1";
  return peer.family === 6 ? "::" : "0.0.0.0";
}

/** The address that answers: the kernel sends what is addressed to 0.0.0.0 or :: to this machine's loopback. */
export function chooseDestination({ address, family }: Address): string {
  if (!isUnspecified(makeIpEndpoint(address, 0))) return address;
  return family === 6 ? "::1" : "127.0.0.1";
}

/** The family of the peers that a socket bound to `hostname` can reach; undefined: both. */
export function readReachableFamily(hostname: string): 4 | 6 | undefined {
  if (hostname === "::") return undefined;
  return hostname.includes(":") ? 6 : 4;
}

/** Awaits `work`; ETIMEDOUT after `ms`. */
export async function resolveWithin(work: Promise<Resolution>, ms: number): Promise<Resolution> {
  const { promise, resolve } = Promise.withResolvers<Resolution>();
  const timer = setTimeout(resolve, ms, { ok: false, code: "ETIMEDOUT" });
  const resolution = await Promise.race([work, promise]);
  clearTimeout(timer);
  return resolution;
}

/** Bun 1.4.5 has no UNIX datagram sockets. */
export const noUnixDatagrams = Object.assign(new Error("no UNIX datagrams"), { code: "EAFNOSUPPORT" });
