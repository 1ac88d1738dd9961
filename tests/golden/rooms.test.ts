/** Rooms of three and more: who comes, goes, is called what, and speaks to whom. */

import { type Duet, Folder, startDuet } from "../support/duet.ts";
import { startInTerminal, type TestTerminal } from "../support/pty.ts";
import { commandOf, type ScreenDuet, screenEnvironment, startOnScreen } from "../support/screens.ts";
import { golden, type Transcript } from "./transcript.ts";
import { connectWire, openDatagramWire } from "./wire.ts";

const listening = ["-l", "127.0.0.1", "0"] as const;

async function nameGuest(transcript: Transcript, guest: Duet, name: string): Promise<void> {
  const { local } = await guest.waitForEvent({ type: "state", to: "ESTABLISHED" });
  transcript.namePort(Number(String(local).split(":").at(-1)), name);
}

golden("room-plain", async (transcript) => {
  using folder = new Folder();
  await using hub = startDuet([...listening, "--plain", "--name", "hub"], { folder });
  const port = await hub.port();
  transcript.namePort(port, "p-hub");
  await using ann = startDuet(["--duet", "127.0.0.1", String(port), "--json", "--name", "ann"], { folder });
  await ann.waitForEvent({ type: "peer", event: "identified" });
  await nameGuest(transcript, ann, "p-ann");
  await using bob = startDuet(["--duet", "127.0.0.1", String(port), "--plain", "--name", "ann"], { folder });
  await bob.waitForError(/you are ann~2/);
  const [, bobsPort] = await hub.waitForError(/ann~2 \(127\.0\.0\.1:(\d+)\) joined/);
  transcript.namePort(Number(bobsPort), "p-bob");
  using raw = await connectWire(port);
  transcript.namePort(raw.port, "p-raw");
  raw.send("hello from a raw peer\n");
  await bob.waitForLine("hello from a raw peer");
  await ann.waitForEvent({ type: "message", text: "hello from a raw peer" });
  ann.write("hello from ann\n");
  await raw.takes("hello from ann");
  await bob.waitForLine("hello from ann");
  bob.write("hello from the second ann\n");
  await raw.takes("second ann");
  await ann.waitForEvent({ type: "message", text: "hello from the second ann" });
  hub.write("hello from the hub\n");
  await raw.takes("from the hub");
  await bob.waitForLine("from the hub");
  await ann.waitForEvent({ type: "message", text: "hello from the hub" });
  raw.shutdown();
  await hub.waitForError(/HALF-CLOSED \(theirs\)/);
  hub.write("to a half-closed peer, too\n");
  await raw.takes("half-closed");
  raw.reset();
  await bob.waitForError(/<-- 127/);
  await transcript.stop("ann --json", ann);
  await bob.waitForError(/<-- ann left/);
  await transcript.stop("bob, who is called ann, too", bob);
  await hub.waitForError(/<-- ann~2 left/);
  await transcript.stop("hub", hub);
  transcript.write("the raw peer's wire", raw.text);
});

golden("room-names", async (transcript) => {
  await using hub = startDuet([...listening, "--plain", "--name", "salt and pepper"]);
  const port = await hub.port();
  transcript.namePort(port, "p-hub");
  const hello = { type: "hello", key: "c0ffee00c0ffee00" } as const;
  const names = ["salt and pepper", "爱丽丝", " <b>\u001b[31m ", "you", "x".repeat(100), "", "a\nb"];
  const watcher = await connectWire(port);
  transcript.namePort(watcher.port, "p-see");
  watcher.sendFrame({ ...hello, name: "watcher", session: "5e551045e5510500" });
  await watcher.takesFrame("welcome");
  for (const [index, name] of names.entries()) {
    const wire = await connectWire(port);
    wire.sendFrame({ ...hello, name, session: `5e551045e551040${index}` });
    await wire.takesFrame("welcome");
    await watcher.takesFrame("joined");
    wire.sendFrame({ type: "renamed", name: index % 2 === 0 ? "watcher" : `new ${index}` });
    await watcher.takesFrame("renamed");
    wire.sendFrame({ type: "goodbye", reason: "left" });
    wire.shutdown();
    await watcher.takesFrame("left");
  }
  transcript.write("what another member is told", watcher.text);
  watcher.reset();
  await hub.waitForError(/<-- watcher left/);
  await transcript.stop("salt and pepper", hub);
});

