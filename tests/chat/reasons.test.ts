/** What is read elsewhere of an end that somebody chose. */

import { expect, test } from "bun:test";
import { World } from "../support/chat-world.ts";

test("who was closed by the host is not told to the others as closed here", () => {
  const world = new World();
  const hub = world.hub();
  const [ann, bob] = [world.member("ann"), world.member("bob")];
  hub.command("/close bob");
  expect(hub.notices().at(-1)).toBe("bob left: closed here");
  expect(ann.notices().at(-1)).toBe("bob left: closed by the host");
  expect(bob.lines().join("\n")).toContain("it said goodbye (closed on its side)");
});

test("who opens another connection is gone elsewhere, for those it leaves", () => {
  const world = new World();
  const hub = world.hub();
  const ann = world.member("ann");
  world.member("bob").command("/connect 127.0.0.1 9000");
  expect(hub.notices().at(-1)).toBe("bob left: it said goodbye (gone elsewhere)");
  expect(ann.notices().at(-1)).toBe("bob left: it said goodbye (gone elsewhere)");
});
