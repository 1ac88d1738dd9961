/** Presence resync over UDP: a member that received nothing for over a minute has the room right again. */

import { describe, expect, test } from "bun:test";
import { deliveryMaxMs } from "../../src/protocol/limits.ts";
import { type Duet, home, World } from "../support/chat-world.ts";
import { loopback } from "../support/fake-network.ts";
import { RoughNetwork } from "../support/rough-network.ts";
import { roughRoom, udpPort } from "../support/rough-room.ts";
import { seeded } from "../support/seeded.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { parseFrame } from "../../src/protocol/frames/frame-codec.ts";

/** The names that a member knows in the hub's room. */
function namesKnownTo(member: Duet): readonly string[] {
  return [...member.peer().hostRoom.members.values()].map(({ name }) => name);
}

/**
 * The welcomes with `rest` sent to a member after it had joined, by frame number: how many `joined` follow
 * each.
 */
function countResyncs(world: World, to: Duet): { readonly rests: Map<number, number> } {
  const rests = new Map<number, number>();
  const port = udpPort(to)!;
  const forward = world.network.forward!;
  world.network.forward = (from, target, bytes) => {
    const parsed = target.port === port ? parseFrame(Buffer.from(bytes).toString()) : undefined;
    if (parsed?.kind === "frame" && parsed.frame.type === "welcome" && parsed.frame.rest !== undefined)
      rests.set(parsed.order?.number ?? 0, parsed.frame.rest);
    forward(from, target, bytes);
  };
  return { rests };
}

test("presence changes missed during an outage are reported after one resync", () => {
  const { world, network, hub, members } = roughRoom(["ann", "bob", "eve"]);
  const [ann, bob, eve] = members;
  const { rests } = countResyncs(world, ann);
  const port = udpPort(ann)!;
  network.setCutOneWay(port, "to", true);
  bob.quit();
  eve.command("/nick eva");
  hub.command("/nick host");
  hub.dispatch({ type: "switched", to: "udp" });
  world.member("dan", "udp");
  world.pass(deliveryMaxMs + 10_000);
  expect(namesKnownTo(ann)).toEqual(["hub", "bob", "eve"]);
  network.setCutOneWay(port, "to", false);
  const before = ann.notices().length;
  world.pass(10_000);
  expect(namesKnownTo(ann).toSorted()).toEqual(["dan", "eva", "host"]);
  expect(ann.peer().identity.name).toBe("host");
  const notices = ann.notices().slice(before).join("\n");
  for (const text of ["eve is now eva", "hub is now host", "dan", "bob left"])
    expect(notices).toContain(text);
  expect(rests.size).toBe(1);
  world.pass(60_000);
  expect(rests.size).toBe(1);
});

test("a resync reports our own changed name", () => {
  const { world, network, hub, members } = roughRoom(["ann"]);
  const [ann] = members;
  network.setCutOneWay(udpPort(ann)!, "to", true);
  hub.command("/nick ann boss");
  ann.command("/nick anna");
  world.pass(deliveryMaxMs + 10_000);
  expect(ann.peer().hostRoom.ourName).toBe("ann");
  network.setCutOneWay(udpPort(ann)!, "to", false);
  world.pass(10_000);
  expect(ann.peer().hostRoom.ourName).toBe(hub.memberNames()[0]!);
  expect(ann.notices().join("\n")).toContain(`you are now ${hub.memberNames()[0]}`);
});

test("a resync of a large room takes several frames, and does not report members that stayed", () => {
  const names = Array.from({ length: 40 }, (_, index) => `member-${index}`);
  const { world, network, hub, members } = roughRoom(names);
  const [first, second] = members as readonly [Duet, Duet, ...Duet[]];
  const { rests } = countResyncs(world, first);
  network.setCutOneWay(udpPort(first)!, "to", true);
  second.quit();
  world.pass(deliveryMaxMs + 10_000);
  network.setCutOneWay(udpPort(first)!, "to", false);
  const before = first.notices().length;
  world.pass(10_000);
  const there = ["hub", ...hub.memberNames().filter((name) => name !== "member-0")];
  expect(namesKnownTo(first).toSorted()).toEqual(there.toSorted());
  expect([...rests.values()][0]).toBeGreaterThan(5);
  const notices = first.notices().slice(before).join("\n");
  expect(notices).toContain("member-1 left");
  expect(notices).not.toContain("joined");
});

test("a resync is sent at most once per delivery timeout, however long the outage lasts", () => {
  const { world, network, members } = roughRoom(["ann", "bob"]);
  const [ann, bob] = members;
  const { rests } = countResyncs(world, ann);
  network.setCutOneWay(udpPort(ann)!, "to", true);
  bob.quit();
  for (let count = 0; count < 20; count += 1) {
    const client = world.member(`guest-${count}`, "udp");
    world.pass(15_000);
    client.quit();
    world.pass(15_000);
  }
  expect(rests.size).toBeGreaterThan(5);
  expect(rests.size).toBeLessThanOrEqual(600_000 / deliveryMaxMs);
  network.setCutOneWay(udpPort(ann)!, "to", false);
  world.pass(10_000);
  expect(namesKnownTo(ann)).toEqual(["hub"]);
});

