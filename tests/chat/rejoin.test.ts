/** A hub over UDP that was away, or that has forgotten its member: the member finds it again, and nobody else can say so. */

import { expect, test } from "bun:test";
import { home, homeTarget } from "../support/chat-world.ts";
import { loopback } from "../support/fake-network.ts";
import { roomWithBob } from "../support/rough-room.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";

test("after a cut that made the hub forget it, a member is in the room again, and both hear each other", () => {
  const { world, network, hub, bob, port } = roomWithBob();
  network.setCut(port, true);
  world.pass(60_000);
  expect(hub.memberNames()).toEqual([]);
  expect(bob.chat.sides.udp.socket.state).toBe("SILENT");
  network.setCut(port, false);
  world.pass(12_000);
  expect(hub.memberNames()).toEqual(["bob"]);
  expect(bob.chat.sides.udp.socket.state).toBe("OPEN");
  expect(bob.notices()).toContain("hub is heard again and knows us no more: we join anew");
  bob.say("here again");
  hub.say("welcome back");
  world.pass(1000);
  expect([hub.heard(), bob.heard()]).toEqual([["<bob> here again"], ["<hub> welcome back"]]);
});

test("a hub that was started anew on its port is joined by itself; what it never acknowledged is said", () => {
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
  expect(second.heard()).toEqual(["<bob> to the second"]);
  const stages = bob.outputs.flatMap((output) => (output.type === "receipt" ? [output.stage] : []));
  expect(stages).toEqual(["sent", "received", "sent", "undelivered", "sent", "received"]);
  expect(bob.lines("udp").filter((line) => line.startsWith("you are bob in"))).toHaveLength(2);
});

test("a hello in the hub's name changes nothing while the hub is heard, nor without our key", () => {
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

test("a hub that is gone for good is asked every five seconds, and no more", () => {
  const { world, network, hub, bob } = roomWithBob();
  world.remove(hub);
  world.pass(60_000);
  const before = network.left;
  world.pass(100_000);
  expect(network.left - before).toBeLessThanOrEqual(2 * 20);
  expect(bob.chat.timers.all().length).toBeLessThan(5);
});
