/**
 * A UDP hub that was unreachable or forgot its member: the member rejoins, and a forged hello cannot cause
 * that.
 */

import { expect, test } from "bun:test";
import { home, homeTarget } from "../support/chat-world.ts";
import { loopback } from "../support/fake-network.ts";
import { roomWithBob } from "../support/rough-room.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";

test("a member that the hub forgot during an outage rejoins, and both receive each other's lines again", () => {
  const { world, network, hub, bob, port } = roomWithBob();
  network.setCut(port, true);
  world.pass(60_000);
  expect(hub.memberNames()).toEqual([]);
  expect(bob.chat.sides.udp.socket.state).toBe("SILENT");
  network.setCut(port, false);
  world.pass(12_000);
  expect(hub.memberNames()).toEqual(["bob"]);
  expect(bob.chat.sides.udp.socket.state).toBe("OPEN");
  expect(bob.notices()).toContain("hub is back and no longer knows us: joining again");
  bob.say("here again");
  hub.say("welcome back");
  world.pass(1000);
  expect([hub.receivedLines(), bob.receivedLines()]).toEqual([["<bob> here again"], ["<hub> welcome back"]]);
});

test("a restarted hub on the same port is rejoined, and an unacknowledged line is reported as undelivered", () => {
  const { world, hub, bob } = roomWithBob();
  bob.say("to the first");
  world.pass(1000);
  world.remove(hub);
  bob.say("to nobody");
  world.pass(5000);
  const second = world.duet({ name: "second" });
  second.open({ role: "listen", target: homeTarget }, "udp");
  world.pass(30_000);
  bob.say("to the second");
  world.pass(1000);
  expect(second.receivedLines()).toEqual(["<bob> to the second"]);
  const stages = bob.outputs.flatMap((output) => (output.type === "receipt" ? [output.stage] : []));
  expect(stages).toEqual(["sent", "received", "sent", "undelivered", "sent", "received"]);
  expect(bob.lines("udp").filter((line) => line.startsWith("you are bob in"))).toHaveLength(2);
});

test("a hello from the hub's endpoint changes nothing while the hub is reachable, nor without our key", () => {
  const { world, network, hub, bob, port } = roomWithBob();
  const forge = (key?: string): void => {
    const hello = {
      type: "hello",
      name: "eve",
      session: "e".repeat(24),
      key: "f".repeat(16),
      delivery: 1,
    } as const;
    world.run(() => void world.network.datagram(home, loopback(port), Buffer.from(encodeFrame(hello, key))));
  };
  forge();
  forge(bob.peer().handshake.ourKey);
  network.setCut(port, true);
  world.pass(60_000);
  forge("x".repeat(16));
  forge();
  network.setCut(port, false);
  world.pass(12_000);
  expect([bob.chat.sides.udp.counters.forged, hub.memberNames(), bob.peer().identity.name]).toEqual([
    4,
    ["bob"],
    "hub",
  ]);
});

test("a hub that is gone for good is probed at most every five seconds", () => {
  const { world, network, hub, bob } = roomWithBob();
  world.remove(hub);
  world.pass(60_000);
  const before = network.sent;
  world.pass(100_000);
  expect(network.sent - before).toBeLessThanOrEqual(2 * 20);
  expect(bob.chat.timers.all().length).toBeLessThan(5);
});
