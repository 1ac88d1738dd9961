/** Looks up the addresses of a name, for rules about who may join. */

import type { HostAddresses } from "../protocol/address/host-range.ts";
import { resolveHost } from "../transport/addresses/resolve.ts";

/** All addresses of the name: a rule that left some out would let a denied host in. Never rejects. */
export async function findHostAddresses(host: string): Promise<HostAddresses> {
  const resolution = await resolveHost(host, undefined, Number.POSITIVE_INFINITY);
  if (!resolution.ok) return resolution;
  return { ok: true, addresses: resolution.addresses.map(({ address }) => address) };
}
