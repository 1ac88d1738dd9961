/** The room told anew, over UDP: who heard nothing for over a minute, and was heard itself, has it right again. */

import { describe, expect, test } from "bun:test";
import { deliveryMaxMs } from "../../src/protocol/limits.ts";
import { type Duet, home, World } from "../support/chat-world.ts";
import { loopback } from "../support/fake-network.ts";
import { RoughNetwork } from "../support/rough-network.ts";
import { roughRoom, udpPort } from "../support/rough-room.ts";
import { seeded } from "../support/seeded.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { parseFrame } from "../../src/protocol/frames/frame-codec.ts";

/** Whom a member knows to be there, but itself. */
function knownTo(member: Duet): readonly string[] {
  return [...member.peer().hubRoom.members.values()].map(({ name }) => name);
}

/** Whole rooms that left for a member after it had joined, each counted once. */
function watchRenewals(world: World, to: Duet): { readonly rests: Map<number, number> } {
  const rests = new Map<number, number>();
  const port = udpPort(to)!;
  const carry = world.network.carry!;
  world.network.carry = (from, target, bytes) => {
    const parsed = target.port === port ? parseFrame(Buffer.from(bytes).toString()) : undefined;
    if (parsed?.kind === "frame" && parsed.frame.type === "welcome" && parsed.frame.rest !== undefined)
      rests.set(parsed.order?.number ?? 0, parsed.frame.rest);
    carry(from, target, bytes);
  };
  return { rests };
}

test("who came, went and took another name while nothing came is known, and told as news, once all is well", () => {
  const { world, network, hub, members } = roughRoom(["ann", "bob", "eve"]);
  const [ann, bob, eve] = members;
  const { rests } = watchRenewals(world, ann);
  const port = udpPort(ann)!;
  network.setCutOneWay(port, "to", true);
  bob.quit();
  eve.command("/nick eva");
  hub.command("/nick host");
  hub.dispatch({ type: "switched", to: "udp" });
  world.member("dan", "udp");
  world.pass(deliveryMaxMs + 10_000);
  expect(knownTo(ann)).toEqual(["hub", "bob", "eve"]);
  network.setCutOneWay(port, "to", false);
  const before = ann.notices().length;
  world.pass(10_000);
  expect(knownTo(ann).toSorted()).toEqual(["dan", "eva", "host"]);
  expect(ann.peer().identity.name).toBe("host");
  const told = ann.notices().slice(before).join("\n");
  for (const words of ["eve is now eva", "hub is now host", "dan", "bob left"]) expect(told).toContain(words);
  expect(rests.size).toBe(1);
  world.pass(60_000);
  expect(rests.size).toBe(1);
});

test("our own name, too, as it is there by now", () => {
  const { world, network, hub, members } = roughRoom(["ann"]);
  const [ann] = members;
  network.setCutOneWay(udpPort(ann)!, "to", true);
  hub.command("/nick ann boss");
  ann.command("/nick anna");
  world.pass(deliveryMaxMs + 10_000);
  expect(ann.peer().hubRoom.ourName).toBe("ann");
  network.setCutOneWay(udpPort(ann)!, "to", false);
  world.pass(10_000);
  expect(ann.peer().hubRoom.ourName).toBe(hub.memberNames()[0]!);
  expect(ann.notices().join("\n")).toContain(`you are now ${hub.memberNames()[0]}`);
});

test("a room that no frame holds is told anew by several, and whoever is there still is told of by nobody", () => {
  const names = Array.from({ length: 40 }, (_, index) => `member-${index}`);
  const { world, network, hub, members } = roughRoom(names);
  const [first, second] = members as readonly [Duet, Duet, ...Duet[]];
  const { rests } = watchRenewals(world, first);
  network.setCutOneWay(udpPort(first)!, "to", true);
  second.quit();
  world.pass(deliveryMaxMs + 10_000);
  network.setCutOneWay(udpPort(first)!, "to", false);
  const before = first.notices().length;
  world.pass(10_000);
  const there = ["hub", ...hub.memberNames().filter((name) => name !== "member-0")];
  expect(knownTo(first).toSorted()).toEqual(there.toSorted());
  expect([...rests.values()][0]).toBeGreaterThan(5);
  const told = first.notices().slice(before).join("\n");
  expect(told).toContain("member-1 left");
  expect(told).not.toContain("joined");
});

