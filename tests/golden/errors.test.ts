/** Wrong usage, network errors and faulty settings: the sentences and the exit codes. */

import { mkdirSync, writeFileSync } from "node:fs";
import { Folder, startDuet } from "../support/duet.ts";
import { freePort } from "../support/tutorial.ts";
import { startSpoken } from "./spoken.ts";
import { golden } from "./transcript.ts";
import { connectWire } from "./wire.ts";

golden("errors-usage", async (transcript) => {
  for (const args of [
    ["--jsn"],
    ["-w"],
    ["-w", "soon"],
    ["127.0.0.1", "0"],
    ["-l", "65536"],
    ["256.1.1.1", "80"],
    ["a", "1", "b"],
    ["--raw", "--duet", "1"],
    ["--trouble", "loss=200%"],
    ["--lang", "tlh"],
    ["--replay"],
  ]) {
    await using duet = startDuet(args);
    await transcript.writeEnd(`duet ${args.join(" ")}`, duet);
  }
});

golden("errors-network", async (transcript) => {
  using folder = new Folder();
  transcript.namePath(folder.path, "FOLDER");
  await using holder = startDuet(["-l", "127.0.0.1", "0", "--plain"], { folder });
  const taken = await holder.port();
  transcript.namePort(taken, "TAKEN");
  const refused = await freePort("tcp");
  transcript.namePort(refused, "NOONE");
  for (const args of [
    ["-l", "127.0.0.1", String(taken), "--plain"],
    ["127.0.0.1", String(refused), "--plain"],
    ["127.0.0.1", String(refused), "--json"],
    ["-l", "192.0.2.1", "9000", "--plain"],
    ["-U", folder.join("nobody")],
    ["-l", "-U", "/no-such-folder/chat"],
    ["-l", "0", "-o", "/no-such-folder/log"],
    ["--replay", folder.join("none.ndjson")],
  ]) {
    await using duet = startDuet(args, { folder });
    const title = `duet ${args.join(" ").replace(folder.path, "FOLDER").replace(String(taken), "TAKEN")}`;
    const name = title.replace(String(refused), "NOONE");
    await (args.includes("--json") ? transcript.writeEvents(name, duet) : transcript.writeEnd(name, duet));
  }
  transcript.namePid(holder.pid, "PID");
});

golden("errors-settings", async (transcript) => {
  using folder = new Folder();
  transcript.namePath(folder.path, "FOLDER");
  mkdirSync(folder.join("config/duet"), { recursive: true });
  for (const [index, text] of [
    'name = "x"\n\nwait = "soon"\n',
    "udp = 1\n",
    "nmae = 'ann'\n",
    'name = ["a", "b"]\n',
    "no settings at all\n",
  ].entries()) {
    writeFileSync(folder.join("config/duet/config.toml"), text);
    await using duet = startDuet(["-l", "0", "--plain"], { folder });
    await transcript.writeEnd(`${index + 1}: ${JSON.stringify(text)}`, duet);
  }
  await using lost = startDuet(["--config", folder.join("none.toml")], { folder });
  await transcript.writeEnd("a file that is not there", lost);
});

golden("errors-signals", async (transcript) => {
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
    await using duet = startDuet(["-l", "127.0.0.1", "0", "--plain"]);
    const port = await duet.port();
    transcript.namePort(port, "p-ann");
    using wire = await connectWire(port);
    transcript.namePort(wire.port, "p-raw");
    wire.send("hello\n");
    await duet.waitForLine("hello");
    duet.signal(signal);
    await transcript.writeEnd(signal, duet);
  }
});

golden("errors-why", async (transcript) => {
  using folder = new Folder();
  await using duet = await startSpoken(["-l", "127.0.0.1", "0", "--name", "ann"], folder);
  transcript.namePort(await duet.port(), "p-ann");
  const refused = await freePort("tcp");
  transcript.namePort(refused, "NOONE");
  await duet.type("/why", /duet: nothing has gone wrong yet/);
  await duet.type("/why ECONNRESET", /duet: try 2: F2/);
  await duet.type("/why ENOSUCH", /no page for ENOSUCH/);
  await duet.type(`/connect 127.0.0.1 ${refused}`, /error: .*refused/);
  await duet.type("/why", /duet: try 2: /);
  duet.write("/quit");
  await transcript.writeFarewell("ann --screen-reader", duet.terminal);
});
