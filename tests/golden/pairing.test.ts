/** Two duets that pair, or that connect to each other. */

import { type Duet, Folder, startDuet } from "../support/duet.ts";
import { Namespace, withNamespace } from "../support/namespace.ts";
import { EventLog } from "./event-log.ts";
import { golden, play, scenarioMaxMs, type Transcript } from "./transcript.ts";

/** Names ann's port, and bob's from his events. */
async function namePorts(transcript: Transcript, ann: number, bob: Duet): Promise<void> {
  transcript.namePort(ann, "p-ann");
  const { local } = await bob.waitForEvent({
    type: "state",
    to: bob.output.includes('"udp"') ? "BOUND" : "ESTABLISHED",
  });
  transcript.namePort(Number(String(local).split(":").at(-1)), "p-bob");
}

async function chatInEvents(ann: Duet, bob: Duet): Promise<void> {
  await ann.waitForEvent({ type: "peer", event: "identified" });
  await bob.waitForEvent({ type: "peer", event: "identified" });
  for (const [from, to, text] of [
    [bob, ann, "hello ann"],
    [ann, bob, "hello bob, 你好 👋"],
    [bob, ann, "a long line: ".repeat(300)],
  ] as const) {
    from.write(`${text}\n`);
    const { id } = await from.waitForEvent({ type: "message", direction: "out", text });
    await to.waitForEvent({ type: "message", direction: "in", text });
    await from.waitForEvent({ type: "receipt", id, stage: "received" });
  }
}

for (const [transport, flags] of [
  ["tcp", []],
  ["udp", ["-u"]],
] as const) {
  golden(`pair-${transport}-json`, async (transcript) => {
    using folder = new Folder();
    await using ann = startDuet([...flags, "-l", "127.0.0.1", "0", "--json", "--name", "ann"], { folder });
    const port = await ann.port();
    const to = ["--duet", "127.0.0.1", String(port)];
    await using bob = startDuet([...flags, ...to, "--json", "--name", "bob"], { folder });
    await chatInEvents(ann, bob);
    await namePorts(transcript, port, bob);
    await transcript.stop("bob", bob);
    // Its last event before its own end.
    const last = transport === "tcp" ? { from: "ESTABLISHED", to: "CLOSED" } : { from: "OPEN", to: "BOUND" };
    await ann.waitForEvent({ type: "state", ...last });
    await transcript.stop("ann", ann);
  });

  golden(`pair-${transport}-plain`, async (transcript) => {
    using folder = new Folder();
    const [annLog, bobLog] = [new EventLog(folder, "ann"), new EventLog(folder, "bob")];
    const here = ["-l", "127.0.0.1", "0", "--name", "ann"];
    await using ann = startDuet([...flags, ...here, "--plain", ...annLog.option], { folder });
    const port = await ann.port();
    transcript.namePort(port, "p-ann");
    const to = ["--duet", "127.0.0.1", String(port)];
    await using bob = startDuet([...flags, ...to, "--plain", ...bobLog.option], { folder });
    await bob.waitForError(/you are ada in ann's room/);
    const [, bobsPort] = await ann.waitForError(/ada \(127\.0\.0\.1:(\d+)\) joined/);
    transcript.namePort(Number(bobsPort), "p-bob");
    bob.write("hello ann\nin two lines\n");
    await ann.waitForLine("in two lines");
    await bobLog.waitForReceipts(2);
    ann.write("hello ada\n");
    await bob.waitForLine("hello ada");
    ann.write("//not a command\n/quit is none here\n");
    await bob.waitForLine("/quit is none here");
    await annLog.waitForReceipts(3);
    ann.signal("SIGTERM");
    await transcript.writeEnd("ann", ann);
    await transcript.writeEnd("bob", bob);
  });
}

withNamespace(
  "pair-without-address",
  () =>
    play("pair-without-address", async (transcript) => {
      await using network = await Namespace.open();
      using folder = new Folder();
      const options = { folder, under: network.under };
      await using ann = startDuet(["--json", "--name", "ann"], options);
      await ann.waitForEvent({ type: "state", to: "LISTEN" });
      await using bob = startDuet(["--json", "--name", "bob"], options);
      await chatInEvents(ann, bob);
      await transcript.stop("ann", ann);
      await transcript.writeEvents("bob", bob);
    }),
  scenarioMaxMs,
);
