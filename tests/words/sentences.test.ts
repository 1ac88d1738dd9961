/** Sentences by their English: how they are found, and that Chinese knows all that the chat and the network say. */

import { describe, expect, test } from "bun:test";
import { Glob } from "bun";
import fc from "fast-check";
import { basename, join } from "node:path";
import {
  describeNetworkError,
  type ErrorCode,
  type NetworkError,
} from "../../src/protocol/sockets/network-error.ts";
import { translator } from "../../src/words/sentences.ts";
import { chineseSentence } from "../../src/words/zh-sentences.ts";
import { composedText } from "../../src/chat/log/composed.ts";
import { englishIn } from "../support/english-words.ts";
import { literalsOf } from "../support/source-sentences.ts";
import { errorPages } from "../../src/protocol/errors/error-pages.ts";

const chinese = /\p{Script=Han}/u;

describe("a sentence", () => {
  const say = translator([
    ["{} left: {}", "{1} ging: {2}"],
    ["{} left", "{1} ging"],
    ["closed here", "hier geschlossen"],
    ["{} of {}", "{2}: {1}"],
    ["all", "alles"],
  ]);

  test("is found by its pattern, the one with most of it fixed, and its holes are said as well", () => {
    expect(say("bob left")).toBe("bob ging");
    expect(say("bob left: closed here")).toBe("bob ging: hier geschlossen");
    expect(say("all of 127.0.0.1:8080")).toBe("127.0.0.1:8080: alles");
  });

  test("that is not known stays as it is, and so does what stands in a hole", () => {
    expect(say("bob right")).toBe("bob right");
    expect(say("bob left: $1 {1} and $&")).toBe("bob ging: $1 {1} and $&");
    expect(say("")).toBe("");
  });

  test("takes no longer and throws nothing, whatever stands in it", () => {
    const long = `${"left: ".repeat(20_000)}x`;
    expect(say(long)).toContain("ging");
    fc.assert(fc.property(fc.string(), (text) => typeof chineseSentence(text) === "string"));
  });
});

/** Parts of a sentence, the names of timers, and what only a program or the other side is told. */
const noSentence =
  /^(; .*|, .*| .*|(stall|member|hello|classify|line|watch|idle|pair|turn|stats|rate|trouble|us|peer|distant|connection|lan chance|lan \{\}|look|left-out|flush|deliver|receipt) .*|pace room|look tcp)$/;
const parts: ReadonlySet<string> = new Set([
  "bun run start",
  "{} {} {} times",
  "{} more",
  "{} and {} {}",
  "{} left{}",
  "{} joined{}",
  "/{} is not built",
  "bun run start {}{} {}",
  "nc {}{}",
  "{}/connect {}",
  "nobody else",
  "another program",
  "take another port: bun run start{} -l {} here, bun run start{} --duet 127.0.0.1 {} there{}",
  "1 line more was",
  "{} lines more were",
  "{} left out, about peers that came, went or failed",
  "raw is {} already",
  "waiting for someone to connect",
  "waiting for a first datagram",
  "{} is ours, {}",
  "/me {}",
  "/broadcast {}",
  "this machine is in none",
  "this machine's: {}",
  "{}; {} is the nearest network's",
  "trouble is on: {} (seed={})",
  "{} of {}",
  "not delivered{}: {}",
  "malformed frame",
  // The files of the screen.
  "Paste of {} dropped: nothing of it was sent.",
  "{} of this conversation are in {}",
  "1 line",
  "{} lines",
  " from {}",
  " to {}",
  "off ",
  // What no person is told.
  "no grapheme at {} of {}",
  "no plain file",
  "packets synthesised from socket calls: they were not seen on any wire",
]);

/** Rooms of which every sentence reaches a screen; in `src/cli` there are files that only programs read. */
const rooms = ["src/chat"];
const forPrograms =
  /^(headless|plain-output|call-packets|option-.*|options|settings|unknown-option|usage|terminal-.*|guard|history-file)\.ts$/;
