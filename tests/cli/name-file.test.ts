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
import { dirname } from "node:path";
import { readRememberedName, rememberName } from "../../src/cli/files/name-file.ts";
import { parseOptions } from "../../src/cli/options/options.ts";
import { nameFileMaxBytes } from "../../src/protocol/limits.ts";
import { Folder } from "../support/duet.ts";

let folder: Folder;
let path: string;
beforeEach(() => {
  folder = new Folder();
  path = folder.join("state/duet/name");
});
afterEach(() => folder[Symbol.dispose]());

function write(text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

test("the name that was remembered last is read, and the file is the person's alone", () => {
  expect(readRememberedName(path)).toBeUndefined();
  rememberName(path, "zoe");
  rememberName(path, "王小明");
  expect(readRememberedName(path)).toBe("王小明");
  expect(readFileSync(path, "utf8")).toBe("王小明\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirname(path))).toEqual(["name"]);
});

test("a file that another duet left half written beside it is no hindrance, and stays", () => {
  write("zoe\n");
  writeFileSync(`${path}.1.new`, "ot");
  rememberName(path, "eve");
  expect(readRememberedName(path)).toBe("eve");
  expect(readdirSync(dirname(path))).toEqual(["name", "name.1.new"]);
});

test.each([
  ["an empty file", ""],
  ["blanks", " \n"],
  ["a control sequence", "zoe\x1b[31m\n"],
  ["two lines", "zoe\neve\n"],
  ["a name that is too long", `${"z".repeat(200)}\n`],
])("%s is no name", (_, text) => {
  write(text);
  expect(readRememberedName(path)).toBeUndefined();
});

test("a file of as many bytes as are read has a name, and a longer one has none", () => {
  write(`zoe${" ".repeat(nameFileMaxBytes - 3)}`);
  expect(readRememberedName(path)).toBe("zoe");
  write(`zoe${" ".repeat(nameFileMaxBytes - 2)}`);
  expect(readRememberedName(path)).toBeUndefined();
});

test("a folder, a pipe without a writer and a path without a home are passed over", () => {
  mkdirSync(path, { recursive: true });
  rememberName(path, "zoe");
  expect(readRememberedName(path)).toBeUndefined();
  expect(readdirSync(dirname(path))).toEqual(["name"]);
  const pipe = folder.join("pipe");
  expect(Bun.spawnSync(["mkfifo", pipe]).exitCode).toBe(0);
  rememberName(pipe, "zoe");
  expect(readRememberedName(pipe)).toBeUndefined();
  expect(statSync(pipe).isFIFO()).toBe(true);
  rememberName(undefined, "zoe");
  expect(readRememberedName(undefined)).toBeUndefined();
});

test("a link in a folder that others may write to is not followed", () => {
  const shared = folder.join("shared");
  mkdirSync(shared);
  chmodSync(shared, 0o777);
  const own = folder.join("own");
  writeFileSync(own, "kept\n");
  symlinkSync(own, `${shared}/name`);
  rememberName(`${shared}/name`, "zoe");
  expect(readFileSync(own, "utf8")).toBe("kept\n");
});

test("while two duets replace it again and again, every reader finds the whole name of one of them", async () => {
  const module = new URL("../../src/cli/files/name-file.ts", import.meta.url).pathname;
  const names = ["a".repeat(18), "b".repeat(18)];
  rememberName(path, names[0]!);
  const writers = names.map((name) =>
    Bun.spawn([
      process.execPath,
      "-e",
      `const { rememberName } = await import(${JSON.stringify(module)});
       for (let count = 0; count < 1000; count += 1) rememberName(${JSON.stringify(path)}, ${JSON.stringify(name)});`,
    ]),
  );
  let isOver = false;
  const over = Promise.all(writers.map(({ exited }) => exited)).then((codes) => {
    isOver = true;
    return codes;
  });
  const seen = new Set<string | undefined>();
  while (!isOver) {
    for (let count = 0; count < 100; count += 1) seen.add(readRememberedName(path));
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
  expect(await over).toEqual([0, 0]);
  expect([...seen].filter((name) => name === undefined || !names.includes(name))).toEqual([]);
  expect(readdirSync(dirname(path))).toEqual(["name"]);
});

const remembered = {
  isTerminal: true,
  loginName: "ada",
  readRememberedName: (): string | undefined => "zoe",
};
test.each([
  ["a start on a terminal", [], remembered, "zoe"],
  ["spoken output", ["--screen-reader"], remembered, "zoe"],
  ["--name wins", ["--name", "bob"], remembered, "bob"],
  [
    "the settings file wins",
    [],
    { ...remembered, readSettings: () => new Map([["name", ["eve"]] as const]) },
    "eve",
  ],
  ["--plain", ["--plain"], remembered, "ada"],
  ["--json", ["--json"], remembered, "ada"],
  ["a pipe", [], { ...remembered, isTerminal: false }, "ada"],
  [
    "nothing remembered",
    [],
    { ...remembered, readRememberedName: (): string | undefined => undefined },
    "ada",
  ],
] as const)("the name at the start: %s", (_, argv, environment, name) => {
  expect(parseOptions(argv, environment)).toMatchObject({ kind: "run", options: { name } });
});
