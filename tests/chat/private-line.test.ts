/** `/to`: lines go to one member alone until it is ended, and never by mistake to all. */

import { expect, test } from "bun:test";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import { type Duet, World } from "../support/chat-world.ts";

/** A hub, two clients and a raw peer. */
function room() {
  const world = new World();
  const hub = world.hub();
  const bob = world.member("bob");
  const eve = world.member("eve");
  const program = world.program().connect();
  program.send("hi\n");
  world.pass(3000);
  return { world, hub, bob, eve, program };
}

function heardBy(duet: Duet, text: string): boolean {
  return duet.receivedLines().some((line) => line.includes(text));
}

test("lines after /to are sent to that member alone, until /to without a name", () => {
  const { hub, bob, eve, program } = room();
  hub.command("/to bob");
  expect(selectScreen(hub.chat).tabs.tcp.privateWith).toBe("bob");
  expect(selectScreen(hub.chat).peers.filter(({ addressed }) => addressed)).toMatchObject([{ name: "bob" }]);
  hub.say("between us");
  hub.command("/to");
  hub.say("for all");
  expect([heardBy(bob, "between us"), heardBy(eve, "between us")]).toEqual([true, false]);
  expect([heardBy(bob, "for all"), heardBy(eve, "for all")]).toEqual([true, true]);
  expect(program.received).not.toContain("between us");
  expect(program.received).toContain("for all");
});

test("a client's private line reaches another client through the host", () => {
  const { hub, bob, eve, program } = room();
  bob.command("/to eve");
  bob.say("only eve");
  expect([heardBy(eve, "only eve"), heardBy(hub, "only eve")]).toEqual([true, false]);
  expect(selectScreen(bob.chat).peers.filter(({ addressed }) => addressed)).toMatchObject([{ name: "eve" }]);
  expect(program.received).not.toContain("only eve");
});

test("a private line to a member that left is returned, and sent to no other member", () => {
  const { hub, bob, eve } = room();
  hub.command("/to bob");
  bob.quit();
  hub.say("secret");
  expect(heardBy(eve, "secret")).toBe(false);
  expect(hub.errors().at(-1)).toContain("bob is no longer here: the line was not sent");
  hub.command("/me waves");
  expect(hub.errors().at(-1)).toContain("/me is for all");
  hub.command("/to");
  hub.say("hello");
  expect(heardBy(eve, "hello")).toBe(true);
});

test("Alt-↓ steps through all members and back to everybody", () => {
  const { hub } = room();
  const seen = Array.from({ length: 5 }, () => {
    hub.dispatch({ type: "addressee-stepped", step: 1 });
    return selectScreen(hub.chat).tabs.tcp.privateWith;
  });
  expect(seen.slice(0, 2)).toEqual(["bob", "eve"]);
  expect(seen[2]).toMatch(/^127\.0\.0\.1:/);
  expect(seen.slice(3)).toEqual([undefined, "bob"]);
  hub.dispatch({ type: "addressee-stepped", step: -1 });
  expect(selectScreen(hub.chat).tabs.tcp.privateWith).toBeUndefined();
});

test("/to reports an unknown name, and the end of a private line that is not open", () => {
  const { hub } = room();
  hub.command("/to nobody");
  expect(hub.errors().at(-1)).toContain("nobody is called nobody");
  hub.command("/to");
  expect(hub.errors().at(-1)).toContain("there is no private line to end");
});