/** What is in the tables of words, key by key; and colours. */
const inTables = /^(command-table|key-table|theme)\.ts$/;

test.each(rooms)("Chinese knows every sentence of %s, to its last word", async (room) => {
  const root = join(import.meta.dir, "../..", room);
  const missing: string[] = [];
  for (const file of new Glob("**/*.{ts,tsx}").scanSync(root)) {
    const name = basename(file);
    if (inTables.test(name) || (room === "src/cli" && forPrograms.test(name))) continue;
    for (const sentence of literalsOf(await Bun.file(join(root, file)).text())) {
      const isWords =
        room === "src/chat" || room === "src/replay" ? wordsOfChat(sentence) : wordsOfScreen(sentence);
      if (!isWords || parts.has(sentence)) continue;
      const said = chineseSentence(sentence.replaceAll("{}", "7"));
      if (!chinese.test(said) || englishIn(said).length > 0) missing.push(`${file}: ${sentence} → ${said}`);
    }
  }
  expect(missing).toEqual([]);
});

function wordsOfChat(literal: string): boolean {
  return /[a-z]{2,},? (\{\}|[a-z]{2,})|\{\} [a-z]{2,}/.test(literal) && !noSentence.test(literal);
}

/** What draws has no word of its own, not even one between two holes: they are in the tables. */
function wordsOfScreen(literal: string): boolean {
  return /[a-z]{2,}[,:;.]? |[ }][a-z]{2,}|[a-z]{2,}\{/.test(literal) && !isNoWords(literal);
}

