/** Events that redraw the screen at once, and those that only change counters. */

import { expect, test } from "bun:test";
import { World } from "../support/chat-world.ts";

test("pings of an idle pair do not redraw the screen", () => {
  const world = new World();
  const [hub, ann] = [world.hub(), world.member("ann")];
  world.pass(30_000);
  const before = [hub, ann].map(({ chat }) => [chat.focus.shownChanges, chat.sides.tcp.counters.bytesIn]);
  world.pass(60_000);
  const after = [hub, ann].map(({ chat }) => [chat.focus.shownChanges, chat.sides.tcp.counters.bytesIn]);
  expect(after.map(([shown]) => shown)).toEqual(before.map(([shown]) => shown));
  expect(after[0]?.[1]).toBeGreaterThan(before[0]?.[1] ?? 0);
});

test("a line, growing text and a change of state redraw the screen", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  const seen: number[] = [];
  const look = (): void => void seen.push(hub.chat.focus.shownChanges);
  look();
  program.send("hel");
  look();
  program.send("lo");
  look();
  program.send("\n");
  look();
  program.fin();
  look();
  expect(seen).toEqual([...new Set(seen)].toSorted((one, other) => one - other));
});
