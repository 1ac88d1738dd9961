/** A name that was chosen by /nick is there at the next start, and what is already taken in the room gets ~2. */

import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { Folder, startDuet } from "../support/duet.ts";
import { startInTerminal } from "../support/pty.ts";
import { commandOf, screenEnvironment, startOnScreen } from "../support/screens.ts";

const listening = ["-l", "127.0.0.1", "0"];

test("/nick is remembered for the next duet of the person, which --name overrides, and no program's", async () => {
  using folder = new Folder();
  {
    await using one = await startOnScreen(listening, { folder });
    await one.sees(/^ada │/m);
    one.say("/nick zoe");
    await one.sees("you are now zoe");
    await one.sees(/^zoe │/m);
    expect(readdirSync(folder.join("state/duet"))).toContain("name");
    await using other = await startOnScreen([...listening, "--name", "bob"], { folder });
    await other.sees(/^bob │/m);
    await using next = await startOnScreen(["--duet", "127.0.0.1", String(await one.port())], { folder });
    await next.sees("you are zoe~2 in zoe's room");
  }
  await using program = startDuet(["-l", "127.0.0.1", "0", "--json"], { folder });
  await program.port();
  await using guest = startDuet([
    "--duet",
    "--json",
    "--name",
    "eve",
    "127.0.0.1",
    `${await program.port()}`,
  ]);
  await guest.waitForEvent({ type: "peer", event: "identified", name: "ada" });
});

test("plain lines on a terminal remember it too", async () => {
  using folder = new Folder();
  const options = { columns: 120, env: screenEnvironment(folder) };
  const command = commandOf([...listening, "--screen-reader"]);
  {
    await using one = await startInTerminal(command, options);
    await one.waitForText("LISTEN");
    one.write("/nick zoe\r");
    await one.waitForText("you are now zoe");
  }
  await using next = await startInTerminal(command, options);
  await next.waitForText("LISTEN");
  next.write("/who\r");
  await next.waitForText("duet: zoe, 127.0.0.1");
});
