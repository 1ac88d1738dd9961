/** Parsing of targets, to listen or to connect. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { anyCodePoint } from "../support/code-points.ts";
import { readDetail } from "../../src/protocol/errors/error-place.ts";
import { parsePath, parseTarget, quoteWord, type TargetDefaults } from "../../src/protocol/address/target.ts";

const listen: TargetDefaults = { role: "listen", host: "127.0.0.1", port: 8080 };
const connect: TargetDefaults = { ...listen, role: "connect" };

test.each([
  [["example.test", "80"], "example.test", 80],
  [["example.test:80"], "example.test", 80],
  [["[fe80::1%eth0]:80"], "fe80::1%eth0", 80],
  [["[::1]", "80"], "::1", 80],
  [["::1", "80"], "::1", 80],
  [["::ffff:10.0.0.1", "80"], "::ffff:10.0.0.1", 80],
  [["80"], "127.0.0.1", 80],
  [["münchen.example", "80"], "münchen.example", 80],
])("%p can be connected to", (words, host, port) => {
  expect(parseTarget(words, connect)).toEqual({ kind: "ip", host, port });
});

test("to listen, each word may be omitted and port 0 is allowed", () => {
  expect(parseTarget([], listen)).toEqual({ kind: "ip", host: "127.0.0.1", port: 8080 });
  expect(parseTarget(["0"], listen)).toEqual({ kind: "ip", host: "127.0.0.1", port: 0 });
  expect(parseTarget(["::"], listen)).toEqual({ kind: "ip", host: "::", port: 8080 });
  expect(parseTarget(["0.0.0.0:0"], listen)).toEqual({ kind: "ip", host: "0.0.0.0", port: 0 });
});

test("-U and a path name a UNIX socket, in the composer too", () => {
  expect(parseTarget(["-U", "/tmp/chat"], connect)).toEqual({ kind: "unix", path: "/tmp/chat" });
  expect(parseTarget(["-U", "@chat"], listen)).toEqual({ kind: "unix", path: "@chat" });
  expect(parseTarget(["-U", "a", "b"], listen)).toMatchObject({ kind: "usage-error" });
  expect(parsePath("")).toMatchObject({ kind: "usage-error" });
  expect(parsePath("@")).toMatchObject({ kind: "usage-error" });
});

test.each([
  [[]],
  [["example.test"]],
  [["::1:80x"]],
  [["::1:80"]],
  [["[127.0.0.1]:80"]],
  [["[::1:80"]],
  [[":80"]],
  [["host:"]],
  [["host:80", "81"]],
  [["host", "+80"]],
  [["host", "0x50"]],
  [["host", "８０"]],
  [["1.2.3.4.5:99999"]],
  [["a b", "80"]],
  [["http://host:80"]],
  [["user@host", "80"]],
  [["-x", "80"]],
  [["", "80"]],
])("%p cannot be connected to", (words) => {
  expect(parseTarget(words, connect)).toMatchObject({ kind: "usage-error" });
});

test("no words make the parser throw, and a target always has a port in range", () => {
  const word = fc.oneof(fc.string({ unit: anyCodePoint }), fc.ipV6(), fc.ipV4(), fc.nat(100_000).map(String));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 3 }), fc.constantFrom(listen, connect), (words, defaults) => {
      const target = parseTarget(words, defaults);
      if (target.kind === "ip") expect(target.port).toBeWithin(defaults.role === "listen" ? 0 : 1, 65_536);
    }),
  );
});

test("a quoted word, and the detail of an error, are never cut within a character", () => {
  expect(quoteWord(`${"y".repeat(59)}👩`)).toBe(`"${"y".repeat(59)}\ufffd…"`);
  expect(quoteWord("y".repeat(60))).toBe(`"${"y".repeat(60)}"`);
  expect(readDetail(`TypeError: ${"x".repeat(199)}👩`)).toBe(`${"x".repeat(199)}\ufffd`);
  expect(readDetail("x".repeat(201))).toBe("x".repeat(200));
});

test("a target formatted as HOST:PORT parses to itself", () => {
  fc.assert(
    fc.property(fc.ipV6(), fc.integer({ min: 1, max: 65_535 }), (host, port) => {
      expect(parseTarget([`[${host}]:${port}`], connect)).toEqual({ kind: "ip", host, port });
    }),
  );
});
