/** `/identity` on screens: shown, backed up, renewed, and read again by another duet of the same person that runs. */

import { expect, test } from "bun:test";
import fs from "node:fs";
import { Folder, startDuet } from "../support/duet.ts";
import { type ScreenDuet, startOnScreen } from "../support/screens.ts";

const require = ["--encrypt", "require"];

/** The key that `/identity` shows. */
async function readKey({ terminal }: ScreenDuet): Promise<string> {
  const find = (): readonly string[] =>
    terminal
      .screen()
      .join(" ")
      .match(/your key: [a-z2-7]{52}/g) ?? [];
  const shown = find().length;
  terminal.write("/identity\r");
  await terminal.waitFor(() => find().length > shown, "our key");
  return find().at(-1)!.slice(-52);
}

test("a backup is another way in, and a renewal reaches the duets that run", async () => {
  using folder = new Folder();
  using friends = new Folder();
  const wide = { columns: 160, rows: 40 };
  await using ann = await startOnScreen(["-l", "127.0.0.1", "0", ...require], { folder, ...wide });
  const port = String(await ann.port());
  const before = await readKey(ann);
  const copy = folder.join("copy");
  ann.say(`/identity backup ${copy}`);
  await ann.sees("is copied to");
  expect([fs.statSync(copy).mode & 0o777, fs.readFileSync(copy, "utf8")]).toEqual([
    0o600,
    fs.readFileSync(folder.join("data/duet/identity"), "utf8"),
  ]);
  ann.say(`/identity backup ${copy}`);
  await ann.sees("exists already and stays as it is");
  const join = ["--duet", "127.0.0.1", port, "--json", "--name", "bob", ...require];
  await using first = startDuet(join, { folder: friends });
  await first.waitForEvent({ type: "peer", event: "identified", security: "encrypted" });
  // Another duet of ann, which has read the identity already.
  await using other = await startOnScreen(["-l", "127.0.0.1", "0", ...require], { folder, ...wide });
  expect(await readKey(other)).toBe(before);
  other.say("/identity renew");
  await other.sees("/identity renew yes does it");
  other.say("/identity renew yes");
  await other.sees("your key is now");
  const after = await readKey(ann);
  expect([after === before, await readKey(other)]).toEqual([false, after]);
  first.write("still here\n");
  await ann.sees("still here");
  first.signal("SIGTERM");
  await first.waitForExit();
  await using again = startDuet(join, { folder: friends });
  await again.waitForEvent({ type: "peer", event: "identified", security: "known" });
  const known = fs.readFileSync(friends.join("data/duet/known_peers"), "utf8");
  expect(known).toContain(`"key":"${after}"`);
  expect(known).toContain(`"replaced":["${before}"]`);
  await using old = await startOnScreen(["--identity", copy, "-l", "127.0.0.1", "0", ...require], {
    folder,
    ...wide,
  });
  expect(await readKey(old)).toBe(before);
});
