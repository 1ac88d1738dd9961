/** Typing on a real terminal: nothing is lost or sent unasked, and the keys do what help describes. */

import { expect, test } from "bun:test";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { type ScreenDuet, startOnScreen } from "../support/screens.ts";
import { Folder } from "../support/duet.ts";
import { Bell, until } from "../support/wait.ts";

interface TypingScreen extends AsyncDisposable {
  readonly duet: ScreenDuet;
  /** Resolves once the raw peer has received exactly this text. */
  readonly receives: (text: string) => Promise<void>;
}

/** duet on a screen, connected to a program that keeps what it receives. */
async function startTyping(): Promise<TypingScreen> {
  const bell = new Bell();
  let typing = "";
  const server = createServer((socket) => {
    socket.setEncoding("utf8").on("error", () => {});
    socket.on("data", (text: string) => {
      typing += text;
      bell.ring();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const duet = await startOnScreen(["127.0.0.1", String(port), "--name", "ann"]);
  await duet.sees("no duet greeted");
  return {
    duet,
    receives: (text) =>
      bell.waitFor(
        () => typing === text,
        JSON.stringify(text.slice(-100)),
        undefined,
        () => typing.slice(-100),
      ),
    [Symbol.asyncDispose]: async () => {
      await duet[Symbol.asyncDispose]();
      server.close();
    },
  };
}

/**
 * Waits until keys are no part of a paste that came without brackets: help closes at Escape, which takes as much silence
 * as the end of such a paste.
 */
async function endPaste(duet: ScreenDuet): Promise<void> {
  duet.type("\x1bOP");
  await duet.sees(/^ Enter +send the line/);
  duet.type("\x1b");
  await duet.terminal.waitFor((seen) => !seen.screen().join("\n").includes("send the line"), "help's end");
}

test("a line and its Enter in one read are sent; several lines are a paste, which a later Enter sends", async () => {
  await using typing = await startTyping();
  typing.duet.type("one\r");
  await typing.receives("one\n");
  typing.duet.type("two\rthr");
  await typing.duet.composes("two", "thr");
  typing.duet.type("ee");
  await typing.duet.composes("two", "three");
  await endPaste(typing.duet);
  typing.duet.type("\r");
  await typing.receives("one\ntwo\nthree\n");
});

test("rows are begun by Alt-Enter, and by Ctrl-J once the terminal has sent CR for Enter", async () => {
  await using typing = await startTyping();
  const { duet } = typing;
  duet.type("first\n");
  await typing.receives("first\n");
  duet.type("one\x1b\rtwo");
  await duet.composes("one", "two");
  expect(duet.terminal.cursor()).toEqual({ row: 23, column: 9, visible: true });
  duet.type("\r");
  await typing.receives("first\none\ntwo\n");
  duet.type("three\nfour");
  await duet.composes("three", "four");
  await endPaste(duet);
  duet.type("\x1b[A\x1b[A");
  await duet.composes("one", "two");
  duet.type("\x1b[B");
  await duet.composes("three", "four");
  duet.type("\r");
  await typing.receives("first\none\ntwo\nthree\nfour\n");
});

test("wide characters, emoji and combining marks are edited whole, and the cursor follows them", async () => {
  await using typing = await startTyping();
  const { duet } = typing;
  duet.type("a👨‍👩‍👧你e\u0301🇫🇷");
  await duet.composes("a👨‍👩‍👧你e\u0301🇫🇷");
  // `ann │ ` is 6 columns; a 1, the family 2, 你 2, é 1, the flag 2.
  await duet.terminal.waitFor((seen) => seen.cursor().column === 14, "the cursor behind the flag");
  expect(duet.terminal.cursor()).toEqual({ row: 23, column: 14, visible: true });
  duet.type("\x7f\x7f\x1b[D\x7f");
  await duet.composes("a你");
  duet.type("\r");
  await typing.receives("a你\n");
});

test("a character received in two reads is one character", async () => {
  await using typing = await startTyping();
  const bytes = Buffer.from("你\r");
  typing.duet.type(bytes.subarray(0, 1));
  typing.duet.type(bytes.subarray(1));
  await typing.receives("你\n");
});

test("a paste of 5,000 characters takes a third of the screen and is sent whole", async () => {
  await using typing = await startTyping();
  const long = Array.from({ length: 1000 }, (_, index) => String(10_000 + index)).join("");
  typing.duet.type(`\x1b[200~${long}\x1b[201~`);
  await typing.duet.sees(/^ +│ .*10999$/);
  expect(
    typing.duet.terminal
      .screen()
      .slice(-9)
      .map((row) => row.slice(0, 6)),
  ).toEqual([expect.not.stringContaining("│"), "ann │↑", ...Array.from({ length: 7 }, () => "    │ ")]);
  typing.duet.type("\r");
  await typing.receives(`${long}\n`);
});

test("a paste of several lines goes into the composer, with its tabs, and a later Enter sends it", async () => {
  await using typing = await startTyping();
  const { duet } = typing;
  duet.type("\x1b[200~one\n\ttwo\n\nthree\n\x1b[201~\r");
  await duet.composes("one", "␉two", "", "three");
  await endPaste(duet);
  duet.type("\r");
  await typing.receives("one\n\ttwo\n\nthree\n");
  await duet.sees(/ ann │ one$/);
  await duet.sees(/^ +│ {9}two$/);
});

test("tabs of a paste are tabs in its transcript, and in a text log", async () => {
  using folder = new Folder();
  const log = folder.join("log.txt");
  await using duet = await startOnScreen(["-l", "127.0.0.1", "0", "--name", "ann", "-o", log], { folder });
  const peer = connect(await duet.port(), "127.0.0.1");
  peer.on("error", () => {}).write("hi\n\tfrom a\tpeer\n");
  await duet.sees("from a  peer");
  duet.type("\x1b[200~one\n\ttwo\tthree\x1b[201~");
  await duet.composes("one", "␉two␉three");
  duet.type("\r");
  await duet.sees("        two     three");
  duet.say(`/save ${folder.join("talk.txt")}`);
  await duet.sees("lines of this conversation are in");
  const saved = readFileSync(folder.join("talk.txt"), "utf8");
  expect(saved).toMatch(/^\S+ \S+ <ann> one\n\S+ \S+ <ann> \ttwo\tthree$/m);
  expect(saved).toMatch(/> \tfrom a\tpeer$/m);
  await until(() => readFileSync(log, "utf8").includes("three"), "the log");
  expect(readFileSync(log, "utf8")).toMatch(/^\S+Z <ann> one\n\S+Z <ann> \ttwo\tthree$/m);
  expect(readFileSync(log, "utf8")).toMatch(/> \tfrom a\tpeer$/m);
  peer.destroy();
});

test("a long paste without brackets is kept whole, and sent whole by a later Enter", async () => {
  await using typing = await startTyping();
  const lines = Array.from({ length: 5000 }, (_, index) => `line ${index} ${"x".repeat(60)}`);
  await typing.duet.terminal.writeAll(lines.map((line) => `${line}\r`).join(""));
  await typing.duet.sees(/^ +│ line 4999 x{60}$/);
  await endPaste(typing.duet);
  typing.duet.type("\r");
  await typing.receives(lines.map((line) => `${line}\n`).join(""));
  await typing.duet.composes("type a line and press Enter, or /help");
});

test("a paste that never ends is closed by silence, and the keys work again", async () => {
  await using typing = await startTyping();
  typing.duet.type("\x1b[200~cut off");
  await typing.duet.composes("cut off");
  typing.duet.type("!\r");
  await typing.receives("cut off!\n");
});

test("answers of the terminal are not typed", async () => {
  await using typing = await startTyping();
  const focusIn = "\x1b[I";
  const backgroundColour = "\x1b]11;rgb:0000/0000/0000\x1b\\";
  const attributes = "\x1b[?62;22c";
  const cursorPlace = "\x1b[12;40R";
  typing.duet.type(`a${focusIn}${backgroundColour}b${attributes}${cursorPlace}c\r`);
  await typing.receives("abc\n");
});

test("history keeps the draft, and Ctrl-A, Ctrl-K, Ctrl-Y and Ctrl-W edit", async () => {
  await using typing = await startTyping();
  const { duet } = typing;
  duet.type("first\r");
  await typing.receives("first\n");
  duet.type("second\r");
  await typing.receives("first\nsecond\n");
  duet.type("draft\x1b[A\x1b[A");
  await duet.composes("first");
  duet.type("\x1b[B\x1b[B");
  await duet.composes("draft");
  duet.type(" two\x17\x01\x0b");
  await duet.sees("type a line and press Enter");
  duet.type("\x19\x19");
  await duet.composes("draft draft");
});

test("Tab completes a command, and lists the choices", async () => {
  await using typing = await startTyping();
  const { duet } = typing;
  duet.type("/re\t");
  await duet.composes("/reconnect");
  duet.type("\x15/s\t");
  await duet.composes("/shutdown [PEER]".slice(0, 9));
  duet.type("\x15/\t\t");
  await duet.sees(/^▸ \/tcp +switch to TCP; the first time, pair up/);
});

for (const [columns, rows] of [
  [80, 24],
  [120, 40],
  [40, 10],
] as const) {
  test(`at ${columns}×${rows} Tab's menu covers the conversation, moves nothing and leaves nothing`, async () => {
    await using duet = await startOnScreen(["-l", "127.0.0.1", "0"], { columns, rows });
    const isListening = (): boolean => /^ \[TCP\] .*◎ LISTEN/.test(duet.terminal.screen()[0] ?? "");
    // Not between two frames: half a frame is no screen to compare with.
    await duet.terminal.waitFor((seen) => !seen.modes().synchronized && isListening(), "a whole frame");
    const others = (): string => duet.terminal.screen().slice(-2, -1).join("\n");
    const before = duet.drawn();
    const status = others();
    duet.type("/\t");
    await duet.sees(/^▸ \/help/);
    await duet.sees(/^ {2}.* 1–6 of \d+ /);
    expect(others()).toBe(status);
    duet.type("\t\x1b[B\x1b[B\x1b[A");
    await duet.sees(/^▸ \/udp/);
    await duet.composes("/udp");
    duet.type("\x1b");
    await duet.composes("/");
    duet.type("\x7f");
    await duet.terminal.waitFor(() => duet.drawn() === before, "the screen as it was");
    duet.type("/raw o\t\t\r");
    await duet.composes("/raw off");
    await duet.terminal.waitFor((seen) => !seen.screen().join("\n").includes("▸"), "the menu's end");
  });
}

test("an unknown command and a bad argument report what is allowed, and the line is kept", async () => {
  await using typing = await startTyping();
  const { duet } = typing;
  duet.say("/frobnicate now");
  await duet.sees(/frobnicate.*\/help|\/help/);
  await duet.composes("/frobnicate now");
  duet.type("\x15/connect 127.0.0.1 99999\r");
  await duet.sees(/65535/);
  await duet.composes("/connect 127.0.0.1 99999");
  duet.type("\x15//slash\r");
  await typing.receives("/slash\n");
});

test("Ctrl-C clears the line, then asks on the status line, and another key cancels the question", async () => {
  await using typing = await startTyping();
  const { duet } = typing;
  const asks = "Ctrl-C again quits";
  duet.type("typed\x03");
  await duet.sees("type a line and press Enter");
  duet.type("\x03");
  await duet.sees(asks);
  duet.type("x");
  await duet.terminal.waitFor((seen) => !String(seen.screen()[22]).includes(asks), "the question's end");
  expect(duet.terminal.screen().slice(1, 22).join("\n")).not.toContain(asks);
});

test("help fits 80 by 24 and 40 by 10, scrolls to its end, and Esc or F1 closes it", async () => {
  await using duet = await startOnScreen(["-l", "127.0.0.1", "0"]);
  duet.type("\x1bOP");
  await duet.sees(/^ \/listen \[HOST\] \[PORT\] +listen for peers/);
  duet.type("\x1b[1;5F");
  await duet.sees(/^ \/quit +say goodbye and leave/);
  duet.type("\x1b[1;5H");
  await duet.sees(/^ Enter +send the line/);
  duet.terminal.resize(40, 10);
  await duet.sees(/^ \[TCP\] ◎ LISTEN/);
  await duet.sees(/↓ \d+ more: PgDn, Esc closes/);
  duet.type("\x1b[6~".repeat(40));
  await duet.sees(/^ +say goodbye and leave/);
  duet.type("\x1b[5~".repeat(40));
  await duet.sees(/^ Enter +send the line/);
  duet.type("\x1b");
  await duet.sees("LISTEN");
  await duet.terminal.waitFor((seen) => !String(seen.screen()[1]).includes("send the line"), "help's end");
  duet.say("/help");
  await duet.sees(/^ Enter +send the line/);
  duet.type("\x1bOP");
  await duet.terminal.waitFor((seen) => !String(seen.screen()[1]).includes("send the line"), "help's end");
});

test("/partial sends the blanks that were written", async () => {
  await using typing = await startTyping();
  typing.duet.type("/partial   login: \r");
  await typing.receives("  login: ");
  typing.duet.type("/partial  \r");
  await typing.receives("  login:  ");
});

test("a name that nobody has is answered with everybody's, and a filter of the wire with its unknown key", async () => {
  await using typing = await startTyping();
  const { duet } = typing;
  duet.type("/msg bob hi\r");
  await duet.sees("nobody is called bob: there is 127.0.0.1");
  duet.type("\u0015/wire foo=bar\r");
  await duet.sees("foo= is no condition: peer= call= text= are");
});

test("/why names the call whose row the wire panel shows", async () => {
  const bound = await Bun.udpSocket({ hostname: "127.0.0.1", port: 0, socket: { error() {} } });
  const { port } = bound;
  bound.close();
  await using duet = await startOnScreen(["-u", "127.0.0.1", String(port), "--name", "ann"], {
    columns: 120,
    rows: 40,
  });
  await duet.sees("your lines are sent");
  duet.type("anybody?\r");
  await duet.sees("UNREACHABLE");
  duet.type("/why\r");
  await duet.sees(`ECONNREFUSED (recvfrom 127.0.0.1:${port})`);
  duet.type("/wire\r");
  await duet.sees(/recvfrom.*ECONNREFUSED/);
});