/** Escape sequences, code of another language, keys, commands, patterns. */
function isNoWords(text: string): boolean {
  return /x1b|\\u|p\{|^([CMS]-)*\w+( ([CMS]-)+\S+)+$|^ *\/|\.new$|\{\}r?n$|^duet-|^duet: \{\}|\{\}duet: |^ (text=)/.test(
    text,
  );
}

test("what is put together of parts is known, too", () => {
  for (const whole of [
    "bob (127.0.0.1:5) joined, a duet",
    "bob, eve and 31 more joined",
    "bob left 3 times",
    "bob left: answered none of 3 pings",
    "bob is no longer here by TCP: bob answered none of 3 pings",
    "eve left: acknowledges too slowly: its queue is full",
    "10.0.0.1:7 was turned away: the room is full (-m 7)",
    "raw is off already",
    "127.0.0.1:8080 is ours, waiting for someone to connect",
    "127.0.0.1:8080 is ours, waiting for a first datagram",
    "127.0.0.1:8080 (TCP) is taken by nc (pid 7), which is not a duet that can be joined",
    "take another port: bun run start -l 8081 here, bun run start --duet 127.0.0.1 8081 there",
    "you are ann in bob's room at 127.0.0.1:8080; also here: eve, joe and 3 more",
    "trouble is on: loss 20% dup 5% (seed=7). So far: 1 dropped, 0 doubled, 0 delayed, 0 reordered",
    "3 lines more were left out, about peers that came, went or failed",
    "1 line more was left out, about peers that came, went or failed",
    "usage: /msg PEER TEXT (a line for one member alone)",
    "everybody may join, but not 10.0.0.0/8",
    "only 10.0.0.1 may join, but not 10.0.0.2; who is here already stays",
    "only 10.0.0.0/8 may join; who is here already stays",
    "not delivered to 2 of 3: it said goodbye",
    "1,234 lines of this conversation are in /tmp/a",
    "1 line of this conversation are in /tmp/a",
    "Paste of 3 lines dropped: nothing of it was sent.",
    "the log a.ndjson ends here, and the chat goes on without it: the disk is full (ENOSPC); make room there, or log elsewhere",
    "the recording goes on after these 1,000 events",
    "/tmp/a was not written: you may not write there (EACCES); save elsewhere, as in /save ~/chat.txt",
    "the settings /tmp/a cannot be read: it may not be read (EACCES); --no-config goes on without",
    "hears bob, eve and 3 more",
    "duet stopped by a fault of its own: Oops; please report it.",
    "a line of bob was cut at 16 KiB: 7 more bytes without a newline were passed over",
    "12 datagrams came faster than they could be read, and were dropped",
    "2 datagrams of bob is missing: what came after waits",
  ]) {
    const said = chineseSentence(whole);
    expect([
      whole,
      englishIn(said, ["bob", "eve", "joe", "ann", "chat.txt", "ndjson", "Oops", "tmp"]),
    ]).toEqual([whole, []]);
    expect(said).toMatch(chinese);
  }
});

test("a name is a name, whatever it says", () => {
  expect(chineseSentence("left left")).toBe("left 离开了");
  expect(chineseSentence("nobody is here left: closed here")).toBe("nobody is here 离开了：在本端关闭");
  expect(chineseSentence("what you type goes to closed here alone")).toBe("你输入的内容只发给 closed here");
});

test("a figure is a figure: words in its place are another sentence", () => {
  expect(chineseSentence("3 B in")).toBe("收 3 B");
  expect(chineseSentence("a log in")).toBe("a log in");
});

test("the pieces of a line are said each, and line up", () => {
  const table = {
    rows: [
      ["you", "10.0.0.1:9", "you", "TCP"],
      ["bob", "", "raw", "TCP", "", "loss 0 %"],
    ],
    wordsFrom: 2,
  };
  expect([0, 1].map((at) => composedText({ is: "row", table, at }, chineseSentence))).toEqual([
    "you  10.0.0.1:9  你        TCP",
    "bob              普通程序  TCP    丢包 0 %",
  ]);
  const words = ["ESTABLISHED", "rtt 21 µs", "1 retransmit", "unacked 0 B"];
  expect(composedText({ is: "list", name: "left", words }, chineseSentence)).toBe(
    "left：ESTABLISHED，往返时间 21 µs，重传 1，未确认 0 B",
  );
  expect(
    composedText({ is: "sentences", sentences: ["bob joined", "eve left: closed here"] }, chineseSentence),
  ).toBe("bob 加入了；eve 离开了：在本端关闭");
});

test("Chinese knows what every error says, for each call and kind of target, and keeps its commands", () => {
  for (const code of Object.keys(errorPages) as ErrorCode[])
    for (const call of ["bind", "listen", "connect", "resolve", "send", "sendto", "recv"] as const)
      for (const target of ["127.0.0.1:8080", "[::1]:80", "host.test:9", "/tmp/a chat", "@chat"])
        for (const transport of ["tcp", "udp"] as const)
          for (const holder of [undefined, "nc (pid 7)"]) {
            const error: NetworkError = { code, call, target, transport, ...(holder && { holder }) };
            const { message, hint } = describeNetworkError(error);
            for (const english of [message, hint]) {
              const said = chineseSentence(english);
              expect([english, chinese.test(said)]).toEqual([english, true]);
              for (const [command] of english.matchAll(/(bun run start|ss -|ping|ip route|ls -ld|rm) [^;]*/g))
                expect(said).toContain(command.replace(/\.$/, ""));
            }
          }
});

test("Chinese knows the page of each code, but for what is a command alone", () => {
  const isCommand = (text: string): boolean =>
    /^(\/\w+|ss|ip|ls|sudo|getent|ping|bun run start)( [\w.:=/'-]+)*$/.test(text) &&
    !/ (the|and|with|to) /.test(text);
  expect(chineseSentence("ECONNREFUSED (connect h:1): the machine answers, and nobody listens there")).toBe(
    "ECONNREFUSED（connect h:1）：机器有应答，但那里无人监听",
  );
  for (const page of Object.values(errorPages))
    for (const english of [page.meaning, page.wire, ...page.causes, ...page.tries])
      if (!isCommand(english))
        expect([english, chinese.test(chineseSentence(english))]).toEqual([english, true]);
});
