/**
 * Resolves names to addresses. Names are never passed to Bun: it would connect to all its addresses at once and reset
 * all but one, and listeners would see connections that end immediately. Literals need no resolver.
 */

import { readFileSync } from "node:fs";
import { canonicalizeAddress } from "../../protocol/address/address.ts";
import { isUnspecified, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import type { ErrorCode } from "../../protocol/sockets/network-error.ts";
import { stripBrackets, readErrorCode } from "../kernel/error-code.ts";
import { nameZone } from "../kernel/zones.ts";

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

export type Addresses = readonly [Address, ...Address[]];

export type Resolution =
  { readonly ok: true; readonly addresses: Addresses } | { readonly ok: false; readonly code: ErrorCode };

/** Addresses of one name that are tried; a name with more is misconfigured or hostile. */
const addressesMax = 8;

/** `host` as a canonical address if it is a literal, with or without brackets; undefined for a name. */
export function parseAddress(host: string): Address | undefined {
  const address = canonicalizeAddress(nameZone(stripBrackets(host)));
  return address === undefined ? undefined : { address, family: address.includes(":") ? 6 : 4 };
}

/** The addresses of localhost, in the order they are tried: duet listens at 127.0.0.1 by default. */
const loopback: readonly Address[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];

/** `localhost` and names that end in it are this machine without asking a resolver (RFC 6761 §6.3). */
const localName = /^(.+\.)?localhost\.?$/i;

/** The addresses of `host` in the resolver's order, at most `max`, or only those of `family`. Never rejects. */
export async function resolveHost(host: string, family?: 4 | 6, max = addressesMax): Promise<Resolution> {
  const literal = parseAddress(host);
  if (literal !== undefined) {
    if (family !== undefined && family !== literal.family) return { ok: false, code: "EAFNOSUPPORT" };
    if (!hasKnownZone(literal.address)) return { ok: false, code: "ENODEV" };
    return { ok: true, addresses: [literal] };
  }
  if (host === "") return { ok: false, code: "ENOTFOUND" };
  if (localName.test(host))
    return toResolution(
      loopback.filter((entry) => family === undefined || entry.family === family),
      max,
    );
  const name = await toAsciiName(host);
  if (name === "") return { ok: false, code: "ENOTFOUND" };
  try {
    // libc orders by RFC 6724 and reads /etc/hosts and nsswitch.conf, as nc does; c-ares, Bun's default, lost ::1.
    const found = await Bun.dns.lookup(name, { family: family ?? 0, backend: "libc" });
    return toResolution(
      found.flatMap(({ address }) => parseAddress(address) ?? []),
      max,
    );
  } catch (thrown) {
    const code = readErrorCode(thrown);
    return { ok: false, code: code === "EUNKNOWN" ? "ENOTFOUND" : code };
  }
}

/**
 * As resolveHost(), for a peer: the kernel sends what is addressed to an unspecified address to this machine, so that
 * is replaced by the loopback addresses. `::` stands for both families, since IPv6 may be switched off.
 */
export async function resolvePeer(host: string, family?: 4 | 6): Promise<Resolution> {
  const resolution = await resolveHost(host, family);
  if (!resolution.ok) return resolution;
  return toResolution(
    resolution.addresses.flatMap((to) => {
      if (!isUnspecified(makeIpEndpoint(to.address, 0))) return [to];
      return to.family === 4 || family === 6
        ? loopback.filter((each) => each.family === to.family)
        : loopback.toReversed();
    }),
    addressesMax,
  );
}

/** An internationalized name in punycode (RFC 5891), which libc expects; empty if it is none. */
async function toAsciiName(host: string): Promise<string> {
  if (!/[^\p{ASCII}]/u.test(host)) return host;
  const { domainToASCII } = await import("node:url");
  return domainToASCII(host);
}

/** Alternates the families, beginning with the first address's (RFC 8305 §4), and else keeps the order. */
export function interleaveFamilies(addresses: readonly Address[]): readonly Address[] {
  const first = addresses[0]?.family;
  const same = addresses.filter(({ family }) => family === first);
  const other = addresses.filter(({ family }) => family !== first);
  const pairs = same.flatMap((address, index) => [address, ...other.slice(index, index + 1)]);
  return [...pairs, ...other.slice(same.length)];
}

/** False if the zone of an address (`%eth0`, `%2`) is no interface here: the kernel would take another, or none. */
function hasKnownZone(address: string): boolean {
  const [, zone] = address.split("%");
  if (zone === undefined) return true;
  try {
    // The index of an interface without IPv6 is not listed, and of no use to a zone.
    const indexes = readFileSync("/proc/net/if_inet6", "utf8").split("\n");
    if (indexes.some((line) => Number.parseInt(line.split(" ")[1] ?? "", 16) === Number(zone))) return true;
    return readFileSync("/proc/net/dev", "utf8").includes(` ${zone}:`);
  } catch {
    return true; // No /proc: the kernel decides.
  }
}

function toResolution(found: readonly Address[], max: number): Resolution {
  const distinct = new Map(found.map((entry) => [entry.address, entry]));
  const [first, ...others] = [...distinct.values()].slice(0, max);
  return first === undefined ? { ok: false, code: "ENOTFOUND" } : { ok: true, addresses: [first, ...others] };
}
