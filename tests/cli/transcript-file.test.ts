import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { expandHome, saveTranscript } from "../../src/cli/files/transcript-file.ts";
import { Folder } from "../support/duet.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";
import { english } from "../support/words.ts";

let folder: Folder;
let path: string;
beforeEach(() => {
  folder = new Folder();
  path = folder.join("chat.txt");
});
afterEach(() => folder[Symbol.dispose]());

test("a new file has every line, and is private to its owner", () => {
  expect(saveTranscript(path, ["one", "two"], false)).toEqual({ type: "saved", lines: 2 });
  expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("an existing file is not overwritten unasked", () => {
  writeFileSync(path, "kept");
  expect(saveTranscript(path, ["new"], false)).toEqual({ type: "exists" });
  expect(readFileSync(path, "utf8")).toBe("kept");
});

test("an overwritten file is complete and private, and a link stays one", () => {
  writeFileSync(path, "old", { mode: 0o644 });
  symlinkSync(path, folder.join("link"));
  expect(saveTranscript(folder.join("link"), ["new"], true)).toEqual({ type: "saved", lines: 1 });
  expect(readFileSync(path, "utf8")).toBe("new\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder.path).toSorted()).toEqual(["chat.txt", "link"]);
});

test("a failure halfway leaves the old file unchanged and no partial one", () => {
  writeFileSync(path, "kept");
  function* broken(): Generator<string> {
    yield "x".repeat(100_000);
    throw Object.assign(new Error("no space"), { code: "ENOSPC" });
  }
  const full = {
    type: "failed",
    problem: sentence("transcript-failed", { path, folder: folder.path, code: "ENOSPC" }),
  };
  expect(saveTranscript(path, broken(), true)).toMatchObject(full);
  expect(saveTranscript(folder.join("other"), broken(), false)).toMatchObject({ type: "failed" });
  expect(readFileSync(path, "utf8")).toBe("kept");
  expect(readdirSync(folder.path)).toEqual(["chat.txt"]);
});

test("each refusal is a sentence", () => {
  mkdirSync(folder.join("folder"));
  const refused = (where: string, overwrite = false): string => {
    const result = saveTranscript(where, ["one"], overwrite);
    return result.type === "failed" ? english.word(result.problem).slice(where.length) : result.type;
  };
  expect(refused(folder.join("none/chat.txt"))).toBe(
    ` was not written: there is no folder ${folder.join("none")} (ENOENT); make it first, or save elsewhere`,
  );
  expect(refused(folder.join("folder"))).toContain("no plain file has that name (EEXIST)");
  expect(refused(folder.join("folder"), true)).toContain("it is a folder (EISDIR)");
  expect(refused(folder.join("x".repeat(300)))).toContain("the name is too long (ENAMETOOLONG)");
  expect(refused("/dev/null", true)).toContain("no plain file has that name (EEXIST)");
  chmodSync(folder.path, 0o500);
  if (process.getuid?.() !== 0) expect(refused(path)).toContain("you may not write there (EACCES)");
  chmodSync(folder.path, 0o700);
});

test("~ is the home folder", () => {
  const home = process.env["HOME"] ?? "";
  expect([expandHome("~"), expandHome("~/a"), expandHome("~bob/a"), expandHome("a~")]).toEqual([
    home,
    `${home}/a`,
    "~bob/a",
    "a~",
  ]);
});
