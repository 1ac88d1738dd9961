/** An undelivered line is marked on the screen, and Alt-L and r send it again to the present members. */

import { expect, test } from "bun:test";
import { Folder, startDuet } from "../support/duet.ts";
import { startOnScreen } from "../support/screens.ts";
import { freePort } from "../support/tutorial.ts";

test("a line to a dead hub is not delivered, and r sends it to the hub that replaced it", async () => {
  using folder = new Folder();
  const port = await freePort("udp");
  const there = ["127.0.0.1", String(port)];
  const startHub = (name: string) => startDuet(["-u", "-l", ...there, "--plain", "--name", name], { folder });
  await using first = startHub("ann");
  await first.port();
  await using bob = await startOnScreen(["-u", "--duet", ...there, "--name", "bob"], {
    folder,
    columns: 96,
    rows: 14,
  });
  await bob.sees("you are bob in ann's room");
  bob.say("for ann");
  await bob.sees(/bob │ for ann {2}✓ received$/m);
  first.signal("SIGKILL");
  await first.waitForExit();
  bob.say("for nobody");
  await bob.sees("✗ UNREACHABLE");
  bob.say("/close");
  await bob.sees(/for nobody \[not delivered: .*; Alt-L r sends it again\]/);
  await using second = startHub("eve");
  await second.port();
  bob.say("/reconnect");
  await bob.sees("you are bob in eve's room");
  bob.type("half a line");
  bob.type("\x1bl");
  await bob.sees("bob's line │ r sends it again");
  bob.type("r");
  expect(await second.waitForLine(/for/)).toBe("<bob> for nobody");
  await bob.sees(/bob │ for nobody {2}✓ received$/m);
  await bob.sees("for nobody [not delivered, and sent again below]");
  await bob.composes("half a line");
});
