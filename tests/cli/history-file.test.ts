import { afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { HistoryFile } from "../../src/cli/files/history-file.ts";
import { findStatePath } from "../../src/cli/files/state-path.ts";
import { historyLineMaxUnits, inputHistoryMax } from "../../src/protocol/limits.ts";
import { Folder } from "../support/duet.ts";

let folder: Folder;
let path: string;
beforeEach(() => {
  folder = new Folder();
  path = folder.join("state/duet/history");
});
afterEach(() => folder[Symbol.dispose]());

/** The lines that the next run reads after one run added these. */
function keptOf(lines: readonly string[]): readonly string[] {
  const file = new HistoryFile(path);
  for (const line of lines) file.add(line);
  file.close();
  return new HistoryFile(path).read();
}

/** Another process's lock, which does not become stale on a slow machine. */
function holdLock(): string {
  const lock = `${path}.lock`;
  writeFileSync(lock, "");
  const inAnHour = Date.now() / 1000 + 3600;
  utimesSync(lock, inAnHour, inAnHour);
  return lock;
}

describe("the path", () => {
  test.each([
    ["the state folder of the environment", { XDG_STATE_HOME: "/s", HOME: "/h" }, "/s/duet/history"],
    ["~/.local/state", { HOME: "/h" }, "/h/.local/state/duet/history"],
    ["not where a relative path points", { XDG_STATE_HOME: "s", HOME: "/h" }, "/h/.local/state/duet/history"],
    ["nowhere without an absolute home", { HOME: "h" }, undefined],
  ])("%s", (_, env, expected) => {
    expect(findStatePath(env, "history")).toBe(expected);
  });
});

describe("the next run reads", () => {
  test("all lines in order, including multi-line ones and backslashes", () => {
    const lines = ["one", "two\nof\r\nthem", String.raw`a \n that was typed, \\ and \x`, "/who", "你好 👨‍👩‍👧"];
    expect(keptOf(lines)).toEqual(lines);
  });

  test("no line that begins with a space, is blank, repeats the last one or is too long", () => {
    const longest = "x".repeat(historyLineMaxUnits);
    expect(keptOf([" secret", "", "  ", "a", "a", `${longest}x`, longest])).toEqual(["a", longest]);
  });

  test("the newest inputHistoryMax lines, and a long file is shortened", () => {
    const many = Array.from({ length: 2 * inputHistoryMax + 1 }, (_, index) => `line ${index}`);
    mkdirSync(folder.join("state/duet"), { recursive: true });
    writeFileSync(path, `${many.join("\n")}\n`);
    expect(new HistoryFile(path).read()).toEqual(many.slice(-inputHistoryMax));
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(inputHistoryMax + 1);
  });

  test("the lines of two concurrent duets, even when one shortens the file meanwhile", () => {
    const many = Array.from({ length: 2 * inputHistoryMax + 1 }, (_, index) => `line ${index}`);
    const one = new HistoryFile(path);
    one.add("first of one");
    appendFileSync(path, `${many.join("\n")}\n`);
    const other = new HistoryFile(path);
    other.read();
    one.add("second of one");
    other.add("first of the other");
    one.close();
    other.close();
    expect(new HistoryFile(path).read().slice(-3)).toEqual([
      many.at(-1)!,
      "first of the other",
      "second of one",
    ]);
  });
});

test("a line added on exit while another process replaces the file is in the new file", () => {
  mkdirSync(folder.join("state/duet"), { recursive: true });
  writeFileSync(path, "old\n");
  const lock = holdLock();
  const file = new HistoryFile(path);
  file.add("new");
  expect(new HistoryFile(path).read()).toEqual(["old"]);
  // The other process works while this one sleeps.
  using sleep = spyOn(Bun, "sleepSync").mockImplementation(() => {
    if (sleep.mock.calls.length < 3) return;
    writeFileSync(folder.join("next"), "old\n");
    renameSync(folder.join("next"), path);
    rmSync(lock);
  });
  file.close();
  expect(sleep).toHaveBeenCalledTimes(3);
  expect(new HistoryFile(path).read()).toEqual(["old", "new"]);
});

test("the file and its folder are private to their owner, also a file that was not", () => {
  keptOf(["one"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(folder.join("state/duet")).mode & 0o777).toBe(0o700);
  chmodSync(path, 0o644);
  keptOf(["two"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test("half a line, as a full disk leaves it, is not glued to the next one", () => {
  keptOf(["one"]);
  appendFileSync(path, "ha");
  keptOf(["two"]);
  expect(new HistoryFile(path).read()).toEqual(["one", "ha", "two"]);
});

test("a missing, an invalid and an unwritable path are no error", () => {
  expect(new HistoryFile(path).read()).toEqual([]);
  expect(new HistoryFile(undefined).read()).toEqual([]);
  mkdirSync(path, { recursive: true });
  expect(keptOf(["one"])).toEqual([]);
  path = "/dev/null/history";
  expect(keptOf(["one"])).toEqual([]);
});

test("another process's lock delays a line until exit, and a stale lock is ignored", () => {
  mkdirSync(folder.join("state/duet"), { recursive: true });
  holdLock();
  const file = new HistoryFile(path);
  file.add("one");
  expect(existsSync(path)).toBe(false);
  file.close();
  expect(new HistoryFile(path).read()).toEqual(["one"]);
  utimesSync(`${path}.lock`, 1, 1);
  new HistoryFile(path).add("two");
  expect(new HistoryFile(path).read()).toEqual(["one", "two"]);
});
