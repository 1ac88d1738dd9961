/** An impaired UDP network: each line is delivered once and in order. How many datagrams were dropped is chance. */

import { expect } from "bun:test";
import { Folder, startDuet } from "../support/duet.ts";
import { EventLog } from "./event-log.ts";
import { golden } from "./transcript.ts";

golden("trouble-udp-loss", async (transcript) => {
  using folder = new Folder();
  const logs = [new EventLog(folder, "ann"), new EventLog(folder, "bob")] as const;
  const here = ["-u", "-l", "127.0.0.1", "0", "--plain", "--name", "ann", ...logs[0].option];
  await using ann = startDuet(here, { folder });
  const port = await ann.port();
  transcript.namePort(port, "p-ann");
  const to = ["-u", "--duet", "127.0.0.1", String(port), "--plain", "--name", "bob", ...logs[1].option];
  await using bob = startDuet([...to, "--trouble", "loss=20% seed=7"], { folder });
  await bob.waitForError(/you are bob in ann's room/);
  const [, bobsPort] = await ann.waitForError(/bob \(127\.0\.0\.1:(\d+)\) joined/);
  transcript.namePort(Number(bobsPort), "p-bob");
  const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
  bob.write(numbers.map((number) => `from bob, line ${number}\n`).join(""));
  ann.write(numbers.map((number) => `from ann, line ${number}\n`).join(""));
  await ann.waitForLine("from bob, line 20");
  await bob.waitForLine("from ann, line 20");
  for (const log of logs) await log.waitForReceipts(20);
  for (const program of [bob, ann]) {
    program.signal("SIGTERM");
    await program.waitForExit();
  }
  expect(bob.errors).toMatch(/trouble was on\. What it did: \d+ dropped, 0 doubled/);
  transcript.write("ann --plain", ann.output);
  transcript.write("bob --plain --trouble 'loss=20% seed=7'", bob.output);
});
