/**
 * `bun run pictures`: draws the README's pictures from the real program on real terminals with real peers, and prints
 * their titles. Ports and times are those of the run.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Folder } from "../support/duet.ts";
import { startClient } from "../support/raw-client.ts";
import { screenPicture } from "../support/screen-picture.ts";
import { type ScreenDuet, startOnScreen } from "../support/screens.ts";

const picturesPath = join(import.meta.dir, "../../.github/pictures");
const focusLost = "\x1b[O";
const focusGained = "\x1b[I";

mkdirSync(picturesPath, { recursive: true });
await drawTalk();
await drawFirstRun();
await drawWire();

/** A room with two other duets and a raw peer, and messages received while the window was not focused. */
async function drawTalk(): Promise<void> {
  const size = { columns: 120, rows: 26 };
  using folder = new Folder();
  await using ann = await startOnScreen(["-l", "127.0.0.1", "0", "--name", "ann"], { ...size, folder });
  const port = await ann.port();
  const join = ["--duet", "127.0.0.1", String(port), "--name"];
  await using bob = await startOnScreen([...join, "bob"], { ...size, folder });
  await ann.sees(/bob .*joined/);
  await using carol = await startOnScreen([...join, "carol"], { ...size, folder });
  await ann.sees(/bob and carol joined/);
  await exchange(bob, ann, "hello! 你好 from the next terminal, can you read me?");
  await exchange(ann, bob, "loud and clear");
  using nc = await startClient(port);
  nc.write("plain nc here: no duet, no account, just a socket\n");
  await ann.sees(/plain nc here/);
  await exchange(carol, ann, "/me waves at whoever runs nc");
  await exchange(bob, ann, "/msg ann this line is for you alone");
  ann.type(focusLost);
  await exchange(carol, ann, "back in five minutes");
  nc.write("and a line without its newline gro");
  await ann.sees(/gro▌/);
  ann.type(`${focusGained}\x1b[1;3B`);
  await ann.sees(/^→ bob │/);
  ann.type("what you type here goes to bob alone");
  await ann.sees(/[▂-█] ↓/);
  await save(
    ann,
    "tcp.svg",
    size.columns,
    "duet at 120 columns: a TCP room with two duets and nc, who sent a line that still grows",
  );
}

/** The other tab before any peer has connected. */
async function drawFirstRun(): Promise<void> {
  const size = { columns: 84, rows: 14 };
  await using duet = await startOnScreen(["-l", "127.0.0.1", "0", "--name", "ann"], size);
  await duet.port();
  duet.type("\x14");
  await duet.sees(/\[UDP\] server ◎ BOUND/);
  await duet.sees(/nc -u/);
  await save(
    duet,
    "udp.svg",
    size.columns,
    "duet's UDP tab before anybody has come, with the command to hand to a friend",
  );
}

/** A message received in three calls is chosen, and the calls are highlighted. */
async function drawWire(): Promise<void> {
  const size = { columns: 126, rows: 18 };
  await using ann = await startOnScreen(["-l", "127.0.0.1", "0", "--name", "ann"], size);
  using nc = await startClient(await ann.port());
  nc.write("你好\nthree lines\nin one recv\n");
  await ann.sees(/in one recv/);
  for (const piece of ["and one line", " in three", " of them\n"]) {
    nc.write(piece);
    await ann.sees(new RegExp(`${piece.trim()}(▌|$| *│)`));
  }
  ann.say("hello");
  await nc.waitForText("hello\n");
  ann.type("\x1bOQ");
  await ann.sees(/ESTABLISHED .*rtt/);
  ann.type("\x1bOQ\t\x1b[A\x1b[A");
  await ann.sees(/↑ ↓ message/);
  const lit = 229;
  await ann.terminal.waitFor(
    (seen) =>
      seen.styledScreen().filter((row) => row.some(({ background }) => background === lit)).length === 4,
    "the message and its three calls to be highlighted",
  );
  await save(
    ann,
    "wire.svg",
    size.columns,
    "duet's wire panel: each socket call as it returned, and the three that brought the line that is chosen",
  );
}

async function exchange(from: ScreenDuet, to: ScreenDuet, line: string): Promise<void> {
  from.say(line);
  await to.sees(line.replace(/^\/(?:me|msg \w+) /, ""));
}

async function save({ terminal }: ScreenDuet, name: string, columns: number, title: string): Promise<void> {
  await Bun.write(join(picturesPath, name), screenPicture(terminal.styledScreen(), columns, title));
  console.log(`${name}: ${title}`);
}
