/** The history is there in the next run, and two duets at once do not lose each other's lines. */

import { expect, test } from "bun:test";
import { readFileSync, statSync } from "node:fs";
import { Folder } from "../support/duet.ts";
import { startOnScreen } from "../support/screens.ts";

const listening = ["-l", "127.0.0.1", "0", "--name", "ann"];
const up = "\x1b[A";

test("the up arrow restores lines of the last run and of a concurrent one", async () => {
  using folder = new Folder();
  await using one = await startOnScreen(listening, { folder });
  await using other = await startOnScreen(listening, { folder });
  one.say("/who");
  await one.sees(/  you  TCP/);
  one.say(" private");
  await one.sees(/private/);
  other.say("//of the other");
  await other.sees(/\/of the other/);
  one.type("\x15\x03\x03");
  await one.terminal.waitForExit();
  other.type("\x15\x03\x03");
  await other.terminal.waitForExit();
  const path = folder.join("state/duet/history");
  expect(readFileSync(path, "utf8").split("\n").toSorted()).toEqual(["", "//of the other", "/who"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await using next = await startOnScreen(listening, { folder });
  next.type(up);
  await next.composes("//of the other");
  next.type(up);
  await next.composes("/who");
});
