/** A rule about who may join that names a host: its addresses are looked up, and the ranges around them apply. */

import { type Cidr, parseCidr } from "./cidr.ts";
import { isHostName } from "./target.ts";

/** A name for the ranges around each of its addresses. */
export interface HostRange {
  readonly host: string;
  /** `/24`, or empty for the addresses alone. */
  readonly prefix: string;
}

/** A name's addresses, or the resolver's code. */
export type HostAddresses =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly code: string };

/** Undefined for what is no name: `10.0.0.1-20`, `10.0.0.256`, `10.0.0.0/33`. */
export function parseHostRange(word: string): HostRange | undefined {
  const [, host = "", prefix = ""] = /^([^/]*)(\/\d{1,3})?$/.exec(word) ?? [];
  const lastLabel = host.replace(/\.$/, "").split(".").at(-1) ?? "";
  if (!isHostName(host) || host.includes("*") || /^\d[\d-]*$/.test(lastLabel)) return undefined;
  return { host, prefix };
}

/** The ranges around a name's addresses; none if the prefix fits no address. */
export function makeRanges({ prefix }: HostRange, addresses: readonly string[]): readonly Cidr[] {
  return addresses.flatMap((address) => parseCidr(`${address}${prefix}`) ?? []);
}
