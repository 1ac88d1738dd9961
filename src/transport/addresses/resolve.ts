/**
 * Resolves names to addresses. Names are never passed to Bun: it would connect to all its addresses at once and reset
 * all but one, and listeners would see connections that end immediately. Literals need no resolver.
 */

import { makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import type { ErrorCode } from "../../protocol/sockets/network-error.ts";
import { stripBrackets, readErrorCode } from "../kernel/error-code.ts";

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

export type Resolution =
  | { readonly ok: true; readonly addresses: readonly [Address, ...Address[]] }
  | { readonly ok: false; readonly code: ErrorCode };

/** Addresses of one name that are tried; a name with more is misconfigured or hostile. */
const addressesMax = 8;

/** `host` as an address if it is a literal, with or without brackets; undefined for a name. */
export function parseAddress(host: string): Address | undefined {
  const bare = canonicalizeAddress(stripBrackets(host));
  if (bare.includes(":")) return { address: bare, family: 6 };
  const octets = bare.split(".");
  const isIPv4 =
    octets.length === 4 && octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256);
  return isIPv4 ? { address: bare, family: 4 } : undefined;
}

/** An address in the kernel's notation (RFC 5952), mapped IPv4 as IPv4; anything else unchanged. */
export function canonicalizeAddress(address: string): string {
  if (!address.includes(":")) return address;
  const mapped = makeIpEndpoint(address, 0);
  if (mapped.family === "IPv4") return mapped.address;
  const url = `http://[${address}]`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : address; // With a zone it is no URL host.
}

/** The addresses of localhost, in the order they are tried: duet listens at 127.0.0.1 by default. */
const loopback: readonly Address[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];

/** `localhost` and names that end in it are this machine without asking a resolver (RFC 6761 §6.3). */
const localName = /^(.+\.)?localhost\.?$/i;

/** All addresses of `host` in the resolver's order, or only those of `family`. Never rejects. */
export async function resolveHost(host: string, family?: 4 | 6): Promise<Resolution> {
  const literal = parseAddress(host);
  if (literal !== undefined) {
    if (family !== undefined && family !== literal.family) return { ok: false, code: "EAFNOSUPPORT" };
    return { ok: true, addresses: [literal] };
  }
  if (host === "") return { ok: false, code: "ENOTFOUND" };
  if (localName.test(host))
    return toResolution(loopback.filter((entry) => family === undefined || entry.family === family));
  try {
    const { lookup } = await import("node:dns/promises");
    const found = await lookup(host, { all: true, family: family ?? 0 });
    return toResolution(
      found.map((entry) => ({ address: entry.address, family: entry.family === 6 ? 6 : 4 })),
    );
  } catch (thrown) {
    const code = readErrorCode(thrown);
    return { ok: false, code: code === "EUNKNOWN" ? "ENOTFOUND" : code };
  }
}

function toResolution(found: readonly Address[]): Resolution {
  const distinct = new Map(found.map((entry) => [entry.address, entry]));
  const [first, ...others] = [...distinct.values()].slice(0, addressesMax);
  return first === undefined ? { ok: false, code: "ENOTFOUND" } : { ok: true, addresses: [first, ...others] };
}
