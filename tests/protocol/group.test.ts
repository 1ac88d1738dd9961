import { expect, test } from "bun:test";
import {
  encodeGroupLine,
  groupHostDefault,
  isGroupAddress,
  parseGroupLine,
} from "../../src/protocol/lan/multicast-chat.ts";

test("a group is an address of 224.0.0.0/4 or ff00::/8", () => {
  for (const group of [
    "224.0.0.0",
    "239.255.255.255",
    groupHostDefault,
    "ff00::",
    "ff02::1%eth0",
    "ffff::1",
    "::ffff:239.1.2.3",
  ])
    expect([group, isGroupAddress(group)]).toEqual([group, true]);
  for (const host of ["223.255.255.255", "240.0.0.0", "10.0.0.1", "feff::1", "::1", "example.test", ""])
    expect([host, isGroupAddress(host)]).toEqual([host, false]);
});

test("a line has its author's name and a newline, and parses to the same message", () => {
  expect(encodeGroupLine({ name: "ann", text: "hi <bob> there" })).toBe("<ann> hi <bob> there\n");
  expect(encodeGroupLine({ name: "ann", text: "waves", isAction: true })).toBe("* ann waves\n");
  expect(encodeGroupLine({ name: "ann", text: "psst", isPrivate: true })).toBe("<ann → you> psst\n");
  for (const text of ["hi", "", " spaced ", "two\nlines", "<other> name", "你好"])
    expect(parseGroupLine(encodeGroupLine({ name: "ann", text }))).toEqual({ name: "ann", text });
});

test("a line without a name is text alone, and a claimed name is cleaned", () => {
  expect(parseGroupLine("plain\r\n")).toEqual({ name: undefined, text: "plain" });
  for (const text of ["<> x", "<ann>x", "<a\nb> x", `<${"a".repeat(65)}> x`, "ann: <b> x", ""])
    expect(parseGroupLine(text)).toEqual({ name: undefined, text });
  expect(parseGroupLine(`<${"a".repeat(64)}> x`).name).toHaveLength(32);
  expect(parseGroupLine("<\u001b[31mred\u202e> x").name).not.toMatch(/[\p{Cc}\u202e]/u);
});
