/** Scrolling, searching and saving on a real terminal, and the lines that stay after the end. */

import { expect, test } from "bun:test";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { scrollbackMaxLines } from "../../src/protocol/limits.ts";
import { Folder } from "../support/duet.ts";
import { startClient } from "../support/raw-client.ts";
import { type ScreenDuet, startOnScreen } from "../support/screens.ts";

const pageUp = "\x1b[5~";
const pageDown = "\x1b[6~";
const shiftUp = "\x1b[1;2A";
const ctrlHome = "\x1b[1;5H";
const ctrlEnd = "\x1b[1;5F";
const up = "\x1b[A";
const escape = "\x1b";

interface FilledScreen extends AsyncDisposable {
  readonly duet: ScreenDuet;
  /** Sends lines from a raw peer. */
  readonly sendLines: (...lines: readonly string[]) => void;
  readonly folder: Folder;
}

/** duet on a screen that has received `line 1` to `line 60`; each tenth one is found. */
async function startFilled(size: { readonly columns: number; readonly rows: number }): Promise<FilledScreen> {
  const folder = new Folder();
  const duet = await startOnScreen(["-l", "127.0.0.1", "0", "--name", "ann"], { ...size, folder });
  const client = await startClient(await duet.port());
  const sendLines = (...lines: readonly string[]): void => client.write(`${lines.join("\n")}\n`);
  sendLines(
    ...Array.from({ length: 60 }, (_, index) => `line ${index + 1}${index % 10 === 9 ? " is found" : ""}`),
  );
  await duet.sees("line 60 is found");
  const stop = async (): Promise<void> => {
    client[Symbol.dispose]();
    await duet[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  };
  return { duet, sendLines, folder, [Symbol.asyncDispose]: stop };
}

/** The texts right of the gutter, without a panel. */
function texts({ terminal }: ScreenDuet): string[] {
  return terminal
    .screen()
    .slice(1, -2)
    .map((row) => (row.split("│")[1] ?? "").trim());
}

for (const size of [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 40, rows: 10 },
]) {
  test(`at ${size.columns}×${size.rows} a scrolled view stays while new lines arrive, and counts them`, async () => {
    await using filled = await startFilled(size);
    const { duet, sendLines } = filled;
    duet.type(pageUp + shiftUp);
    await duet.sees(/-MORE\(\d+\)-/);
    const before = texts(duet);
    sendLines("one more", "and another");
    await duet.sees(/↓ 2 new/);
    expect(texts(duet)).toEqual(before);
    duet.type(ctrlHome);
    await duet.sees(/ LISTEN:/);
    await duet.sees(/↓ 2 new/);
    duet.type(ctrlEnd);
    await duet.sees("and another");
    await duet.terminal.waitFor((seen) => !seen.screen().join("\n").includes("MORE"), "the end of -MORE-");
    duet.type(pageUp + pageDown);
    await duet.sees("and another");
  });

  test(`at ${size.columns}×${size.rows} Ctrl-R searches upwards, Enter stays there, Escape returns`, async () => {
    await using filled = await startFilled(size);
    const { duet } = filled;
    duet.type("\x12found");
    await duet.sees(/^search │ found.*6\/6$/);
    duet.type(`${up}\x12${up}`);
    await duet.sees(/^search │ found.*3\/6$/);
    await duet.sees("line 30 is found");
    const lit = duet.terminal
      .styledScreen()
      .flat()
      .filter(({ text }) => text === "found");
    expect(lit.length).toBeGreaterThan(0);
    duet.type(escape);
    await duet.sees(/^ann │ type a line/);
    await duet.sees("line 60 is found");
    duet.type("\x12line 12\r");
    await duet.terminal.waitFor(() => texts(duet).includes("line 12"), "line 12");
    await duet.sees(/^ann │ type a line/);
    duet.say("/search nowhere");
    await duet.sees(/^search │ nowhere.*not found$/);
  });
}

test("/save writes the conversation, asks before it overwrites a file, and accepts a no", async () => {
  await using filled = await startFilled({ columns: 80, rows: 24 });
  const { duet, folder, sendLines } = filled;
  const path = folder.join("chat.txt");
  sendLines("\x1b[31mred");
  await duet.sees("[31mred");
  duet.say("/save ~/chat.txt");
  await duet.sees(/of this conversation are in/);
  const saved = readFileSync(path, "utf8");
  expect(saved).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d <127\.0\.0\.1:\d+> line 1$/m);
  expect(saved).toContain("> ␛[31mred\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  writeFileSync(path, "kept");
  duet.say("/save ~/chat.txt");
  await duet.sees(/chat\.txt exists: y overwrites, n keeps\s*$/);
  duet.type("n");
  await duet.sees("kept as it was: nothing was saved");
  expect(readFileSync(path, "utf8")).toBe("kept");
  duet.say("/save ~/chat.txt");
  await duet.sees(/exists: y overwrites, n keeps\s*$/);
  duet.type("y");
  await duet.sees(/^ann │ type a line/);
  expect(readFileSync(path, "utf8")).toContain("> line 60 is found\n");
  writeFileSync(path, "old");
  duet.say("/save! ~/chat.txt");
  await duet.terminal.waitFor(() => readFileSync(path, "utf8") !== "old", "the file's new text");
  duet.say("/save ~/none/chat.txt");
  await duet.sees(/\(ENOENT\)/);
});

