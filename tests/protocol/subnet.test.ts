import { expect, test } from "bun:test";
import { computeBroadcastAddress } from "../../src/protocol/address/subnet.ts";

test("a subnet's broadcast address is its last one, or undefined if it has none", () => {
  const known: readonly (readonly [string, string | undefined])[] = [
    ["192.0.2.7/24", "192.0.2.255"],
    ["10.1.2.3/8", "10.255.255.255"],
    ["172.16.5.4/20", "172.16.15.255"],
    ["192.0.2.9/30", "192.0.2.11"],
    ["192.0.2.8/31", undefined],
    ["192.0.2.8/32", undefined],
    ["0.0.0.0/0", "255.255.255.255"],
    ["192.0.2.7/33", undefined],
    ["192.0.2.7/", undefined],
    ["192.0.2.7", undefined],
    ["fe80::1/64", undefined],
    ["nonsense/24", undefined],
  ];
  for (const [cidr, address] of known) expect([cidr, computeBroadcastAddress(cidr)]).toEqual([cidr, address]);
});