/** A hub on a terminal without a drawn screen: every command answers in lines. */
async function startSpoken(folder: Folder, args: readonly string[]): Promise<TestTerminal> {
  const command = commandOf([...args, "--screen-reader"]);
  return await startInTerminal(command, { columns: 200, rows: 120, env: screenEnvironment(folder) });
}

golden("room-commands", async (transcript) => {
  using folder = new Folder();
  await using terminal = await startSpoken(folder, [...listening, "--name", "hub"]);
  const listens = /LISTEN.*127\.0\.0\.1:(\d+)/;
  await terminal.waitForText(listens);
  const port = Number(listens.exec(terminal.screen().join("\n"))?.[1]);
  transcript.namePort(port, "p-hub");
  await using ann = startDuet(["--duet", "127.0.0.1", String(port), "--json", "--name", "ann"], { folder });
  await ann.waitForEvent({ type: "peer", event: "identified" });
  await nameGuest(transcript, ann, "p-ann");
  using raw = await connectWire(port);
  transcript.namePort(raw.port, "p-raw");
  raw.send("hello\n");
  await terminal.waitForText("says: hello");
  const ask = async (line: string, answer: RegExp): Promise<void> => {
    terminal.write(`${line}\r`);
    await terminal.waitFor(() => isAnswered(terminal, line, answer), `the answer to ${line}`);
  };
  const speak = async (line: string, text: string): Promise<void> => {
    terminal.write(`${line}\r`);
    await ann.waitForEvent({ type: "message", text });
  };
  await ask("/who", /raw, TCP ESTABLISHED/);
  await ask(`/nick 127.0.0.1:${raw.port} pat`, /is now pat/);
  await ask("/nick host", /you are now host/);
  await speak("to everybody", "to everybody");
  await speak("/me waves", "waves");
  await speak("/msg ann a secret", "a secret");
  terminal.write("/msg pat another secret\r");
  await raw.takes("another secret");
  await ask("/msg nobody hello", /nobody/);
  await ask("/to ann", /ann/);
  await speak("to ann alone", "to ann alone");
  await ask("/to", /all/);
  await speak("//literal slash", "/literal slash");
  for (const [line, answer] of questions) await ask(line, answer);
  await ask("/close pat", /pat left/);
  await ask("/close ann", /ann left/);
  await raw.takesEnd();
  await transcript.writeScreen("hub --screen-reader", { terminal });
  terminal.write("/quit\r");
  await terminal.waitForExit();
  await transcript.writeEvents("ann --json", ann);
  transcript.write("the raw peer's wire", raw.text);
});

/** Commands that concern nobody, and what their answer must have in it. */
const questions: readonly (readonly [string, RegExp])[] = [
  ["/allow 127.0.0.0/8", /127\.0\.0\.0/],
  ["/deny 198.51.100.0/24", /198\.51/],
  ["/deny", /198\.51/],
  ["/wire", /drawn screen/],
  ["/resend", /duet: |error: /],
  ["/save", /duet: |error: /],
  ["/why ECONNREFUSED", /ECONNREFUSED/],
  ["/why EMADEUP", /EMADEUP/],
  ["/unheard-of", /unheard-of/],
  ["/whoo", /whoo/],
  ["/connect", /duet: |error: /],
  ["/trouble loss=200%", /loss/],
  ["/help", /\/quit/],
];

/** Something below the typed line's echo is like `answer`: no line is typed twice. */
function isAnswered(terminal: TestTerminal, line: string, answer: RegExp): boolean {
  const rows = terminal.screen();
  const typed = rows.indexOf(line);
  return typed >= 0 && rows.slice(typed + 1).some((row) => row.search(answer) >= 0);
}