test("Tab completes the path of /save", async () => {
  await using filled = await startFilled({ columns: 80, rows: 24 });
  const { duet, folder } = filled;
  mkdirSync(folder.join("chats"));
  writeFileSync(folder.join("chats/one.txt"), "");
  writeFileSync(folder.join("chats/two.txt"), "");
  duet.type("/save ~/cha\t");
  await duet.composes("/save ~/chats/");
  duet.type("\t");
  await duet.sees(/^ {2}two\.txt/);
  duet.type("\t\r");
  await duet.composes("/save ~/chats/two.txt");
  await duet.terminal.waitFor((seen) => !seen.screen().join("\n").includes("▸"), "the menu's end");
});

test("ten thousand lines can be scrolled and searched", async () => {
  await using filled = await startFilled({ columns: 80, rows: 24 });
  const { duet, sendLines } = filled;
  sendLines(...Array.from({ length: scrollbackMaxLines }, (_, index) => `more ${index + 1}`));
  await duet.sees(/│ more 10000$/);
  duet.type(ctrlHome);
  await duet.sees(/│ more 1$/);
  duet.type("\x12more 2500");
  await duet.sees(/^search │ more 2500.*1\/1$/);
  await duet.sees(/│ more 2500$/);
  duet.type(`\r${ctrlEnd}`);
  await duet.sees(/│ more 10000$/);
  await duet.sees(/old lines dropped/);
});

test("/mouse makes the wheel scroll and a click on a tab switch, and off ends mouse reports", async () => {
  await using filled = await startFilled({ columns: 80, rows: 24 });
  const { duet } = filled;
  expect(duet.terminal.modes().mouse).toBe("none");
  duet.say("/mouse");
  await duet.terminal.waitFor((seen) => seen.modes().mouse === "drag", "mouse reports");
  duet.type("\x1b[<64;10;10M");
  await duet.sees(/-MORE\(3\)-/);
  duet.type("\x1b[<65;10;10M");
  await duet.terminal.waitFor((seen) => !seen.screen().join("\n").includes("MORE"), "the end of -MORE-");
  const udp = (duet.terminal.screen()[0] ?? "").indexOf("UDP") + 1;
  duet.type(`\x1b[<0;${udp};1M\x1b[<0;${udp};1m`);
  await duet.sees(/^ TCP .*\[UDP\]/);
  duet.say("/mouse off");
  await duet.terminal.waitFor((seen) => seen.modes().mouse === "none", "no mouse reports");
});

test("the last messages stay on the terminal as plain lines after the end", async () => {
  await using filled = await startFilled({ columns: 80, rows: 24 });
  const { duet } = filled;
  duet.say("/quit");
  expect((await duet.terminal.waitForExit()).code).toBe(0);
  const left = duet.terminal.screen().filter((row) => row !== "");
  expect(left.some((row) => /^\d\d:\d\d <127\.0\.0\.1:\d+> line 60 is found$/.test(row))).toBe(true);
  expect(left.every((row) => /^\d\d:\d\d (<|--|\*|!!)/.test(row))).toBe(true);
});

test("a signal leaves the last messages of both conversations, under headings", async () => {
  await using filled = await startFilled({ columns: 60, rows: 10 });
  const { duet } = filled;
  const socket = await Bun.udpSocket({
    hostname: "127.0.0.1",
    socket: { data: (here, _, port, address) => void here.send("by datagram\n", port, address) },
  });
  duet.say("/udp");
  await duet.sees(/\[UDP\]/);
  duet.say(`/connect 127.0.0.1 ${socket.port}`);
  await duet.sees(/\[UDP\] .*→/);
  duet.say("to the program");
  await duet.sees("by datagram");
  socket.close();
  duet.terminal.signal("SIGTERM");
  expect((await duet.terminal.waitForExit()).code).toBe(143);
  const left = duet.terminal.output().slice(duet.terminal.output().lastIndexOf("\x1b[?1049l"));
  const lines = left.split(/\r+\n/);
  const [tcp, udp] = [lines.findIndex((line) => line.endsWith("TCP:")), lines.indexOf("UDP:")];
  expect(tcp).toBeGreaterThanOrEqual(0);
  expect(udp).toBeGreaterThan(tcp);
  expect(lines.slice(tcp, udp).join("\n")).toContain("> line 60 is found");
  expect(lines.slice(udp).join("\n")).toContain("> by datagram");
});

test("a signal leaves the last messages of a room over both transports once, each with its path", async () => {
  await using filled = await startFilled({ columns: 60, rows: 10 });
  const { duet } = filled;
  duet.say("/udp");
  const bound = /\[UDP\] .*:(\d+)/;
  await duet.sees(bound);
  const port = Number(bound.exec(duet.terminal.screen()[0] ?? "")?.[1]);
  const socket = await Bun.udpSocket({});
  socket.send("by datagram\n", port, "127.0.0.1");
  await duet.sees("by datagram");
  socket.close();
  duet.terminal.signal("SIGTERM");
  expect((await duet.terminal.waitForExit()).code).toBe(143);
  const left = duet.terminal.output().slice(duet.terminal.output().lastIndexOf("\x1b[?1049l"));
  const lines = left.split(/\r+\n/);
  expect(lines.filter((line) => / TCP <.*> line 60 is found$/.test(line))).toHaveLength(1);
  expect(lines.filter((line) => / UDP <.*> by datagram$/.test(line))).toHaveLength(1);
  expect(lines.filter((line) => /(TCP|UDP):$/.test(line))).toEqual([]);
});
