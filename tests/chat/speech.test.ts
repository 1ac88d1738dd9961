/** What becomes of lines that nobody can have: they come back, with the cause. */

import { expect, test } from "bun:test";
import { homeTarget, World } from "../support/chat-world.ts";

test("after /shutdown a line is refused with the true cause", () => {
  const world = new World();
  const server = world.program().listen();
  const duet = world.duet();
  duet.open({ role: "connect", target: homeTarget });
  server.send("220 mail\n");
  duet.command("/shutdown");
  duet.say("too late");
  expect(duet.errors().at(-1)).toBe("EUSAGE our FIN is sent: the line was not sent");
  expect(duet.givenBack).toEqual(["too late"]);
});

test("whether nobody has come yet, or nobody takes words any more, is told apart", () => {
  const world = new World();
  const host = world.hub();
  host.say("too early");
  expect(host.errors().at(-1)).toBe("EUSAGE nobody is here yet: the line was not sent");
  world.program().connect().send("hi\n");
  host.command("/shutdown");
  host.say("too late");
  expect(host.errors().at(-1)).toBe("EUSAGE nobody here takes words any more: the line was not sent");
  expect(host.givenBack).toEqual(["too early", "too late"]);
});