golden("room-screens", async (transcript) => {
  using folder = new Folder();
  await using hub = await startOnScreen([...listening, "--name", "hub"], { folder, columns: 80, rows: 24 });
  const port = await hub.port();
  transcript.namePort(port, "p-hub");
  const to = ["--duet", "127.0.0.1", String(port)] as const;
  await using ann = await startOnScreen([...to, "--name", "ann"], { folder, columns: 120, rows: 40 });
  await ann.sees("you are ann in hub's room");
  ann.say("the first one here");
  await hub.sees("the first one here");
  await using bob = await startOnScreen([...to, "--name", "bob"], { folder, columns: 48, rows: 12 });
  await bob.sees("you are bob in hub's");
  hub.say("/who");
  transcript.namePort(await portIn(hub, "ann"), "p-ann");
  transcript.namePort(await portIn(hub, "bob"), "p-bob");
  using raw = await connectWire(port);
  transcript.namePort(raw.port, "p-raw");
  raw.send("a line from nc\n");
  await bob.sees("a line from nc");
  await ann.sees("a line from nc");
  hub.say(
    "hello all, 大家好 👋🏽, and a line that is long enough to be wrapped on a small screen at the least",
  );
  await bob.sees("hello all");
  await ann.sees("hello all");
  await hub.sees("2/3");
  ann.say("/me waves");
  await bob.sees("ann waves");
  await ann.sees(/ann waves.*✓/);
  bob.say("/msg ann psst, a secret");
  await ann.sees("psst");
  await bob.sees(/psst.*✓/);
  ann.say("/nick alice");
  await bob.sees("is now alice");
  await ann.sees(/^alice/);
  await transcript.writeScreen("hub, 80x24", hub);
  await transcript.writeScreen("ann, 120x40", ann);
  await transcript.writeScreen("bob, 48x12", bob);
  bob.say("/quit");
  await transcript.writeFarewell("bob's terminal afterwards", bob.terminal);
  await hub.sees("bob left");
  hub.terminal.resize(48, 12);
  await transcript.writeScreen("hub, 48x12", hub);
  hub.terminal.resize(120, 40);
  await transcript.writeScreen("hub, 120x40", hub);
});

async function portIn(hub: ScreenDuet, name: string): Promise<number> {
  const listed = new RegExp(`${name} {2}127\\.0\\.0\\.1:(\\d+) {2}duet`);
  await hub.sees(listed);
  return Number(listed.exec(hub.terminal.screen().join("\n"))?.[1]);
}

golden("room-udp", async (transcript) => {
  using folder = new Folder();
  await using hub = startDuet(["-u", ...listening, "--json", "--name", "hub"], { folder });
  const port = await hub.port();
  transcript.namePort(port, "p-hub");
  await using ann = startDuet(["-u", "--duet", "127.0.0.1", String(port), "--json", "--name", "ann"], {
    folder,
  });
  await ann.waitForEvent({ type: "peer", event: "identified" });
  const { local } = await ann.waitForEvent({ type: "state", to: "BOUND" });
  transcript.namePort(Number(String(local).split(":").at(-1)), "p-ann");
  await hub.waitForEvent({ type: "peer", event: "identified", name: "ann" });
  using raw = await openDatagramWire(port);
  transcript.namePort(raw.port, "p-raw");
  raw.send("hello from a raw peer");
  await ann.waitForEvent({ type: "message", text: "hello from a raw peer" });
  ann.write("hello from ann\n");
  await raw.takes("hello from ann");
  hub.write("hello from the hub\n");
  const said = await hub.waitForEvent({ type: "message", direction: "out" });
  await hub.waitForEvent({ type: "receipt", id: said["id"], stage: "received" });
  await raw.takes("hello from the hub");
  await ann.waitFor(() => ann.output.includes('{"id":2,"what":"ack"'), "its acknowledgement");
  await transcript.stop("ann --json", ann);
  await hub.waitForEvent({ type: "peer", event: "disconnected", name: "ann" });
  await transcript.stop("hub --json", hub);
  transcript.write("the raw peer's datagrams", raw.text);
});
