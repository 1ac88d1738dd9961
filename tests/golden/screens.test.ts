/** The screen at three sizes, in Chinese, and with the tour. */

import { Folder, startDuet } from "../support/duet.ts";
import { type ScreenDuet, type ScreenOptions, startOnScreen } from "../support/screens.ts";
import { golden, type Transcript } from "./transcript.ts";
import { connectWire } from "./wire.ts";

const keys = { f1: "\x1bOP", f2: "\x1bOQ", escape: "\x1b" } as const;

async function startAnn(
  transcript: Transcript,
  options: ScreenOptions,
): Promise<{ readonly ann: ScreenDuet; readonly port: number }> {
  const ann = await startOnScreen(["-l", "127.0.0.1", "0", "--name", "ann"], options);
  const port = await ann.port();
  transcript.namePort(port, "p-ann");
  return { ann, port };
}

for (const [columns, rows] of [
  [80, 24],
  [120, 40],
  [48, 12],
] as const) {
  golden(`screen-${columns}x${rows}`, async (transcript) => {
    using folder = new Folder();
    const { ann, port } = await startAnn(transcript, { columns, rows, folder });
    await using _ann = ann;
    await transcript.writeScreen("welcome", ann);
    await chatWithBob(transcript, ann, port, folder);
    using raw = await connectWire(port);
    transcript.namePort(raw.port, "p-raw");
    raw.send("hello from a program\n");
    await ann.sees("hello from a program");
    ann.say("hello program");
    await raw.takes("hello program");
    await transcript.writeScreen("a program", ann);
    ann.type(keys.f1);
    await transcript.writeScreen("F1", ann);
    ann.type(keys.f1);
    ann.say("/who");
    await transcript.writeScreen("/who", ann);
    raw.reset();
    await transcript.writeScreen("a reset", ann);
    ann.say("/quit");
    await transcript.writeFarewell("the terminal afterwards", ann.terminal);
  });
}

/** Connects bob, sends a line each way, and lets bob leave. */
async function chatWithBob(
  transcript: Transcript,
  ann: ScreenDuet,
  port: number,
  folder: Folder,
): Promise<void> {
  const to = ["--duet", "127.0.0.1", String(port), "--json", "--name", "bob"];
  await using bob = startDuet(to, { folder });
  const { local } = await bob.waitForEvent({ type: "state", to: "ESTABLISHED" });
  transcript.namePort(Number(String(local).split(":").at(-1)), "p-bob");
  await bob.waitForEvent({ type: "peer", event: "identified" });
  ann.say("hello bob, 你好 👋");
  await bob.waitForEvent({ type: "message", direction: "in" });
  bob.write("hello ann\n");
  await bob.waitForEvent({ type: "receipt", stage: "received" });
  await transcript.writeScreen("a conversation", ann);
  bob.signal("SIGTERM");
  await bob.waitForExit();
  await transcript.writeScreen("bob has left", ann);
}

golden("screen-chinese", async (transcript) => {
  using folder = new Folder();
  const { ann, port } = await startAnn(transcript, {
    columns: 90,
    rows: 24,
    folder,
    env: { LANG: "zh_CN.UTF-8" },
  });
  await using _ann = ann;
  await transcript.writeScreen("welcome", ann);
  await chatWithBob(transcript, ann, port, folder);
  ann.type(keys.f1);
  await transcript.writeScreen("F1", ann);
  ann.type(keys.f1);
  ann.say("/quit");
  await transcript.writeFarewell("the terminal afterwards", ann.terminal);
});

golden("screen-tour", async (transcript) => {
  using folder = new Folder();
  const ann = await startOnScreen(["-l", "127.0.0.1", "0", "--name", "ann", "--tour"], { folder });
  await using _ann = ann;
  transcript.namePort(await ann.port(), "p-ann");
  await transcript.writeScreen("step 1", ann);
  ann.type("q");
  await transcript.writeScreen("the chat", ann);
  ann.say("/quit");
  await transcript.writeFarewell("the terminal afterwards", ann.terminal);
});
