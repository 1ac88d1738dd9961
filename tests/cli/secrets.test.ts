/** Reading secrets: from files and descriptors, and asked on a terminal that does not echo. */

import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import { readSecretFile } from "../../src/cli/identity/secret-file.ts";
import { readSecretSource } from "../../src/cli/options/secret-source.ts";
import { editSecret } from "../../src/input/line/secret-line.ts";
import { pressKey } from "../../src/input/keys/key-event.ts";
import { secretMaxBytes } from "../../src/protocol/limits.ts";
import { parseSecret } from "../../src/protocol/text/secret-text.ts";
import { Folder } from "../support/duet.ts";
import { startInTerminal, type TestTerminal } from "../support/pty.ts";

const program = ["bun", new URL("../support/fixtures/ask-secret.ts", import.meta.url).pathname];

describe("the text of a secret", () => {
  test("is one line in NFC, with its blanks", () => {
    expect(parseSecret(" cafe\u0301 \r\n")).toEqual({ secret: " café " });
    expect(parseSecret("")).toEqual({ problem: "empty" });
    expect(parseSecret("\n")).toEqual({ problem: "empty" });
    expect(parseSecret("a\nb")).toEqual({ problem: "several-lines" });
    expect(parseSecret("a\tb")).toEqual({ problem: "unprintable" });
    expect(parseSecret("a\uFFFD")).toEqual({ problem: "unprintable" });
  });

  test("has a bounded length, in bytes of its NFC", () => {
    expect(parseSecret("a".repeat(secretMaxBytes))).toHaveProperty("secret");
    expect(parseSecret("a".repeat(secretMaxBytes + 1))).toEqual({ problem: "too-long" });
    expect(parseSecret("é".repeat(secretMaxBytes / 2))).toHaveProperty("secret");
    expect(parseSecret(`a${"é".repeat(secretMaxBytes / 2)}`)).toEqual({ problem: "too-long" });
    expect(parseSecret("e\u0301".repeat(secretMaxBytes / 2))).toHaveProperty("secret");
  });
});

test("the source of a secret is asked, a file or a descriptor; a secret as argument is refused without repeating it", () => {
  expect(readSecretSource("--password", undefined)).toBeUndefined();
  expect(readSecretSource("--password", "")).toEqual({ is: "ask" });
  expect(readSecretSource("--password", "ask")).toEqual({ is: "ask" });
  expect(readSecretSource("--password", "file:/x y")).toEqual({ is: "file", path: "/x y" });
  expect(readSecretSource("--password", "fd:0")).toEqual({ is: "descriptor", descriptor: 0 });
  for (const word of ["hunter2", "file:", "fd:", "fd:-1", "fd:1234567890", "FD:3", "asked"])
    expect([word, readSecretSource("--password", word)]).toEqual([
      word,
      { kind: "usage-error", problem: { id: "secret-in-argument", params: { flag: "--password" } } },
    ]);
});

test("a secret is edited at its end alone", () => {
  expect(editSecret("ab", { type: "text", text: "c" })).toEqual({ is: "typing", text: "abc" });
  expect(editSecret("ae\u0301", pressKey("backspace"))).toEqual({ is: "typing", text: "a" });
  expect(editSecret("ab", pressKey("u", { ctrl: true }))).toEqual({ is: "typing", text: "" });
  expect(editSecret("ab", pressKey("left"))).toEqual({ is: "typing", text: "ab" });
  expect(editSecret("ab", pressKey("d", { ctrl: true }))).toEqual({ is: "entered" });
  for (const key of [pressKey("d", { ctrl: true }), pressKey("escape"), pressKey("c", { ctrl: true })])
    expect(editSecret("", key)).toEqual({ is: "cancelled" });
  const long = "a".repeat(secretMaxBytes + 1);
  expect(editSecret(long, { type: "text", text: "b" })).toEqual({ is: "typing", text: long });
});

describe("a secret in a file", () => {
  test("is its only line, if nobody else may read it", () => {
    using folder = new Folder();
    const path = folder.join("secret");
    fs.writeFileSync(path, "open sesame\n", { mode: 0o600 });
    expect(readSecretFile(path)).toEqual({ secret: "open sesame" });
    for (const mode of [0o640, 0o604, 0o620, 0o644]) {
      fs.chmodSync(path, mode);
      expect(readSecretFile(path)).toEqual({
        problem: { is: "file", problem: { is: "others-may-read", path, mode } },
      });
    }
  });

  test("with another content, or none, is refused", () => {
    using folder = new Folder();
    const path = folder.join("secret");
    const write = (text: string | Uint8Array): unknown => {
      fs.writeFileSync(path, text, { mode: 0o600 });
      return readSecretFile(path);
    };
    expect(write("\n")).toEqual({ problem: { is: "empty", path } });
    expect(write("a\nb\n")).toEqual({ problem: { is: "several-lines", path } });
    expect(write(Uint8Array.of(0x61, 0xff))).toEqual({ problem: { is: "unprintable", path } });
    expect(write("a".repeat(secretMaxBytes + 1))).toEqual({ problem: { is: "too-long", path } });
    expect(write("a".repeat(100_000))).toEqual({ problem: { is: "too-long", path } });
    const absent = folder.join("absent");
    expect(readSecretFile(absent)).toEqual({
      problem: { is: "file", problem: { is: "system", path: absent, code: "ENOENT" } },
    });
    expect(readSecretFile(folder.path)).toEqual({
      problem: { is: "file", problem: { is: "no-file", path: folder.path } },
    });
  });
});

