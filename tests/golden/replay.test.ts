/** The replay of a recorded chat without a screen. */

import { Folder, startDuet } from "../support/duet.ts";
import { golden, type Transcript } from "./transcript.ts";
import { connectWire } from "./wire.ts";

/** Records a chat with a duet and a raw peer; returns the file's path. */
async function record(transcript: Transcript, folder: Folder): Promise<string> {
  const path = folder.join("talk.ndjson");
  transcript.namePath(folder.path, "FOLDER");
  await using duet = startDuet(["-l", "127.0.0.1", "0", "--plain", "--name", "ann", "-o", path]);
  const port = await duet.port();
  transcript.namePort(port, "p-ann");
  using bob = await connectWire(port);
  transcript.namePort(bob.port, "p-bob");
  bob.sendFrame({ type: "hello", name: "bob", session: "5e551045e5510401", key: "c0ffee00c0ffee00" });
  await bob.takesFrame("welcome");
  bob.sendFrame({ type: "message", id: 1, text: "hello ann, 你好" });
  await duet.waitForLine("hello ann");
  await bob.takesFrame("receipt");
  bob.sendFrame({ type: "message", id: 2, text: "waves", action: true });
  await duet.waitForLine("waves");
  await bob.takesFrame("receipt");
  duet.write("hello bob\n");
  const { id } = await bob.takesFrame("message");
  bob.sendFrame({ type: "receipt", stage: "received", first: id, last: id });
  using raw = await connectWire(port);
  transcript.namePort(raw.port, "p-raw");
  raw.send("a raw line\n");
  await duet.waitForLine("a raw line");
  raw.reset();
  await bob.takesFrame("left");
  bob.sendFrame({ type: "goodbye", reason: "left" });
  bob.shutdown();
  await duet.waitForError(/bob.* left/);
  await bob.takesEnd();
  duet.signal("SIGTERM");
  await duet.waitForExit();
  return path;
}

for (const mode of ["--plain", "--json"]) {
  golden(`replay-${mode.slice(2)}`, async (transcript) => {
    using folder = new Folder();
    const path = await record(transcript, folder);
    await using duet = startDuet(["--replay", path, mode]);
    await (mode === "--json" ? transcript.writeEvents(mode, duet) : transcript.writeEnd(mode, duet));
  });
}
