/** Endpoints that name the same socket. */

import { expect, test } from "bun:test";
import { Glob } from "bun";
import fc from "fast-check";
import {
  type Endpoint,
  formatEndpoint,
  isLoopback,
  isSameEndpoint,
  makeIpEndpoint,
  parseIpEndpoint,
} from "../../src/protocol/address/endpoint.ts";

const loopback: Endpoint = { family: "IPv4", address: "127.0.0.1", port: 8080 };
const loopback6: Endpoint = { family: "IPv6", address: "::1", port: 8080 };
const everywhere: Endpoint = { family: "IPv6", address: "::", port: 8080 };
const everywhere4: Endpoint = { ...loopback, address: "0.0.0.0" };

test("a bound socket is reached at its own endpoint, and if bound to all interfaces at loopback", () => {
  expect(isSameEndpoint(loopback, loopback)).toBe(true);
  expect(isSameEndpoint(loopback, { ...loopback, port: 8081 })).toBe(false);
  expect(isSameEndpoint(loopback, loopback6)).toBe(false);
  expect(isSameEndpoint(everywhere, loopback)).toBe(true);
  expect(isSameEndpoint(everywhere, loopback6)).toBe(true);
  expect(isSameEndpoint(everywhere, { ...loopback, port: 8081 })).toBe(false);
  expect(isSameEndpoint(everywhere, { ...loopback, address: "10.0.0.1" })).toBe(false);
  expect(isSameEndpoint(everywhere4, loopback)).toBe(true);
  expect(isSameEndpoint(everywhere4, loopback6)).toBe(false);
  const local: Endpoint = { family: "IPv6", address: "fe80::9%eth0", port: 8080 };
  expect(isSameEndpoint(local, { ...local, address: "fe80::9" })).toBe(false);
  expect(isSameEndpoint(local, { ...local, address: "fe80::9%eth1" })).toBe(false);
  expect(isSameEndpoint(local, { ...local, address: "fe80::8" })).toBe(false);
  expect(isSameEndpoint(local, { ...local, address: "fe80::9", port: 8081 })).toBe(false);
  const path: Endpoint = { family: "unix", path: "/run/chat" };
  expect(isSameEndpoint(path, path)).toBe(true);
  expect(isSameEndpoint(path, loopback)).toBe(false);
});

test("every spelling of an address makes one endpoint", () => {
  const spellings: Readonly<Record<string, readonly string[]>> = {
    "127.0.0.1": [
      "127.0.0.1",
      "::ffff:127.0.0.1",
      "::FFFF:127.0.0.1",
      "::ffff:7f00:1",
      "0:0:0:0:0:FFFF:7F00:0001",
    ],
    "10.7.0.1": ["::ffff:10.7.0.1%eth0", "::ffff:0a07:1"],
    "::1": ["::1", "0:0:0:0:0:0:0:1", "0000::0001", "::0.0.0.1", "::1%lo"],
    "::102:304": ["::1.2.3.4", "::0102:0304"],
    "fe80::1%eth0": ["fe80::1%eth0", "FE80::1%eth0", "fe80:0:0:0::0001%eth0", "FE80::0.0.0.1%eth0"],
    "ff02::1%eth0": ["FF02:0::1%eth0"],
    "2001:db8::1": ["2001:DB8::1", "2001:0db8:0::1%eth0"],
    "fe80::1%br-lan@x": ["FE80::1%br-lan@x"],
  };
  for (const [address, written] of Object.entries(spellings))
    for (const each of written) {
      const family = address.includes(":") ? "IPv6" : "IPv4";
      expect([each, makeIpEndpoint(each, 8080)]).toEqual([each, { family, address, port: 8080 }]);
    }
  expect(isLoopback(makeIpEndpoint("::ffff:7f00:1", 1))).toBe(true);
  expect(makeIpEndpoint("fe80::1%Eth0", 1).address).toBe("fe80::1%Eth0");
});

test("any 16 bytes, however they are spelled, make one endpoint, which its text makes again", () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  const zeros = fc.constant(0);
  fc.assert(
    fc.property(fc.array(fc.oneof(group, zeros), { minLength: 8, maxLength: 8 }), (groups) => {
      const full = groups.map((each) => each.toString(16).padStart(4, "0").toUpperCase()).join(":");
      const short = new URL(`http://[${full}]`).hostname.slice(1, -1);
      const endpoint = makeIpEndpoint(full, 7);
      expect(makeIpEndpoint(short, 7)).toEqual(endpoint);
      expect(makeIpEndpoint(endpoint.address, 7)).toEqual(endpoint);
      expect(parseIpEndpoint(formatEndpoint(endpoint))).toEqual(endpoint);
      expect(parseIpEndpoint(`[${full}]:7`)).toEqual(endpoint);
    }),
  );
});

test("an endpoint as text is read in any spelling, and nothing else is", () => {
  expect(parseIpEndpoint("[FE80::1%eth0]:80")).toEqual(makeIpEndpoint("fe80::1%eth0", 80));
  expect(parseIpEndpoint("[::ffff:7f00:1]:80")).toEqual(makeIpEndpoint("127.0.0.1", 80));
  for (const text of [
    "",
    "ann",
    "127.0.0.1",
    "::1:80",
    "[::1]",
    "127.0.0.01:80",
    "[::1]:999999",
    "/run/chat",
  ])
    expect([text, parseIpEndpoint(text)]).toEqual([text, undefined]);
});

test("an IP endpoint is made in endpoint.ts alone", async () => {
  const makers: string[] = [];
  for (const file of new Glob("src/**/*.{ts,tsx}").scanSync(root)) {
    const source = await Bun.file(`${root}/${file}`).text();
    if (/\{ ?family: [^;|{}]{1,60}, address\b[:,]/.test(source)) makers.push(file);
  }
  expect(makers).toEqual(["src/protocol/address/endpoint.ts"]);
});

const root = new URL("../..", import.meta.url).pathname;