describe("a secret from a descriptor", () => {
  const run = (script: string): { readonly code: number; readonly out: string } => {
    const { exitCode, stdout } = Bun.spawnSync(["sh", "-c", script, "sh", ...program]);
    return { code: exitCode, out: stdout.toString() };
  };

  test("is its next line, and what follows is left in it", () => {
    expect(run('printf "open\\nhello\\n" | "$@" fd:0 "" then-line')).toEqual({
      code: 0,
      out: 'secret "open"\nline hello\n',
    });
    expect(run('printf "sesame" | "$@" fd:7 7<&0 < /dev/null')).toEqual({
      code: 0,
      out: 'secret "sesame"\n',
    });
  });

  test("that is not open, or only the program's own, is refused", () => {
    for (const number of [3, 4, 5, 6, 63]) {
      const { code, out } = run(`"$@" fd:${number} < /dev/null`);
      expect([code, out]).toEqual([1, expect.stringContaining(`fd:${number} (EBADF)`)]);
    }
    expect(run('"$@" fd:0 < /dev/null')).toEqual({
      code: 1,
      out: "the secret from fd:0 is empty: it needs a character at least\n",
    });
  });
});

describe("a secret that is asked for", () => {
  /** In a shell that says how the program ended, so that the terminal is looked at while it is still there. */
  const ask = async (...args: readonly string[]): Promise<TestTerminal> => {
    const terminal = await startInTerminal([
      ...["bash", "-c", '"$@"; echo "exit $?"; read -r', "sh", ...program, "ask", ...args],
    ]);
    await terminal.waitForText("Secret?");
    return terminal;
  };

  test("is not echoed, and the terminal echoes again after it", async () => {
    await using terminal = await ask();
    expect(terminal.isCooked()).toBe(false);
    terminal.write("open sesamx\x7fe\r");
    await terminal.waitForText("exit 0");
    expect(terminal.screen()).toContain('secret "open sesame"');
    expect(terminal.output().match(/sesam/g)).toHaveLength(1);
    expect(terminal.isCooked()).toBe(true);
  });

  test("is asked for although standard input and output are no terminal", async () => {
    await using terminal = await startInTerminal([
      ...["bash", "-c", '"$@" < /dev/null | tr a-z A-Z; echo "exit"; read -r', "sh", ...program, "ask"],
    ]);
    await terminal.waitForText("Secret?");
    terminal.write("open\r");
    await terminal.waitForText('SECRET "OPEN"');
  });

  test("takes no byte away from the question behind it, nor from who reads the terminal then", async () => {
    await using terminal = await ask("", "after-another");
    terminal.write("one\r");
    await terminal.waitFor((seen) => seen.output().split("Secret?").length === 3, "the second question");
    terminal.write("two\r");
    await terminal.waitForText("exit 0");
    expect(terminal.screen()).toContain('first "one"');
    expect(terminal.screen()).toContain('secret "two"');
    await using reading = await startInTerminal([
      ...["bash", "-c", '"$@"', "sh", ...program, "ask", "", "then-line"],
    ]);
    await reading.waitForText("Secret?");
    reading.write("one\r");
    await reading.waitForText('secret "one"');
    reading.write("a line\r");
    await reading.waitForText("line a line");
  });

  test("has a bound and needs a character, and is asked for again", async () => {
    await using terminal = await ask();
    terminal.write("\r");
    await terminal.waitForText("the secret is empty");
    terminal.write(`${"a".repeat(secretMaxBytes + 1)}\r`);
    await terminal.waitForText(`more than ${secretMaxBytes} bytes`);
    terminal.write("b\r");
    await terminal.waitForText('secret "b"');
  });

  test("is asked for twice where it is new, until both are the same", async () => {
    await using terminal = await ask("again");
    terminal.write("one\r");
    await terminal.waitForText("Again?");
    terminal.write("two\r");
    await terminal.waitForText("not the same");
    terminal.write("one\rone\r");
    await terminal.waitForText('secret "one"');
  });

  test("needs a terminal", () => {
    const { exitCode, stdout } = Bun.spawnSync(["setsid", "-w", ...program, "ask"], { stdin: "ignore" });
    expect([exitCode, stdout.toString()]).toEqual([
      1,
      "there is no terminal to ask for the secret on (ENXIO): write file:PATH or fd:N\n",
    ]);
  });

  test.each([
    ["^C", "\x03", "exit 130"],
    ["^D", "\x04", "exit 1"],
    ["Esc", "\x1b", "exit 1"],
  ])("%s ends it, and restores the terminal", async (_key, bytes, exit) => {
    await using terminal = await ask();
    terminal.write(`half${bytes === "\x04" ? "\x15" : ""}${bytes}`);
    await terminal.waitForText(exit);
    expect(terminal.output()).not.toContain("half");
    expect(terminal.isCooked()).toBe(true);
  });

  test.each(["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"] as const)(
    "%s restores the terminal",
    async (signal) => {
      await using terminal = await ask();
      Bun.spawnSync(["pkill", `-${signal.slice(3)}`, "-P", String(terminal.pid)]);
      await terminal.waitForText(/exit 1[234]\d/);
      expect(terminal.isCooked()).toBe(true);
    },
  );

  test("^Z stops it with the terminal restored, and it asks again when it is continued", async () => {
    await using terminal = await startInTerminal(["bash", "--norc", "-i"], { env: { PS1: "shell> " } });
    await terminal.waitForText("shell>");
    terminal.write(`${program.join(" ")} ask\r`);
    await terminal.waitForText("Secret?");
    terminal.write("half\x1a");
    await terminal.waitForText("Stopped");
    terminal.write('echo visi""ble\r');
    await terminal.waitForText("visible");
    terminal.write("fg\r");
    await terminal.waitFor((seen) => seen.output().split("Secret?").length === 3, "the question again");
    terminal.write("whole\r");
    await terminal.waitForText('secret "whole"');
    await terminal.waitForText("shell>");
    expect(terminal.output()).not.toContain("half");
  });
});
