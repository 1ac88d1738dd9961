/** The reasons that other members see when a connection is ended on purpose. */

import { expect, test } from "bun:test";
import { World } from "../support/chat-world.ts";

test("a member closed by the host is reported to the others as closed by the host, not as closed here", () => {
  const world = new World();
  const hub = world.hub();
  const [ann, bob] = [world.member("ann"), world.member("bob")];
  hub.command("/close bob");
  expect(hub.notices().at(-1)).toBe("bob left: closed here");
  expect(ann.notices().at(-1)).toBe("bob left: closed by the host");
  expect(bob.lines().at(-1)).toBe("hub left (closed the connection)");
});

test("a member that connects elsewhere is reported as gone elsewhere", () => {
  const world = new World();
  const hub = world.hub();
  const ann = world.member("ann");
  world.member("bob").command("/connect 127.0.0.1 9000");
  expect(hub.notices().at(-1)).toBe("bob left (opened another connection)");
  expect(ann.notices().at(-1)).toBe("bob left (opened another connection)");
});

test("a member disconnected for reading too slowly is named once, at the host and in the room", () => {
  const world = new World();
  const hub = world.hub();
  const ann = world.member("ann");
  const named = world.member("bob");
  const raw = world.program().connect().send("hi\n");
  const cutOff = (connection = named.peer().link.connection) =>
    hub.onEvent("tcp", { type: "overflowed", connection: world.network.peerOf(connection)!, bytes: 1000 });
  cutOff();
  cutOff(raw.connection);
  const why = "reads too slowly: the send queue is full, 1000 bytes did not fit";
  for (const duet of [hub, ann])
    expect(duet.notices().slice(-2)).toEqual([
      `bob left: ${why}`,
      `127.0.0.1:${raw.local.port} left: ${why}`,
    ]);
});
