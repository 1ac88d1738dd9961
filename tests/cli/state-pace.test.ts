/** Printed changes of state keep the pace of notices, and those left out are counted. */

import { expect, test } from "bun:test";
import { peerNoticesBurst, peerNoticesPerSecond } from "../../src/protocol/limits.ts";
import { StatePace } from "../../src/cli/output/state-pace.ts";

const change = (atMs: number) => ({ type: "state", atMs, peer: "192.0.2.1:9" }) as const;

test("as many changes at once as notices, then as many a second, and the others are counted", () => {
  const pace = new StatePace();
  const print = (atMs: number, changes: number): number =>
    Array.from({ length: changes }, () => pace.mayPrint(change(atMs))).filter(Boolean).length;
  expect(print(10_000, peerNoticesBurst + 1)).toBe(peerNoticesBurst);
  expect(print(20_000, 554)).toBe(peerNoticesBurst);
  expect(print(21_000, 554)).toBe(peerNoticesPerSecond);
  const leftOut = 1 + 2 * 554 - peerNoticesBurst - peerNoticesPerSecond;
  expect(pace.takeLeftOut(21_000)).toMatchObject({ params: { lines: leftOut } });
  expect(pace.takeLeftOut(30_000)).toBeUndefined();
});

test("changes of our own socket and everything else are always printed", () => {
  const pace = new StatePace();
  for (let index = 0; index < 2 * peerNoticesBurst; index += 1) pace.mayPrint(change(0));
  expect(pace.mayPrint({ type: "state", atMs: 0 })).toBe(true);
  expect(pace.mayPrint({ type: "message", atMs: 0, peer: "192.0.2.1:9" })).toBe(true);
  expect(pace.mayPrint(change(0))).toBe(false);
});

test("a clock that is set back takes nothing away", () => {
  const pace = new StatePace();
  expect(pace.mayPrint(change(1_000_000))).toBe(true);
  expect(pace.mayPrint(change(0))).toBe(true);
});
