/** UDP on a bad network: what is lost, and what comes all the same. */

import { Folder, startDuet } from "../support/duet.ts";
import { startOnScreen } from "../support/screens.ts";
import { golden } from "./transcript.ts";
import { openDatagramWire } from "./wire.ts";

const listening = ["-u", "-l", "127.0.0.1", "0"] as const;

golden("udp-loss", async (transcript) => {
  using folder = new Folder();
  await using ann = startDuet([...listening, "--plain", "--name", "ann"], { folder });
  const port = await ann.port();
  transcript.namePort(port, "p-ann");
  const trouble = ["--trouble", "loss=30% dup=20% reorder=20% delay=3ms seed=11"];
  const calling = ["-u", "--duet", "127.0.0.1", String(port), "--json", "--name", "bob", ...trouble];
  await using bob = startDuet(calling, { folder });
  const { local } = await bob.waitForEvent({ type: "state", to: "BOUND" });
  transcript.namePort(Number(String(local).split(":").at(-1)), "p-bob");
  await bob.waitForEvent({ type: "peer", event: "identified" });
  for (let line = 1; line <= 12; line += 1) bob.write(`line ${line} of bob\n`);
  const isReceived = (): boolean => bob.output.split('"stage":"received"').length > 12;
  await bob.waitFor(isReceived, "12 receipts");
  for (let line = 1; line <= 12; line += 1) ann.write(`line ${line} of ann\n`);
  await bob.waitForEvent({ type: "message", text: "line 12 of ann" });
  // Each line once, in order, whatever was lost; and each has its receipt. When they came is the network's.
  const lines = ann.lines.join("\n");
  const texts = bob.eventsOf("message").map(({ direction, id, text }) => `${id} ${direction} ${text}`);
  const stages = bob.eventsOf("receipt").map(({ id, stage }) => `${id} ${stage}`);
  transcript.write("ann was told", lines);
  transcript.write("bob's messages", texts.join("\n"));
  transcript.write(
    "bob's receipts",
    stages.toSorted(Intl.Collator("en", { numeric: true }).compare).join("\n"),
  );
  bob.signal("SIGTERM");
  await bob.waitForExit();
  transcript.write("bob's errors", bob.errors.replace(/\d+ (dropped|doubled|delayed|reordered)/g, "N $1"));
});

golden("udp-all-lost", async (transcript) => {
  using wire = await openDatagramWire();
  transcript.namePort(wire.port, "p-raw");
  const trouble = ["--trouble", "loss=100% seed=7"];
  await using bob = startDuet(["-u", "127.0.0.1", String(wire.port), "--plain", "-v", ...trouble]);
  await bob.waitForError(/trouble is on/);
  bob.write("lost\nlost as well\n");
  await bob.waitForError(/sendto[^]*sendto/);
  await bob.waitForError(/datagrams leave from 127\.0\.0\.1:(\d+)/);
  transcript.namePort(Number(/leave from 127\.0\.0\.1:(\d+)/.exec(bob.errors)?.[1]), "p-bob");
  await transcript.stop("bob", bob);
  transcript.write("the wire", wire.text);
});

golden("udp-trouble-screen", async (transcript) => {
  await using ann = await startOnScreen([...listening, "--name", "ann"], { columns: 100, rows: 16 });
  const port = await ann.port();
  transcript.namePort(port, "p-ann");
  using wire = await openDatagramWire(port);
  transcript.namePort(wire.port, "p-raw");
  wire.send("before");
  await ann.sees("before");
  ann.say("/trouble loss=100% seed=3");
  await ann.sees("TROUBLE");
  ann.say("never arrives");
  await ann.sees("1 dropped");
  await transcript.writeScreen("all is lost", ann);
  ann.say("/trouble off");
  await ann.sees("trouble is off");
  ann.say("arrives");
  await wire.takes("arrives");
  await transcript.writeScreen("trouble is off", ann);
  ann.say("/trouble");
  await transcript.writeScreen("/trouble", ann);
  transcript.write("the wire", wire.text);
});
