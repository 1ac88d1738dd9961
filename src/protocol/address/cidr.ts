/** Ranges of addresses (RFC 4632, RFC 4291 §2.3), for --allow and --deny. */

import { formatIpAddress, parseIpAddress, unmapAddress } from "./address.ts";
import type { Endpoint } from "./endpoint.ts";

/** `network` is the address shifted right until only its `prefixBits` remain. */
export interface Cidr {
  readonly family: "IPv4" | "IPv6";
  readonly network: bigint;
  readonly prefixBits: number;
}

const mappedPrefixBits = 96;

/**
 * `10.0.0.0/8`, `fe80::/10`, or a bare address, which is a range of one. Host bits are ignored, and so is a zone: the
 * range holds on every link. A range of mapped IPv4 addresses is the IPv4 range.
 */
export function parseCidr(text: string): Cidr | undefined {
  const [addressText = "", prefixText, ...rest] = text.split("/");
  const written = parseIpAddress(addressText);
  if (written === undefined || rest.length > 0) return undefined;
  const bits = countAddressBits(written.family);
  const prefixBits = prefixText === undefined ? bits : parsePrefix(prefixText, bits);
  if (prefixBits === undefined) return undefined;
  const address = prefixBits >= mappedPrefixBits ? unmapAddress(written) : written;
  const kept = address.family === written.family ? prefixBits : prefixBits - mappedPrefixBits;
  return {
    family: address.family,
    network: computeNetwork(address.value, address.family, kept),
    prefixBits: kept,
  };
}

/** `10.0.0.0/8`, `fe80::/10`, `192.0.2.7`: the range without host bits, in the form that parseCidr reads. */
export function formatCidr({ family, network, prefixBits }: Cidr): string {
  const bits = countAddressBits(family);
  const value = network << BigInt(bits - prefixBits);
  const address = formatIpAddress({ family, value });
  return prefixBits === bits ? address : `${address}/${prefixBits}`;
}

/** Whether an endpoint is in a range. UNIX endpoints are in none. */
export function isInCidr(cidr: Cidr, endpoint: Endpoint): boolean {
  return isInRanges([cidr], endpoint);
}

/** Whether an endpoint is in one of the ranges. The address is parsed once, however many there are. */
export function isInRanges(ranges: readonly Cidr[], endpoint: Endpoint): boolean {
  if (endpoint.family === "unix" || ranges.length === 0) return false;
  const parsed = parseIpAddress(endpoint.address);
  if (parsed === undefined) return false;
  const { family, value } = unmapAddress(parsed);
  return ranges.some(
    (range) => range.family === family && computeNetwork(value, family, range.prefixBits) === range.network,
  );
}

function computeNetwork(value: bigint, family: Cidr["family"], prefixBits: number): bigint {
  return value >> BigInt(countAddressBits(family) - prefixBits);
}

function countAddressBits(family: Cidr["family"]): number {
  return family === "IPv4" ? 32 : 128;
}

function parsePrefix(text: string, bits: number): number | undefined {
  return /^\d{1,3}$/.test(text) && Number(text) <= bits ? Number(text) : undefined;
}
