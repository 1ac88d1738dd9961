/** 100,000 datagrams with the endpoints of two duets: forged, and recorded earlier and replayed. */

import { expect, test } from "bun:test";
import type { Endpoint } from "../../src/protocol/address/endpoint.ts";
import { peerNoticesBurst } from "../../src/protocol/limits.ts";
import type { Duet } from "../support/chat-world.ts";
import { home, World } from "../support/chat-world.ts";
import type { IpEndpoint } from "../support/fake-network.ts";

const count = 100_000;

/** A random number from 0 to `below`, the same for each run (a linear congruence, Numerical Recipes). */
function seededDice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function chattingRoom() {
  const world = new World();
  const hub = world.hub({}, "udp");
  const [ann, bob] = [world.member("ann", "udp"), world.member("bob", "udp")];
  for (let round = 0; round < 10; round += 1) {
    ann.say(`ann's ${round}`);
    bob.say(`bob's ${round}`);
    hub.say(`hub's ${round}`);
    world.pass(300);
  }
  return { world, hub, ann, bob };
}

/** The state that must not change: members, states and messages. */
function readState(duets: readonly Duet[]): unknown {
  return duets.map((duet) => ({
    heard: duet.receivedLines(),
    members: duet.memberNames(),
    names: duet.peerNames(),
    states: [...duet.chat.peers.values()].map(
      ({ link: { state, endReason: ending }, identity: { kind }, handshake: { isProven: proven } }) => [
        state,
        kind,
        proven,
        ending,
      ],
    ),
    messages: duet.lines("udp").filter((line) => line.startsWith("<")),
  }));
}

const forgeries: readonly ((roll: (below: number) => number) => string)[] = [
  () => "junk",
  (roll) => `duet/1 {"type":"message","id":${roll(99)},"text":"forged","k":"${"0".repeat(16)}"}`,
  (roll) => `duet/1 {"type":"message","id":${roll(99)},"text":"forged","n":${roll(99)}}`,
  (roll) => `duet/1 {"type":"ack","upTo":${roll(9999)},"k":"${"f".repeat(16)}"}`,
  () => `duet/1 {"type":"goodbye","reason":"forged","k":"${"a".repeat(16)}"}`,
  (roll) => `duet/1 {"type":"hello","name":"eve","session":"${roll(99)}","key":"${"b".repeat(16)}"}`,
  () => `duet/1 {"type":"welcome","you":9,"key":"${"c".repeat(16)}","members":[]}`,
  () => "duet/1 {oops",
  () => 'duet/7 {"type":"hello"}',
];

test("spoofed and replayed datagrams change nothing for duets, and later lines are delivered", () => {
  const { world, hub, ann, bob } = chattingRoom();
  const all = [hub, ann, bob];
  const recorded = [...world.network.datagrams];
  expect([hub, ann, bob].map((duet) => duet.receivedLines().length)).toEqual([20, 20, 20]);
  const endpoints = [
    home,
    ...[ann, bob].map((duet) => duet.chat.sides.udp.socket.local as Endpoint as IpEndpoint),
  ];
  const endpointOf = new Map(endpoints.map((place) => [`${place.address}:${place.port}`, place]));
  const before = readState(all);
  const linesBefore = all.map((duet) => duet.lines("udp").length);
  const roll = seededDice(20_261_126);
  for (let index = 0; index < count; index += 1) {
    const old = recorded[roll(recorded.length)]!;
    const [from, to] = [endpointOf.get(old.from)!, endpointOf.get(old.to)!];
    const bytes = roll(2) === 0 ? old.bytes : Buffer.from(forgeries[roll(forgeries.length)]!(roll));
    world.network.datagram(from, to, bytes);
    world.network.datagrams.length = 0;
    if (index % 1000 === 0) world.pass(1);
  }
  expect(readState(all)).toEqual(before);
  for (const [index, duet] of all.entries())
    expect(duet.lines("udp").length - linesBefore[index]!).toBeLessThanOrEqual(peerNoticesBurst);
  ann.say("still ann");
  world.pass(2000);
  expect(hub.receivedLines().at(-1)).toBe("<ann> still ann");
  expect(bob.receivedLines().at(-1)).toBe("<ann> still ann");
});

test("a newcomer that spoofs a victim's address causes no more bytes to the victim than it sent", () => {
  const { world, hub } = chattingRoom();
  const victim: IpEndpoint = { family: "IPv4", address: "192.0.2.66", port: 53 };
  const roll = seededDice(7);
  let spoofed = 0;
  world.network.datagrams.length = 0;
  for (let index = 0; index < 10_000; index += 1) {
    const bytes = Buffer.from(forgeries[roll(forgeries.length)]!(roll));
    spoofed += bytes.length;
    world.network.datagram(victim, home, bytes);
    if (index % 100 === 0) world.pass(1000);
  }
  const sent = world.network.datagrams
    .filter(({ to }) => to === "192.0.2.66:53")
    .reduce((sum, { bytes }) => sum + bytes.length, 0);
  expect(sent).toBeLessThanOrEqual(spoofed);
  expect(hub.memberNames().filter((name) => name !== "ann" && name !== "bob")).toEqual(["192.0.2.66:53"]);
});
