/** `/verify` between real duets on terminals: the digits of two screens, and what is kept of them. */

import { expect, test } from "bun:test";
import { Folder } from "../support/duet.ts";
import { type ScreenDuet, startOnScreen } from "../support/screens.ts";
import { until } from "../support/wait.ts";

async function start(name: string, args: readonly string[], folder: Folder): Promise<ScreenDuet> {
  const options = ["--encrypt", "require", "--name", name, ...args];
  return await startOnScreen(options, { folder, columns: 200, rows: 30 });
}

/** The digits that the screen shows last. */
async function readDigits(duet: ScreenDuet): Promise<string> {
  let digits: string | undefined;
  await until(() => {
    const text = duet.terminal.screen().join("\n");
    digits = [...text.matchAll(/!! │ (\d{4} \d{4} \d{4}) {2}are your digits/g)].at(-1)?.[1];
    return digits !== undefined;
  }, "the digits");
  return digits ?? "";
}

/** The port that a host listens at. */
async function findPort(host: ScreenDuet): Promise<string> {
  let port: string | undefined;
  await until(() => {
    [, port] = /127\.0\.0\.1:(\d+) is ours/.exec(host.terminal.screen().join("\n")) ?? [];
    return port !== undefined;
  }, "the port");
  return port ?? "";
}

test.each([[[]], [["-u"]]])("two people on two screens agree, and stay VERIFIED (%j)", async (flags) => {
  using home = new Folder();
  using bobs = new Folder();
  await using ann = await start("ann", ["-l", ...flags, "0"], home);
  const port = await findPort(ann);
  {
    await using bob = await start("bob", ["--duet", ...flags, port], bobs);
    await bob.sees("you are bob in ann's room");
    bob.say("/verify ann");
    const digits = await readDigits(bob);
    expect(await readDigits(ann)).toBe(digits);
    await ann.sees("bob, who asks to compare keys");
    ann.say("/verify bob same");
    await ann.sees("bob is VERIFIED once bob has agreed too");
    await bob.sees("ann says that the digits are the same");
    bob.say("/verify ann same");
    await bob.sees("ann is VERIFIED: each of you has the other's key");
    await ann.sees("bob is VERIFIED: each of you has the other's key");
    for (const duet of [ann, bob]) {
      expect(duet.terminal.screen()[0]).toContain(" VERIFIED ");
      await duet.sees(/│ {3}VERIFIED/);
    }
    bob.say("/quit");
    await ann.sees("bob left");
  }
  await using again = await start("bob", ["--duet", ...flags, port], bobs);
  await again.sees("you are bob in ann's room");
  await again.sees(/│ {3}VERIFIED/);
});

test("two members compare through a host, a refusal is explained, and the row of the panel is marked", async () => {
  const folders = [new Folder(), new Folder(), new Folder()] as const;
  try {
    await using hub = await start("hub", ["-l", "0"], folders[0]);
    const port = await findPort(hub);
    await using ann = await start("ann", ["--duet", port], folders[1]);
    await ann.sees("you are ann in hub's room");
    await using bob = await start("bob", ["--duet", port], folders[2]);
    await ann.sees("bob (127.0.0.1:");
    ann.say("/verify bob");
    const digits = await readDigits(ann);
    expect(await readDigits(bob)).toBe(digits);
    expect(hub.terminal.screen().join("\n")).not.toContain(digits);
    ann.say("/verify bob different");
    await ann.sees("bob was not verified: the digits are different");
    await bob.sees("ann was not verified: ann says that the digits are different");
    bob.say("/verify ann");
    await ann.sees("bob, who asks to compare keys");
    ann.say("/verify bob same");
    bob.say("/verify ann same");
    await ann.sees("bob is VERIFIED: each of you");
    await ann.sees(/VERIFIED {2}through the host/);
  } finally {
    for (const folder of folders) folder[Symbol.dispose]();
  }
});