test("however long nothing comes, the room is not told anew more than once in the time that news is tried", () => {
  const { world, network, members } = roughRoom(["ann", "bob"]);
  const [ann, bob] = members;
  const { rests } = watchRenewals(world, ann);
  network.setCutOneWay(udpPort(ann)!, "to", true);
  bob.quit();
  for (let count = 0; count < 20; count += 1) {
    const guest = world.member(`guest-${count}`, "udp");
    world.pass(15_000);
    guest.quit();
    world.pass(15_000);
  }
  expect(rests.size).toBeGreaterThan(5);
  expect(rests.size).toBeLessThanOrEqual(600_000 / deliveryMaxMs);
  network.setCutOneWay(udpPort(ann)!, "to", false);
  world.pass(10_000);
  expect(knownTo(ann)).toEqual(["hub"]);
});

test("while nothing was given up, nothing is told anew", () => {
  const { world, network, members } = roughRoom(["ann", "bob"]);
  const [ann, bob] = members;
  const { rests } = watchRenewals(world, ann);
  network.setCutOneWay(udpPort(ann)!, "to", true);
  bob.quit();
  world.pass(deliveryMaxMs - 10_000);
  network.setCutOneWay(udpPort(ann)!, "to", false);
  world.pass(20_000);
  expect(knownTo(ann)).toEqual(["hub"]);
  expect(rests.size).toBe(0);
});

describe("a welcome that comes again", () => {
  /** What a member makes of frames in its hub's name. */
  function heard(...frames: readonly Parameters<typeof encodeFrame>[0][]) {
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
    return { ann, told: ann.notices().slice(before), key: ann.peer().handshake.theirKey ?? "" };
  }

  const us = { number: 2, name: "ann" };
  const host = { number: 1, name: "hub" };
  const again = { type: "welcome", you: 2, key: "k" } as const;

  test("without a rest, as from an older duet, takes nobody away", () => {
    const { ann, told } = heard({ ...again, members: [host, us] });
    expect(knownTo(ann)).toEqual(["hub", "bob", "eve"]);
    expect(told).toEqual([]);
  });

  test("with a rest waits for all of it before it takes anybody away", () => {
    const bob = { type: "joined", number: 3, name: "bob" } as const;
    const welcome = { ...again, members: [host, us], rest: 2 };
    expect(knownTo(heard(welcome, bob).ann)).toEqual(["hub", "bob", "eve"]);
    const { ann, told } = heard(welcome, bob, { type: "joined", number: 9, name: "dan" });
    expect(knownTo(ann)).toEqual(["hub", "bob", "dan"]);
    expect(told.join("\n")).toContain("eve left");
    // A hub that promises more than ever comes keeps what was known.
    expect(knownTo(heard({ ...again, members: [host, us], rest: Number.MAX_SAFE_INTEGER }, bob).ann)).toEqual(
      ["hub", "bob", "eve"],
    );
  });

  test("that names nobody leaves nobody", () => {
    expect(knownTo(heard({ ...again, members: [], rest: 0 }).ann)).toEqual([]);
  });
});

describe("a name", () => {
  test("chosen while the greeting was on its way is ours there", () => {
    const world = new World();
    const network = new RoughNetwork(world, seeded(1), { loss: 0, doubled: 0, delayMs: 200, jitterMs: 0 });
    const hub = world.hub({}, "udp");
    const bob = world.member("bob", "udp");
    bob.command("/udp");
    bob.command("/nick rob");
    expect(network.left).toBe(1);
    world.pass(5000);
    expect([hub.memberNames(), bob.peer().hubRoom.ourName]).toEqual([["rob"], "rob"]);
    expect(bob.notices().at(-1)).toBe("you are now rob");
  });

  test("chosen behind lines that nobody acknowledged is ours once the hub is heard again", () => {
    const { world, network, hub, members } = roughRoom(["bob"]);
    const [bob] = members;
    network.setCutOneWay(udpPort(bob)!, "to", true);
    for (let line = 0; line < 60; line += 1) bob.say(`line ${line}`);
    bob.command("/nick rob");
    world.pass(deliveryMaxMs + 20_000);
    expect(hub.memberNames()).toEqual(["bob"]);
    network.setCutOneWay(udpPort(bob)!, "to", false);
    world.pass(10_000);
    expect([hub.memberNames(), bob.peer().hubRoom.ourName]).toEqual([["rob"], "rob"]);
  });

  test("that is taken is asked for once more, changes nothing and is told to nobody", () => {
    const { world, hub, members } = roughRoom(["bob", "bob"]);
    const [first, second] = members;
    world.pass(10_000);
    expect([hub.memberNames(), second.peer().hubRoom.ourName]).toEqual([["bob", "bob~2"], "bob~2"]);
    expect([...hub.notices(), ...first.notices()].join("\n")).not.toContain(" is now ");
  });
});
