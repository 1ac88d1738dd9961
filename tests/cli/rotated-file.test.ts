/** Rotation of logs: the bound of a file, the number of kept ones, and files that are not rotated. */

import { expect, test } from "bun:test";
import fs from "node:fs";
import { RotatedFile, type RotatedFileOptions } from "../../src/cli/files/rotated-file.ts";
import { isSentence } from "../../src/words/sentences/sentence.ts";
import { Folder } from "../support/duet.ts";
import { startProgram } from "../support/processes.ts";
import { english } from "../support/words.ts";
import { until } from "../support/wait.ts";

interface Log extends Disposable {
  readonly path: string;
  readonly file: RotatedFile;
  readonly codes: string[];
  /** The contents of all its files, the newest first. */
  readonly contents: () => Promise<readonly string[]>;
}

function openLog(path: string, options: RotatedFileOptions): RotatedFile {
  const file = RotatedFile.open(path, options);
  if (isSentence(file)) throw new Error(english.word(file));
  return file;
}

function logOf(options: Partial<RotatedFileOptions> = {}, before?: string): Log {
  const folder = new Folder();
  const path = `${folder.path}/log`;
  if (before !== undefined) fs.writeFileSync(path, before);
  const codes: string[] = [];
  const file = openLog(path, {
    onError: (code) => codes.push(code),
    maxBytes: 10,
    olderFiles: 2,
    ...options,
  });
  const contents = async (): Promise<readonly string[]> => {
    await file.flush(1000);
    // Rotated files are still written in the background.
    while (fs.readdirSync("/proc/self/fd").some((fd) => isOpen(fd, `${path}.`)))
      await new Promise(setImmediate);
    const names = [path, ...[1, 2, 3].map((age) => `${path}.${age}`)];
    return names.filter((name) => fs.existsSync(name)).map((name) => fs.readFileSync(name, "utf8"));
  };
  return { path, file, codes, contents, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

function isOpen(fd: string, prefix: string): boolean {
  try {
    return fs.readlinkSync(`/proc/self/fd/${fd}`).startsWith(prefix);
  } catch {
    return false;
  }
}

test("a file takes bytes up to its bound, and one more byte begins the next file", async () => {
  using log = logOf();
  log.file.write("12345");
  log.file.write("67890");
  expect(await log.contents()).toEqual(["1234567890"]);
  log.file.write("x");
  expect(await log.contents()).toEqual(["x", "1234567890"]);
});

test("the newest old files are kept, and the oldest is removed", async () => {
  using log = logOf();
  for (const piece of ["first----", "second---", "third----", "fourth---"]) log.file.write(piece);
  expect(await log.contents()).toEqual(["fourth---", "third----", "second---"]);
});

test("existing bytes count, and a write larger than the bound is kept whole", async () => {
  using log = logOf({}, "earlier");
  log.file.write("1234");
  log.file.write("much longer than the bound");
  log.file.write("5");
  expect(await log.contents()).toEqual(["5", "much longer than the bound", "1234"]);
});

test("each file has its head, and is private to its owner", async () => {
  using log = logOf({ header: () => Buffer.from("<>") });
  log.file.write("12345678");
  log.file.write("9");
  expect(await log.contents()).toEqual(["<>9", "<>12345678"]);
  expect(fs.statSync(log.path).mode & 0o777).toBe(0o600);
});

test("a pipe without a reader is refused at once, and one with a reader is written to", async () => {
  using folder = new Folder();
  const path = folder.join("pipe");
  expect(Bun.spawnSync(["mkfifo", path]).exitCode).toBe(0);
  expect(() => openLog(path, { onError: () => {} })).toThrow("ENXIO");
  await using reader = startProgram(["cat", path]);
  const file = await until(() => openIfRead(path), "the reader");
  file.write("through the pipe\n");
  await reader.waitForLine("through the pipe");
});

/** undefined until somebody reads the pipe. */
function openIfRead(path: string): RotatedFile | undefined {
  try {
    return openLog(path, { onError: () => {} });
  } catch {
    return undefined;
  }
}

test("a link stays a link, and its target is rotated", async () => {
  using folder = new Folder();
  const [path, link] = [`${folder.path}/log`, `${folder.path}/link`];
  fs.writeFileSync(path, "");
  fs.symlinkSync(path, link);
  const file = openLog(link, { onError: () => {}, maxBytes: 10, olderFiles: 2 });
  file.write("123456789");
  await file.flush(1000);
  file.write("ab");
  await file.flush(1000);
  expect(fs.lstatSync(link).isSymbolicLink()).toBe(true);
  expect([path, `${path}.1`].map((each) => fs.readFileSync(each, "utf8"))).toEqual(["ab", "123456789"]);
});

test("a device is never rotated", async () => {
  const file = openLog("/dev/null", { onError: () => {}, maxBytes: 1, olderFiles: 1 });
  file.write("more than one byte");
  file.write("and more");
  await file.flush(1000);
  expect(fs.existsSync("/dev/null.1")).toBe(false);
});

test("a failed rotation is reported once, and ends the log", async () => {
  using log = logOf({ olderFiles: 1 });
  log.file.write("1234567890");
  fs.mkdirSync(`${log.path}.1`);
  log.file.write("x");
  log.file.write("y");
  expect(log.codes).toEqual([expect.stringMatching(/^E(ISDIR|EXIST|NOTEMPTY)$/)]);
  fs.rmdirSync(`${log.path}.1`);
  expect(await log.contents()).toEqual(["1234567890"]);
});
