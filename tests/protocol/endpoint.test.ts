/** Endpoints that name the same socket. */

import { expect, test } from "bun:test";
import { type Endpoint, isSameEndpoint } from "../../src/protocol/address/endpoint.ts";

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
  expect(isSameEndpoint(local, { ...local, address: "fe80::9" })).toBe(true);
  expect(isSameEndpoint(local, { ...local, address: "fe80::9%eth1" })).toBe(false);
  expect(isSameEndpoint(local, { ...local, address: "fe80::8" })).toBe(false);
  expect(isSameEndpoint(local, { ...local, address: "fe80::9", port: 8081 })).toBe(false);
  const path: Endpoint = { family: "unix", path: "/run/chat" };
  expect(isSameEndpoint(path, path)).toBe(true);
  expect(isSameEndpoint(path, loopback)).toBe(false);
});
