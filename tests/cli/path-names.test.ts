import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { completePath } from "../../src/cli/files/path-names.ts";
import { Folder } from "../support/duet.ts";

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
  for (const name of ["chat.txt", "chat logs", ".hidden", "b\x1b[31m", "new\nline"])
    writeFileSync(folder.join(name), "");
  mkdirSync(folder.join("chats"));
  symlinkSync(folder.join("chats"), folder.join("link"));
  symlinkSync(folder.join("nothing"), folder.join("lost"));
});
afterEach(() => folder[Symbol.dispose]());

function like(start: string): string[] {
  return completePath(folder.join(start)).map((path) => path.slice(folder.path.length + 1));
}

test("paths with the typed beginning are listed in order, folders with a slash, also through a link", () => {
  expect(like("ch")).toEqual(["chat logs", "chat.txt", "chats/"]);
  expect(like("li")).toEqual(["link/"]);
  expect(like("lo")).toEqual(["lost"]);
  expect(completePath(`${folder.path}/`)).toHaveLength(5);
});

test("hidden names need a typed dot, and names with control characters are left out", () => {
  expect(like(".h")).toEqual([".hidden"]);
  expect(like("b")).toEqual([]);
  expect(like("new")).toEqual([]);
});

test("a missing folder has no paths, and ~ is kept as typed", () => {
  expect(like("none/x")).toEqual([]);
  expect(completePath("~")).toEqual(["~/"]);
  expect(completePath("~/").every((path) => path.startsWith("~/"))).toBe(true);
});
