/** Copies of a group's datagrams by several interfaces: shown once, and what a member repeats each time. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { groupCopiesMax, groupCopyMs } from "../../src/protocol/limits.ts";
import { GroupCopies } from "../../src/transport/multicast/group-copies.ts";
import { bytesOf } from "../support/events.ts";

function openCopies(from = "192.0.2.9") {
  const copies = new GroupCopies();
  return (on: string, text: string, nowMs = 0, address = from): boolean =>
    copies.admit(on, bytesOf(text), 40_000, address, nowMs) !== undefined;
}

test("a datagram that two interfaces bring is new once, in either order", () => {
  const isNew = openCopies();
  expect([isNew("eth0", "hi"), isNew("wlan0", "hi")]).toEqual([true, false]);
  expect([isNew("wlan0", "ho"), isNew("eth0", "ho")]).toEqual([true, false]);
});

test("equal datagrams that one interface brings are all new, whenever the other's copies come", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.boolean(), { maxLength: 200 }),
      (sent, order) => {
        const isNew = openCopies();
        const left = { eth0: sent, wlan0: sent };
        let shown = 0;
        const bring = (on: "eth0" | "wlan0"): void => {
          if (left[on] === 0) return;
          left[on] -= 1;
          if (isNew(on, "ok")) shown += 1;
        };
        for (const isFirst of order) bring(isFirst ? "eth0" : "wlan0");
        while (left.eth0 > 0) bring("eth0");
        while (left.wlan0 > 0) bring("wlan0");
        expect(shown).toBe(sent);
      },
    ),
  );
});

test("what one interface lost is new on the other", () => {
  const isNew = openCopies();
  expect([isNew("eth0", "one"), isNew("wlan0", "two"), isNew("eth0", "three")]).toEqual([true, true, true]);
  expect([isNew("wlan0", "three"), isNew("eth0", "two")]).toEqual([false, false]);
});

test("equal text of another sender, or long after, is no copy; a link-local sender is known by each of its zones", () => {
  const isNew = openCopies();
  expect([isNew("eth0", "hi"), isNew("wlan0", "hi", 0, "192.0.2.10")]).toEqual([true, true]);
  expect(isNew("wlan0", "hi", groupCopyMs)).toBe(false);
  expect(isNew("eth0", "hi", 2 * groupCopyMs + 1)).toBe(true);
  expect([isNew("eth0", "yo", 0, "fe80::1%eth0"), isNew("wlan0", "yo", 0, "fe80::1%wlan0")]).toEqual([
    true,
    false,
  ]);
});

test("different and equal datagrams are remembered up to their bounds", () => {
  for (const [more, isForgotten] of [
    [groupCopiesMax - 1, false],
    [groupCopiesMax, true],
  ] as const) {
    const different = openCopies();
    different("eth0", "first");
    for (let count = 0; count < more; count += 1) different("eth0", `${count}`);
    expect(different("wlan0", "first")).toBe(isForgotten);
    const equal = openCopies();
    for (let count = 0; count <= more; count += 1) equal("eth0", "ok");
    const copies = Array.from({ length: more + 1 }, () => equal("wlan0", "ok"));
    expect(copies.filter(Boolean).length).toBe(isForgotten ? 1 : 0);
  }
});

test("a link-local sender has one zone, whichever interface brings a datagram first", () => {
  const copies = new GroupCopies();
  const admit = (zone: string, text: string, port = 40_000) =>
    copies.admit(zone, bytesOf(text), port, `fe80::1%${zone}`, 0);
  expect([admit("wlan0", "one"), admit("eth0", "one")]).toEqual(["fe80::1%wlan0", undefined]);
  expect([admit("eth0", "two"), admit("wlan0", "two")]).toEqual(["fe80::1%wlan0", undefined]);
  expect(admit("eth0", "other port", 40_001)).toBe("fe80::1%eth0");
});

test("the zones of as many senders as the bound are known, and one more forgets the first", () => {
  for (const [others, zone] of [
    [groupCopiesMax - 1, "wlan0"],
    [groupCopiesMax, "eth0"],
  ] as const) {
    const copies = new GroupCopies();
    const admit = (on: string, port: number, text: string) =>
      copies.admit(on, bytesOf(text), port, `fe80::1%${on}`, 0);
    admit("wlan0", 1, "first");
    for (let count = 0; count < others; count += 1) admit("wlan0", 2 + count, "x");
    expect(admit("eth0", 1, "later")).toBe(`fe80::1%${zone}`);
  }
});
