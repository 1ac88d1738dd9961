/** A duet that did not run for a while (Ctrl-Z, a suspended machine) lets nobody go for a silence that was its own. */

import { describe, expect, test } from "bun:test";
import { ActiveClock } from "../../src/session/active-clock.ts";
import { World } from "../support/chat-world.ts";

const sleepsMs = [25_000, 10 * 60_000];

describe.each(sleepsMs)("after a sleep of %i ms", (ms) => {
  test("a host over UDP keeps a raw peer, and receives what it sent meanwhile", () => {
    const world = new World();
    const hub = world.hub({ name: "hub" }, "udp");
    const nc = world.program("udp").connect().send("before\n");
    world.pass(1000);
    hub.suspend();
    world.pass(ms);
    nc.send("meanwhile\n");
    hub.resume();
    world.pass(10);
    expect(hub.receivedLines("udp").map((line) => line.replace(/^<.*> /, ""))).toEqual([
      "before",
      "meanwhile",
    ]);
    expect(hub.peer().link.state).toBe("OPEN");
    expect(hub.notices().join("\n")).not.toMatch(/silent|gone|left/);
  });

  test("a host over UDP still lets a raw peer go once it was itself silent long enough", () => {
    const world = new World();
    const hub = world.hub({ name: "hub" }, "udp");
    world.program("udp").connect().send("before\n");
    world.pass(1000);
    hub.suspend();
    world.pass(ms);
    hub.resume();
    world.pass(4 * 60_000);
    expect(hub.chat.peers.size).toBe(1);
    world.pass(2 * 60_000);
    expect(hub.chat.peers.size).toBe(0);
  });

  test("a host over TCP asks its members again before it lets one go", () => {
    const world = new World();
    const hub = world.hub({ name: "hub" });
    const member = world.member("ann");
    world.pass(12_000);
    // Both are suspended: the member as well has no reason to end the connection.
    hub.suspend();
    member.suspend();
    world.pass(ms);
    hub.resume();
    world.pass(14_000);
    expect(hub.memberNames()).toContain("ann");
    member.resume();
    world.pass(30_000);
    expect(hub.memberNames()).toContain("ann");
    expect(hub.errors()).toEqual([]);
  });
});

describe("the clock", () => {
  test("continues at the deadline that was missed, and is monotonic", () => {
    let rawMs = 1000;
    const clock = new ActiveClock(() => rawMs);
    clock.setDue(3000);
    rawMs = 4000;
    expect(clock.now()).toBe(4000);
    rawMs = 63_000;
    expect(clock.now()).toBe(4000);
    rawMs = 63_500;
    expect(clock.now()).toBe(4500);
    clock.setDue(undefined);
    rawMs = 99_000;
    expect(clock.now()).toBe(40_000);
    clock.setDue(50_000);
    rawMs = 200_000;
    expect(clock.now()).toBe(50_000);
  });
});
