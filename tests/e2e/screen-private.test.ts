/** The addressee of private lines is chosen with a key and shown before the line. */

import { expect, test } from "bun:test";
import { startClient } from "../support/raw-client.ts";
import { startOnScreen } from "../support/screens.ts";

test("Alt-↓ chooses a peer, the prompt names it, and only that peer receives the line", async () => {
  await using duet = await startOnScreen(["-l", "127.0.0.1", "0"], { columns: 120, rows: 24 });
  const port = await duet.port();
  using one = await startClient(port);
  one.write("I am one\n");
  await duet.sees("I am one");
  using two = await startClient(port);
  two.write("I am two\n");
  await duet.sees("I am two");
  duet.type("\x1b[1;3B");
  await duet.sees(/^→ 127\.0\.0\.1:\d+ │/);
  duet.say("for you alone");
  await duet.sees(/→ \S+ │ for you alone/);
  duet.say("/to");
  await duet.sees(/^ada │/);
  duet.say("for all");
  await one.waitForText("for all\n");
  await two.waitForText("for all\n");
  expect([one.text, two.text].filter((text) => text.includes("alone"))).toHaveLength(1);
});
