/** The name that duet gives itself in hints, for each way of a start. */

import { expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { findProgramName } from "../../src/cli/process/program-name.ts";
import { Folder } from "../support/duet.ts";

const start = { env: {}, mainPath: "/home/ann/duet/src/main.ts", argv0: "bun", cwd: "/home/ann/duet" };

test.each([
  [{ npm_lifecycle_event: "start", npm_execpath: "/usr/bin/bun" }, "bun run start"],
  [
    { npm_lifecycle_event: "start", npm_execpath: "/usr/lib/node_modules/npm/bin/npm-cli.js" },
    "npx -y bun run start",
  ],
  [{ npm_lifecycle_event: "chat" }, "bun src/main.ts"],
  [{ _: "/usr/bin/bun" }, "bun src/main.ts"],
])("a start with %p is named %p", (env, name) => {
  expect(findProgramName({ ...start, env })).toBe(name);
});

test("a start in another folder names the whole path, as a shell reads it", () => {
  expect(findProgramName({ ...start, cwd: "/tmp" })).toBe("bun /home/ann/duet/src/main.ts");
  const spaced = { ...start, mainPath: "/home/ann's own/main.ts", cwd: "/tmp" };
  expect(findProgramName(spaced)).toBe(String.raw`bun '/home/ann'\''s own/main.ts'`);
});

test.each(["duet", "./dist/duet", "/opt/duet"])("a compiled program is named as typed: %s", (argv0) => {
  expect(findProgramName({ ...start, mainPath: "/$bunfs/root/duet", argv0 })).toBe(argv0);
});

test("a link is named as typed: alone if it is in $PATH, else by its path", () => {
  using folder = new Folder();
  const mainPath = folder.join("main.ts");
  const link = folder.join("bin/chat");
  mkdirSync(folder.join("bin"));
  writeFileSync(mainPath, "");
  symlinkSync(mainPath, link);
  const named = (path: string): string =>
    findProgramName({ ...start, mainPath, env: { _: link, PATH: path, npm_lifecycle_event: "start" } });
  expect(named(`/bin:${folder.join("bin")}`)).toBe("chat");
  expect(named("/bin")).toBe(link);
});