test("no resync is sent while no presence frame was given up", () => {
  const { world, network, members } = roughRoom(["ann", "bob"]);
  const [ann, bob] = members;
  const { rests } = countResyncs(world, ann);
  network.setCutOneWay(udpPort(ann)!, "to", true);
  bob.quit();
  world.pass(deliveryMaxMs - 10_000);
  network.setCutOneWay(udpPort(ann)!, "to", false);
  world.pass(20_000);
  expect(namesKnownTo(ann)).toEqual(["hub"]);
  expect(rests.size).toBe(0);
});

describe("a repeated welcome", () => {
  /** A member that receives these frames from its hub's endpoint. */
  function receiveFrames(...frames: readonly Parameters<typeof encodeFrame>[0][]) {
    const { world, network, members } = roughRoom(["ann", "bob", "eve"]);
    const [ann] = members;
    const before = ann.notices().length;
    for (const frame of frames)
      world.run(
        () =>
          void world.network.datagram(
            home,
            loopback(udpPort(ann)!),
            Buffer.from(encodeFrame(frame, ann.peer().handshake.ourKey)),
          ),
      );
    expect(network.lost).toBe(0);
    return { ann, notices: ann.notices().slice(before), key: ann.peer().handshake.theirKey ?? "" };
  }

  const us = { number: 2, name: "ann" };
  const host = { number: 1, name: "hub" };
  const again = { type: "welcome", you: 2, key: "k" } as const;

  test("without a rest, as from an older duet, removes no member", () => {
    const { ann, notices } = receiveFrames({ ...again, members: [host, us] });
    expect(namesKnownTo(ann)).toEqual(["hub", "bob", "eve"]);
    expect(notices).toEqual([]);
  });

  test("with a rest removes members only once all of it arrived", () => {
    const bob = { type: "joined", number: 3, name: "bob" } as const;
    const welcome = { ...again, members: [host, us], rest: 2 };
    expect(namesKnownTo(receiveFrames(welcome, bob).ann)).toEqual(["hub", "bob", "eve"]);
    const { ann, notices } = receiveFrames(welcome, bob, { type: "joined", number: 9, name: "dan" });
    expect(namesKnownTo(ann)).toEqual(["hub", "bob", "dan"]);
    expect(notices.join("\n")).toContain("eve left");
    // A hub that announces more than it ever sends keeps the known members.
    expect(
      namesKnownTo(receiveFrames({ ...again, members: [host, us], rest: Number.MAX_SAFE_INTEGER }, bob).ann),
    ).toEqual(["hub", "bob", "eve"]);
  });

  test("with an empty list removes all members", () => {
    expect(namesKnownTo(receiveFrames({ ...again, members: [], rest: 0 }).ann)).toEqual([]);
  });
});

describe("a name", () => {
  test("chosen during the greeting is our name in the room", () => {
    const world = new World();
    const network = new RoughNetwork(world, seeded(1), { loss: 0, duplicated: 0, delayMs: 200, jitterMs: 0 });
    const hub = world.hub({}, "udp");
    const bob = world.member("bob", "udp");
    bob.command("/udp");
    bob.command("/nick rob");
    expect(network.sent).toBe(1);
    world.pass(5000);
    expect([hub.memberNames(), bob.peer().hostRoom.ourName]).toEqual([["rob"], "rob"]);
    expect(bob.notices().at(-1)).toBe("you are now rob");
  });

  test("chosen behind unacknowledged lines is ours once the hub is reachable again", () => {
    const { world, network, hub, members } = roughRoom(["bob"]);
    const [bob] = members;
    network.setCutOneWay(udpPort(bob)!, "to", true);
    for (let line = 0; line < 60; line += 1) bob.say(`line ${line} ${"-".repeat(1000)}`);
    bob.command("/nick rob");
    world.pass(deliveryMaxMs + 20_000);
    expect(hub.memberNames()).toEqual(["bob"]);
    network.setCutOneWay(udpPort(bob)!, "to", false);
    world.pass(10_000);
    expect([hub.memberNames(), bob.peer().hostRoom.ourName]).toEqual([["rob"], "rob"]);
  });

  test("that is taken is requested once more, changes nothing and is not reported", () => {
    const { world, hub, members } = roughRoom(["bob", "bob"]);
    const [first, second] = members;
    world.pass(10_000);
    expect([hub.memberNames(), second.peer().hostRoom.ourName]).toEqual([["bob", "bob~2"], "bob~2"]);
    expect([...hub.notices(), ...first.notices()].join("\n")).not.toContain(" is now ");
  });
});
