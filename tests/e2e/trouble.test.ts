/** Impairment as a person makes it, on the command line and on the screen, between real sockets. */

import { expect, test } from "bun:test";
import { startDuet } from "../support/duet.ts";
import { startOnScreen } from "../support/screens.ts";

const listening = ["-u", "-l", "127.0.0.1", "0", "--name", "ann"];

test("--trouble reports on standard error that it is on and its counts, and calls as they returned", async () => {
  await using hub = startDuet([...listening, "--plain"]);
  const to = ["-u", "127.0.0.1", String(await hub.port())];
  await using sender = startDuet([...to, "--plain", "-v", "--trouble", "loss=100% seed=7"]);
  await sender.waitForError(/trouble is on for every UDP datagram, both ways: loss 100%/);
  for (let line = 0; line < 5; line += 1) sender.write(`line ${line}\n`);
  await sender.waitForError(/(sendto 127.0.0.1:\d+ 6 B\n[^]*){5}/);
  sender.signal("SIGTERM");
  expect(await sender.waitForExit()).toMatchObject({ code: 143 });
  expect(sender.errors).toContain("trouble was on. What it did: 5 dropped, 0 doubled");
  await using other = startDuet([...to, "--plain"]);
  other.write("this one\n");
  await hub.waitForLine("this one");
  expect(hub.output).not.toContain("line");
});

test.each(["--json", "--raw"])(
  "%s reports impairment as well, though it is quiet otherwise",
  async (output) => {
    await using duet = startDuet([...listening, output, "--trouble", "loss=20% delay=5ms"]);
    await duet.waitForError(/^!! trouble is on for every UDP datagram: loss 20% delay 5 ms\n$/);
  },
);

test("an invalid --trouble is wrong usage, with what is allowed", async () => {
  await using duet = startDuet([...listening, "--trouble", "loss=200%"]);
  expect((await duet.waitForExit()).code).toBe(2);
  expect(duet.errors).toContain('--trouble: "loss=200%" is not allowed: loss is from 0% to 100%');
});

test("/trouble marks the screen while it is on, loses real datagrams, and off ends it", async () => {
  await using duet = await startOnScreen(listening);
  const port = await duet.port();
  await using program = startDuet(["-u", "127.0.0.1", String(port), "--plain"]);
  program.write("before\n");
  await duet.sees("before");
  duet.say("/trouble loss=100% seed=3");
  await duet.sees(/TROUBLE loss 100%: 0 dropped/);
  duet.say("never arrives");
  await duet.sees(/TROUBLE loss 100%: 1 dropped/);
  duet.say("/tcp");
  await duet.sees(/\[TCP\]/);
  await duet.sees("TROUBLE");
  duet.say("/udp");
  await duet.sees(/\[UDP\]/);
  duet.say("/trouble off");
  await duet.sees("trouble is off. What it did: 1 dropped");
  duet.say("arrives");
  await program.waitForLine("arrives");
  expect(program.output).not.toContain("never arrives");
  expect(duet.terminal.screen().join("\n")).not.toContain("TROUBLE");
});
