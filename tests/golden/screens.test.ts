/** The screen at three sizes: help, the wire panel, errors explained, figures, Chinese, the tour. */

import { Folder } from "../support/duet.ts";
import { startInTerminal, type TestTerminal } from "../support/pty.ts";
import { commandOf, screenEnvironment, type ScreenDuet, startOnScreen } from "../support/screens.ts";
import { freePort } from "../support/tutorial.ts";
import { golden, type Transcript } from "./transcript.ts";
import { connectWire, openDatagramWire } from "./wire.ts";

const f1 = "\x1bOP";
const f2 = "\x1bOQ";
const escape = "\x1b";
const listening = ["-l", "127.0.0.1", "0", "--name", "ann"] as const;
const sizes = [
  [80, 24],
  [120, 40],
  [48, 12],
] as const;

/** The same moment of one duet at each size. */
async function writeSizes(transcript: Transcript, title: string, duet: ScreenDuet): Promise<void> {
  for (const [columns, rows] of sizes) {
    duet.terminal.resize(columns, rows);
    await transcript.writeScreen(`${title}, ${columns}x${rows}`, duet);
  }
}

async function startNamed(
  transcript: Transcript,
  args: readonly string[],
  lang = "en_GB.UTF-8",
): Promise<ScreenDuet> {
  const duet = await startOnScreen(args, { env: { LANG: lang } });
  transcript.namePort(await duet.port(), "p-ann");
  return duet;
}

for (const lang of ["en_GB.UTF-8", "zh_CN.UTF-8"]) {
  const language = lang.slice(0, 2);
  golden(`screen-alone-${language}`, async (transcript) => {
    await using duet = await startNamed(transcript, listening, lang);
    await writeSizes(transcript, "nobody is here", duet);
    duet.say("is anyone here?");
    await writeSizes(transcript, "a line to nobody", duet);
    duet.type(f1);
    await writeSizes(transcript, "F1", duet);
    duet.type(f1);
    duet.type("\x14");
    await writeSizes(transcript, "Ctrl-T", duet);
    duet.type("\x15\x03");
    await duet.sees(/Ctrl-C again|再按 Ctrl-C/);
    duet.type("\x03");
    await transcript.writeFarewell("the terminal afterwards", duet.terminal);
  });

  golden(`screen-talk-${language}`, async (transcript) => {
    await using duet = await startNamed(transcript, listening, lang);
    using wire = await connectWire(await duet.port());
    transcript.namePort(wire.port, "p-raw");
    wire.send("hello ann, 你好\n");
    await duet.sees("hello ann");
    duet.say("hello raw peer");
    await wire.takes("hello raw peer");
    duet.say("/whoo");
    await writeSizes(transcript, "an unknown command", duet);
    duet.type("\x15/why ECONNRESET\r");
    await writeSizes(transcript, "/why", duet);
    duet.say("/who");
    duet.say("/nick 安");
    await writeSizes(transcript, "/who and /nick", duet);
    wire.reset();
    await duet.sees(/RST/);
    await writeSizes(transcript, "reset", duet);
    duet.say("/quit");
    await transcript.writeFarewell("the terminal afterwards", duet.terminal);
  });
}

golden("screen-wire", async (transcript) => {
  await using duet = await startNamed(transcript, ["-u", ...listening]);
  using wire = await openDatagramWire(await duet.port());
  transcript.namePort(wire.port, "p-raw");
  wire.send("one");
  await duet.sees("one");
  duet.say("two");
  await wire.takes("two");
  wire.send(Buffer.from("00ff8041", "hex"));
  await duet.sees("A");
  duet.type(f2);
  await writeSizes(transcript, "F2", duet);
  duet.type(f2);
  await writeSizes(transcript, "F2 twice: the panel has the keys", duet);
  duet.type("call=recv");
  await writeSizes(transcript, "a filter", duet);
  duet.type("\x1b[A\r");
  await writeSizes(transcript, "a call is opened", duet);
  duet.type(escape);
  await transcript.writeScreen("Esc", duet);
});

golden("screen-stats", async (transcript) => {
  await using duet = await startNamed(transcript, ["-u", ...listening]);
  using wire = await openDatagramWire(await duet.port());
  transcript.namePort(wire.port, "p-raw");
  wire.send("one");
  await duet.sees("one");
  duet.say("two");
  await wire.takes("two");
  duet.say("/stats");
  await writeSizes(transcript, "/stats", duet);
});

golden("screen-refused", async (transcript) => {
  const port = await freePort("tcp");
  transcript.namePort(port, "nobdy");
  await using duet = await startOnScreen(["127.0.0.1", String(port), "--name", "bob"]);
  await duet.sees("REFUSED");
  await writeSizes(transcript, "refused", duet);
  duet.say("/why");
  await writeSizes(transcript, "/why", duet);
  duet.say("/quit");
  await transcript.writeFarewell("the terminal afterwards", duet.terminal);
});

golden("screen-tour", async (transcript) => {
  await using duet = await startNamed(transcript, [...listening, "--tour"]);
  await duet.sees("tour 1/18");
  await writeSizes(transcript, "the first step", duet);
  duet.terminal.resize(80, 24);
  await transcript.writeScreen("the first step, 80x24 again", duet);
  duet.type("\r");
  await duet.sees("▸ bind");
  nameBoundPort(transcript, duet.terminal);
  await writeSizes(transcript, "bind", duet);
  duet.terminal.resize(80, 24);
  await transcript.writeScreen("bind, 80x24 again", duet);
  duet.type("q");
  await transcript.writeScreen("the chat again", duet);
});

golden("screen-reader-tour", async (transcript) => {
  using folder = new Folder();
  const command = commandOf([...listening, "--screen-reader", "--tour"]);
  const options = { columns: 160, rows: 60, env: screenEnvironment(folder) };
  await using terminal = await startInTerminal(command, options);
  await terminal.waitForText("Enter on an empty line goes on, q leaves.");
  terminal.write("\r");
  await terminal.waitForText(/^SERVER: bind/);
  nameBoundPort(transcript, terminal);
  terminal.write("q\r");
  await terminal.waitForText("the walk is over");
  await transcript.writeScreen("the first step, in lines", { terminal });
  terminal.write("/quit\r");
  await terminal.waitForExit();
});

/** Of the tour's server. */
function nameBoundPort(transcript: Transcript, terminal: TestTerminal): void {
  const bound = /bind 127\.0\.0\.1:(\d+)/.exec(terminal.screen().join("\n"));
  transcript.namePort(Number(bound?.[1]), "p-srv");
}
