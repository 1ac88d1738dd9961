/**
 * Where a UDP socket is to be bound and which addresses it can reach from there. It opens nothing.
 */

import { makeIpEndpoint, isLoopback } from "../../protocol/address/endpoint.ts";
import type { Address, Resolution } from "../addresses/resolve.ts";

/** Where an ephemeral socket is bound: a peer on this machine is spoken to where nobody else can hear. */
export function chooseBindAddress(peer: Address | undefined): string {
  if (peer === undefined) return "0.0.0.0";
  if (isLoopback(makeIpEndpoint(peer.address, 0))) return peer.family === 6 ? "::1" : "127.0.0.1";
  return peer.family === 6 ? "::" : "0.0.0.0";
}

/** The family of peers that a socket bound to `hostname` can reach; undefined: both. */
export function readReachableFamily(hostname: string): 4 | 6 | undefined {
  if (hostname === "::") return undefined;
  return hostname.includes(":") ? 6 : 4;
}

/** `work`, or ETIMEDOUT after `ms`. */
export async function resolveWithin(work: Promise<Resolution>, ms: number): Promise<Resolution> {
  const { promise, resolve } = Promise.withResolvers<Resolution>();
  const timer = setTimeout(resolve, ms, { ok: false, code: "ETIMEDOUT" });
  const resolution = await Promise.race([work, promise]);
  clearTimeout(timer);
  return resolution;
}

/** What Bun 1.4.5 cannot do. */
export const noUnixDatagrams = Object.assign(new Error("no UNIX datagrams"), { code: "EAFNOSUPPORT" });
