/** The addresses that a UDP socket can be bound to, and those that it can reach from there. */

import { isLoopback, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import type { Address, Addresses, Resolution } from "../addresses/resolve.ts";
import { readErrorCode } from "../kernel/error-code.ts";

/** An address to bind to, and the peer's address that is reached from there, if the peer decides. */
interface BindChoice {
  readonly hostname: string;
  readonly to?: Address;
}

export type BindChoices = readonly [BindChoice, ...BindChoice[]];

/**
 * The addresses to bind a listener to, the next if the machine does not have the one before: `::` for both families
 * is 0.0.0.0 where there is no IPv6. Of a name only the first.
 */
export function listListenerBinds([{ address }]: Addresses, family: 4 | 6 | undefined): BindChoices {
  return address === "::" && family !== 6
    ? [{ hostname: address }, { hostname: "0.0.0.0" }]
    : [{ hostname: address }];
}

/**
 * The addresses to bind a client's socket to, one for each of the peer's. For a peer on this machine it is loopback,
 * so that no other machine can send to it.
 */
export function listClientBinds([first, ...others]: Addresses): BindChoices {
  return [chooseClientBind(first), ...others.map(chooseClientBind)];
}

function chooseClientBind(to: Address): BindChoice {
  if (isLoopback(makeIpEndpoint(to.address, 0)))
    return { hostname: to.family === 6 ? "::1" : "127.0.0.1", to };
  return { hostname: to.family === 6 ? "::" : "0.0.0.0", to };
}

/** Binds to the first address that this machine has. Rejects as bind to the last one fails, or if another error occurs. */
export async function openFirst<Socket>(
  [choice, ...others]: BindChoices,
  open: (choice: BindChoice) => Promise<Socket>,
): Promise<BindChoice & { readonly socket: Socket }> {
  try {
    return { ...choice, socket: await open(choice) };
  } catch (thrown) {
    const [next, ...rest] = others;
    const code = readErrorCode(thrown);
    if (next === undefined || (code !== "EADDRNOTAVAIL" && code !== "EAFNOSUPPORT")) throw thrown;
    return await openFirst([next, ...rest], open);
  }
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
