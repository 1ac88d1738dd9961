/** Ranges of addresses, and the endpoints in them. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { parseIpAddress } from "../../src/protocol/address/address.ts";
import { isInCidr, parseCidr } from "../../src/protocol/address/cidr.ts";
import { makeIpEndpoint } from "../../src/protocol/address/endpoint.ts";

function contains(range: string, address: string): boolean | undefined {
  const cidr = parseCidr(range);
  return cidr && isInCidr(cidr, { family: address.includes(":") ? "IPv6" : "IPv4", address, port: 9 });
}

test.each([
  ["10.0.0.0/8", "10.255.255.255", true],
  ["10.0.0.0/8", "11.0.0.0", false],
  ["10.1.2.3/8", "10.9.9.9", true],
  ["192.168.1.7", "192.168.1.7", true],
  ["192.168.1.7", "192.168.1.8", false],
  ["0.0.0.0/0", "203.0.113.5", true],
  ["0.0.0.0/0", "::1", false],
  ["::/0", "2001:db8::1", true],
  ["::/0", "127.0.0.1", false],
  ["fe80::/10", "fe80::1%eth0", true],
  ["fe80::/10", "fec0::1", false],
  ["fe80::/10", "FE80::1%wlan+:0", true],
  ["FE80::1%eth0", "fe80::1%eth1", true],
  ["127.0.0.1", "::ffff:7f00:1", true],
  ["::1", "0:0:0:0:0:0:0:1", true],
  ["127.0.0.0/8", "::ffff:127.0.0.1", true],
  ["::ffff:10.0.0.0/104", "10.1.1.1", true],
  ["::ffff:10.0.0.0/104", "11.1.1.1", false],
  ["128.0.0.0/1", "255.255.255.255", true],
])("%s contains %s: %p", (range, address, expected) => {
  expect(contains(range, address)).toBe(expected);
});

test.each([
  "",
  "/",
  "10/8",
  "10.0.0.0/33",
  "::/129",
  "10.0.0.0/-1",
  "10.0.0.0/8/8",
  "010.0.0.1",
  "1.2.3",
  "::1::",
  ":::",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7::8",
  "g::",
  "1.2.3.4::",
  "::1.2.3",
  "fe80::%",
  "localhost",
])("%p is no range", (text) => {
  expect(parseCidr(text)).toBeUndefined();
});

test("a UNIX endpoint is in no range", () => {
  const everything = parseCidr("::/0");
  expect(everything && isInCidr(everything, { family: "unix", path: "/tmp/chat" })).toBe(false);
});

test("an address is in every range made of it, and out of those with the last kept bit flipped", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(128), (address, bits) => {
      const width = address.includes(":") ? 128 : 32;
      const range = parseCidr(`${address}/${Math.min(bits, width)}`);
      expect(range && isInCidr(range, makeIpEndpoint(address, 1))).toBe(true);
      if (range === undefined || range.prefixBits === 0) return;
      expect(isInCidr({ ...range, network: range.network ^ 1n }, makeIpEndpoint(address, 1))).toBe(false);
    }),
  );
});

test("no text makes the parsers throw", () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."0123456789abcdef:./%") }));
  fc.assert(
    fc.property(text, (written) => {
      const address = parseIpAddress(written);
      if (address !== undefined) expect(address.value >> (address.family === "IPv4" ? 32n : 128n)).toBe(0n);
      parseCidr(written);
    }),
  );
});
