/** Lines without a possible recipient are returned with the cause. */

import { expect, test } from "bun:test";
import { homeTarget, World } from "../support/chat-world.ts";

test("a line after /shutdown is refused with its cause", () => {
  const world = new World();
  const server = world.program().listen();
  const duet = world.duet();
  duet.open({ role: "connect", target: homeTarget });
  server.send("220 mail\n");
  duet.command("/shutdown");
  duet.say("too late");
  expect(duet.errors().at(-1)).toBe("EUSAGE our FIN is sent: the line was not sent");
  expect(duet.returnedLines).toEqual(["too late"]);
});

test("a line is refused for different causes before a peer connects and after /shutdown", () => {
  const world = new World();
  const host = world.hub();
  host.say("too early");
  expect(host.errors().at(-1)).toBe("EUSAGE nobody is here yet: the line was not sent");
  world.program().connect().send("hi\n");
  host.command("/shutdown");
  host.say("too late");
  expect(host.errors().at(-1)).toBe("EUSAGE nobody here accepts messages any more: the line was not sent");
  expect(host.returnedLines).toEqual(["too early", "too late"]);
});
