/** Sentences by their English: how they are found, and that Chinese knows all that the chat and the network say. */

import { describe, expect, test } from "bun:test";
import { Glob } from "bun";
import fc from "fast-check";
import { join } from "node:path";
import { describeNetworkError, type ErrorCode, type NetworkError } from "../../src/protocol/network-error.ts";
import { translator } from "../../src/words/sentences.ts";
import { chineseSentence } from "../../src/words/zh-sentences.ts";
import { literalsOf } from "../support/source-sentences.ts";
import { parseOptions } from "../../src/cli/options.ts";
import { parseSettings } from "../../src/cli/settings.ts";
import { refusalText } from "../../src/cli/usage.ts";
import { chinese as chineseWords } from "../../src/words/zh.ts";
import { errorPages } from "../../src/protocol/error-pages.ts";

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
  "{} {} {} times",
  "{} more",
  "{} and {} {}",
  "{} left{}",
  "{} joined{}",
  "/{} is not built",
  "it is no frame",
  "bun run start {}{} {}",
  "nc {}{}",
  "{}/connect {}",
  "not joined ({})",
  "nobody else",
  "hears {}",
  "cannot send ({})",
  "hears itself",
  "does not hear itself",
  "another program",
  "take another port: bun run start{} -l {} here, bun run start{} --duet 127.0.0.1 {} there{}",
  "1 line more was",
  "{} lines more were",
  "{} left out, about peers that came, went or failed",
  "raw is {} already",
  "waiting for someone to connect",
  "waiting for a first datagram",
  "{} is ours, {}",
  "everybody has left after the input (-N)",
  "/me {}",
  "/broadcast {}",
  "this machine is in none",
  "this machine's: {}",
  "{}; {} is the nearest network's",
  "trouble is on: {} (seed={})",
  "the input was sent, and the time after it is over",
  "in {}'s room",
  // Figures of /stats, as the kernel calls them.
  "{} in, {} out",
  "{} wait",
  "malformed frame",
  "round trip {} ± {}",
  "loss {}",
  "{} of {}",
  "not delivered{}: {}",
  "being made",
  "over for us",
  "{} (as its events tell)",
  "rtt {}",
  "unacked {}",
  "unsent {}",
  "unread {}",
  "their window {}",
]);

test("Chinese knows every sentence of src/chat", async () => {
  const root = join(import.meta.dir, "../../src/chat");
  const missing: string[] = [];
  let known = 0;
  for (const file of new Glob("*.ts").scanSync(root)) {
    // What commands do is in the table of words.
    if (file === "command-table.ts") continue;
    for (const sentence of literalsOf(await Bun.file(join(root, file)).text())) {
      if (!/[a-z]{2,},? (\{\}|[a-z]{2,})|\{\} [a-z]{2,}/.test(sentence)) continue;
      if (noSentence.test(sentence) || parts.has(sentence)) continue;
      if (chinese.test(chineseSentence(sentence.replaceAll("{}", "X1")))) known += 1;
      else missing.push(`${file}: ${sentence}`);
    }
  }
  expect(missing).toEqual([]);
  expect(known).toBeGreaterThan(120);
});

test("what is put together of parts is known, too", () => {
  for (const whole of [
    "bob (127.0.0.1:5) joined, a duet",
    "bob joined; eve left: closed here",
    "bob, eve and 31 more joined",
    "bob left 3 times",
    "raw is off already",
    "127.0.0.1:8080 is ours, waiting for someone to connect",
    "127.0.0.1:8080 (TCP) is taken by nc (pid 7), which is not a duet that can be joined",
    "take another port: bun run start -l 8081 here, bun run start --duet 127.0.0.1 8081 there",
    "you are ann in bob's room at 127.0.0.1:8080; also here: eve, joe and 3 more",
    "trouble is on: loss 20% (seed=7). So far: 1 dropped, 0 doubled, 0 delayed, 0 reordered",
    "3 lines more were left out, about peers that came, went or failed",
    "usage: /msg PEER TEXT (a line for one member alone)",
  ]) {
    const said = chineseSentence(whole);
    expect([whole, said.replace(/bun run start[\w .-]*/g, "").match(/[a-z]{2,} [a-z]{2,}/g)]).toEqual([
      whole,
      null,
    ]);
    expect(said).toMatch(chinese);
  }
  expect(chineseSentence("bob joined; eve left: closed here")).toBe("bob 加入了；eve 离开了：在本端关闭");
});

const codes: readonly ErrorCode[] = [
  "EADDRINUSE",
  "EADDRNOTAVAIL",
  "EACCES",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ETIMEDOUT",
  "ECONNRESET",
  "EPIPE",
  "EMSGSIZE",
  "ENAMETOOLONG",
  "ENOENT",
  "EMFILE",
  "EINVAL",
  "EAFNOSUPPORT",
  "EUNKNOWN",
];

test("Chinese knows what every error says, for each call and kind of target, and keeps its commands", () => {
  for (const code of codes)
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

test("Chinese knows what is wrong with a command line, with settings and with a command's words", () => {
  const terminal = { isTerminal: true, loginName: "ada" };
  const lines = [
    "--tcp --udp",
    "-4 -6",
    "--plain --json",
    "--send-only --recv-only",
    "-U /tmp/a --udp",
    "--group -l",
    "--tour --json",
    "-U /tmp/a 8080",
    "--lan 127.0.0.1 9",
    "-o a -x a",
    "-w 0",
    "-m 0",
    "--allow nowhere",
    "--lang de",
    "--bell loud",
    "--raw=1",
    "--name",
    "--name -x",
    "-l -p 8080",
    "-lk",
    "--nonsense",
    "--colour",
    "-77777",
    "127.0.0.1 9 9",
    "host.test",
    "127.0.0.1 99999",
    "-l 99999",
    "/tmp/a 9",
    "1.2.3.400 9",
    "a@b 9",
    "-6 127.0.0.1 9",
    "--group 10.0.0.1",
    "--udp -l 239.0.0.1 9",
    "--trouble nonsense",
    "--trouble loss=200%",
    "--trouble delay=1h",
    "--trouble seed=-1",
    "--trouble dup=5%,dup=5%",
    "--trouble loss=0%",
  ];
  for (const line of lines) {
    const parsed = parseOptions(line.split(" "), terminal);
    const message = parsed.kind === "usage-error" ? parsed.message : `accepted: ${line}`;
    const said = chineseSentence(message);
    expect([message, chinese.test(said)]).toEqual([message, true]);
  }
  for (const file of [
    "name = 1.5.1",
    "nam = 'ada'",
    "udp = 'yes'",
    "name = ['a', 'b']",
    "allow = 7.5",
    "lang = []",
  ]) {
    const settings = parseSettings(file, { path: "config.toml", home: "/home/ada" });
    const message = "kind" in settings ? settings.message : `accepted: ${file}`;
    expect([message, chinese.test(refusalText(message, chineseWords))]).toEqual([message, true]);
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
