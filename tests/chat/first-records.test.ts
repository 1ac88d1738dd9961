/** The first records of a session have anything in them: nothing throws, no bound is exceeded, and the host chats on. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { sealTimeoutMs } from "../../src/protocol/limits.ts";
import { type Duet, World } from "../support/chat-world.ts";
import { anyCodePoint } from "../support/code-points.ts";
import { DatagramStranger, Stranger, tapBytes } from "../support/sealed-stranger.ts";

const seed = 20_261_130;
const text = fc.string({ unit: anyCodePoint, maxLength: 40 });
const base64 = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString("base64"));
const value = fc.oneof(text, base64, fc.jsonValue({ maxDepth: 2 }), fc.constant("A".repeat(2000)));
const optional = fc.option(value, { nil: undefined });

/** A hello most of whose fields are right, and some of which are anything. */
const hello = fc
  .record({
    type: fc.constant("hello"),
    name: fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: value }),
    session: fc.oneof({ weight: 4, arbitrary: fc.constant("s") }, { weight: 1, arbitrary: value }),
    key: fc.oneof({ weight: 4, arbitrary: fc.constant("k") }, { weight: 1, arbitrary: value }),
    delivery: fc.constantFrom(undefined, 1, 2),
    frames: optional,
    member: optional,
    epoch: optional,
    signing: optional,
    bound: optional,
    earlier: optional,
    renewed: optional,
    seal: fc.constantFrom(undefined, 1),
    k: optional,
  })
  .map((fields) => Buffer.from(`duet/1 ${JSON.stringify(fields)}`));

const frame = fc
  .tuple(
    fc.constantFrom("welcome", "joined", "message", "rekey", "ack", "goodbye", "verify", "left"),
    value,
    value,
  )
  .map(([type, one, other]) =>
    Buffer.from(
      `duet/1 ${JSON.stringify({ type, id: one, text: other, name: one, number: other, step: 1, noise: one })}`,
    ),
  );

const plain = fc.oneof(
  { weight: 3, arbitrary: hello },
  { weight: 1, arbitrary: frame },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 1000 }).map((bytes) => Buffer.from(bytes)) },
);

/** What holds whatever came: another member joins and is heard, and nobody but members is in the room. */
function expectGoesOn(world: World, hub: Duet, transport: "tcp" | "udp"): void {
  joined += hub.memberNames().length;
  world.pass(sealTimeoutMs + 1000);
  expect(hub.chat.room.halfOpen.size).toBe(0);
  expect(hub.memberNames().length).toBeLessThanOrEqual(1);
  expect(hub.people.readKnown().size).toBeLessThanOrEqual(1);
  const bob = world.member("robert", transport, { encrypt: "require" });
  world.pass(1000);
  bob.say("still here");
  world.pass(1000);
  expect(hub.receivedLines().filter((line) => line === "<robert> still here")).toHaveLength(1);
  expect(hub.memberNames()).toContain("robert");
}

/** How many of the strangers got into the room. */
let joined = 0;

describe("the first records of a session", () => {
  test("over TCP, cut anywhere", () => {
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1, maxLength: 4 }), fc.nat(2000), (plains, cut) => {
        const world = new World();
        const hub = world.hub({ encrypt: "require" });
        const stranger = new Stranger(world);
        const received = tapBytes(stranger.program);
        stranger.program.send(stranger.first());
        world.pass(10);
        stranger.program.send(stranger.third(received.at(-1)!)!);
        const all = Buffer.concat(plains.flatMap((one) => [one, Buffer.from("\n")]));
        for (const piece of [all.subarray(0, cut), all.subarray(cut)])
          if (piece.length > 0) stranger.program.send(stranger.session!.seal(piece));
        expectGoesOn(world, hub, "tcp");
      }),
      { seed, numRuns: 250 },
    );
  });

  test("over UDP, each a datagram, repeated or not", () => {
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1, maxLength: 4 }), fc.boolean(), (plains, isTwice) => {
        const world = new World();
        const hub = world.hub({ encrypt: "require" }, "udp");
        hub.dispatch({ type: "switched", to: "udp" });
        const stranger = new DatagramStranger(world);
        for (const one of isTwice ? [...plains, ...plains] : plains) stranger.send(one);
        expectGoesOn(world, hub, "udp");
      }),
      { seed, numRuns: 250 },
    );
    expect(joined).toBeGreaterThan(50);
  });
});
