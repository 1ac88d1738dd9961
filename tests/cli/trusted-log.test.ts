/** Logs in folders that other users can write to: their links and files are refused, and what they may read is said. */

import { afterEach, beforeEach, expect, spyOn, test } from "bun:test";
import fs from "node:fs";
import { HistoryFile } from "../../src/cli/files/history-file.ts";
import { RotatedFile } from "../../src/cli/files/rotated-file.ts";
import { saveTranscript } from "../../src/cli/files/transcript-file.ts";
import { resolveTrustedPath } from "../../src/cli/files/trusted-path.ts";
import { isSentence } from "../../src/words/sentences/sentence.ts";
import { Folder, startDuet } from "../support/duet.ts";
import { english } from "../support/words.ts";

const anotherUid = 54_321;

let folder: Folder;
/** A shared folder, as /tmp is: mode 1777, root's or ours. */
let shared: string;
let secret: string;

beforeEach(() => {
  folder = new Folder();
  fs.chmodSync(folder.path, 0o755);
  shared = folder.join("tmp");
  fs.mkdirSync(shared);
  fs.chmodSync(shared, 0o1777);
  secret = folder.join("secret");
  fs.writeFileSync(secret, "mine\n", { mode: 0o600 });
});

afterEach(() => folder[Symbol.dispose]());

/** Runs `act` while what `make` made belongs to another user: only root can give a file away, so else we become another. */
function asMadeByAnother<T>(path: string, make: () => void, act: () => T): T {
  make();
  if (process.getuid?.() === 0) {
    fs.lchownSync(path, anotherUid, anotherUid);
    return act();
  }
  fs.chmodSync(secret, 0o666);
  using _own = spyOn(process, "getuid").mockReturnValue(anotherUid);
  return act();
}

/** Opens a log, and returns the ids of its notes, or of the sentence that refuses it. */
function open(path: string): readonly unknown[] {
  const file = RotatedFile.open(path, { onError: () => {} });
  if (!isSentence(file)) return file.notes.map(({ id }) => id);
  expect(english.word(file)).not.toMatch(/undefined|null/);
  const params: object = file.params;
  return [file.id, "reason" in params ? params.reason : undefined];
}

test("a link of another user is not followed, whether it is the file, a folder of the path, or behind our own link", () => {
  const link = `${shared}/log`;
  const makeLink = () => fs.symlinkSync(secret, link);
  expect(asMadeByAnother(link, makeLink, () => open(link))).toEqual(["log-untrusted", "link"]);
  fs.symlinkSync(link, folder.join("own"));
  expect(
    asMadeByAnother(
      link,
      () => {},
      () => open(folder.join("own")),
    ),
  ).toEqual(["log-untrusted", "link"]);
  const linkToFolder = `${shared}/folder`;
  const makeFolder = () => fs.symlinkSync(folder.path, linkToFolder);
  const openInside = () => open(`${linkToFolder}/secret`);
  expect(asMadeByAnother(linkToFolder, makeFolder, openInside)).toEqual(["log-untrusted", "link"]);
  expect(fs.readFileSync(secret, "utf8")).toBe("mine\n");
});

test("a link of ours is followed, but not in a folder where everybody can replace it", () => {
  fs.symlinkSync("../secret", `${shared}/log`);
  expect(open(`${shared}/log`)).toEqual([]);
  fs.chmodSync(shared, 0o777);
  expect(open(`${shared}/log`)).toEqual(["log-untrusted", "link"]);
});

test("a file of another user in a shared folder is refused, a pipe too, and elsewhere it is noted", () => {
  const path = `${shared}/log`;
  const makeFile = () => fs.writeFileSync(path, "", { mode: 0o666 });
  expect(asMadeByAnother(path, makeFile, () => open(path))).toEqual(["log-untrusted", "owner"]);
  const elsewhere = folder.join("log");
  const makeElsewhere = () => fs.writeFileSync(elsewhere, "");
  expect(asMadeByAnother(elsewhere, makeElsewhere, () => open(elsewhere))).toEqual(["log-of-another"]);
  const pipe = `${shared}/pipe`;
  const reader = () => {
    expect(Bun.spawnSync(["mkfifo", "-m", "666", pipe]).exitCode).toBe(0);
    fs.openSync(pipe, fs.constants.O_RDWR);
  };
  expect(asMadeByAnother(pipe, reader, () => open(pipe))).toEqual(["log-untrusted", "owner"]);
});

test("a second name in a shared folder, for a file of ours elsewhere, is refused", () => {
  fs.linkSync(secret, `${shared}/log`);
  expect(open(`${shared}/log`)).toEqual(["log-untrusted", "second-name"]);
  expect(open(secret)).toEqual([]);
});

test("a new log in a shared folder is ours alone, and is rotated to a new file only", async () => {
  const path = `${shared}/log`;
  const codes: string[] = [];
  const file = RotatedFile.open(path, { onError: (code) => codes.push(code), maxBytes: 4, olderFiles: 1 });
  if (isSentence(file)) throw new Error(english.word(file));
  file.write("1234");
  fs.symlinkSync(secret, `${path}.1`);
  file.write("5678");
  await file.flush(1000);
  expect(
    [path, `${path}.1`].map((one) => [fs.lstatSync(one).mode & 0o777, fs.readFileSync(one, "utf8")]),
  ).toEqual([
    [0o600, "5678"],
    [0o600, "1234"],
  ]);
  expect(fs.readFileSync(secret, "utf8")).toBe("mine\n");
  const rename = spyOn(fs, "renameSync").mockImplementation((from, to) => {
    rename.mockRestore();
    fs.renameSync(from, to);
    fs.symlinkSync(secret, from);
  });
  fs.rmSync(`${path}.1`);
  file.write("more");
  expect(codes).toEqual(["EEXIST"]);
  expect(fs.readFileSync(secret, "utf8")).toBe("mine\n");
});

test.each([
  ["600", []],
  ["640", ["read"]],
  ["622", ["change"]],
  ["666", ["both"]],
  ["711", []],
] as const)("mode %s of a log is noted with what it allows", (mode, access) => {
  fs.chmodSync(secret, Number.parseInt(mode, 8));
  const file = RotatedFile.open(secret, { onError: () => {} });
  if (isSentence(file)) throw new Error(english.word(file));
  expect(file.notes.map(({ id, params }) => [id, "access" in params ? params.access : ""])).toEqual(
    access.map((one) => ["log-exposed", one]),
  );
  fs.chmodSync(folder.path, 0o700);
  expect(open(secret)).toEqual([]);
});

test("paths of /proc, relative paths, dots and circles are resolved as the system does", () => {
  const { O_RDONLY } = fs.constants;
  const descriptor = fs.openSync(secret, O_RDONLY);
  expect(resolveTrustedPath(`/proc/self/fd/${descriptor}`)).toMatchObject({
    kind: "trusted",
    isOpaque: true,
  });
  fs.closeSync(descriptor);
  const real = fs.realpathSync(folder.path);
  fs.symlinkSync("tmp/../tmp/.", folder.join("dots"));
  expect(resolveTrustedPath(folder.join("dots/./new"))).toEqual({
    kind: "trusted",
    path: `${real}/tmp/new`,
    isOpaque: false,
  });
  expect(resolveTrustedPath("new")).toMatchObject({ path: `${fs.realpathSync(process.cwd())}/new` });
  expect(resolveTrustedPath(folder.join("new/"))).toMatchObject({ path: `${real}/new/` });
  fs.symlinkSync("circle", folder.join("circle"));
  expect(open(folder.join("circle"))).toEqual(["log-unopened", undefined]);
  expect(open(folder.join("none/log"))).toEqual(["log-unopened", undefined]);
});

test("a file behind /proc, as a shell gives one, is rotated where it is", async () => {
  const descriptor = fs.openSync(secret, "a");
  const file = RotatedFile.open(`/proc/self/fd/${descriptor}`, {
    onError: () => {},
    maxBytes: 8,
    olderFiles: 1,
  });
  if (isSentence(file)) throw new Error(english.word(file));
  file.write("1234");
  await file.flush(1000);
  fs.closeSync(descriptor);
  expect([secret, `${secret}.1`].map((one) => fs.readFileSync(one, "utf8"))).toEqual(["1234", "mine\n"]);
});

test("neither a transcript nor the history is written through a link of another user", () => {
  const link = `${shared}/out`;
  const makeLink = () => fs.symlinkSync(folder.path, link);
  asMadeByAnother(link, makeLink, () => {
    for (const overwrite of [false, true])
      expect(saveTranscript(`${link}/secret`, ["line"], overwrite)).toMatchObject({ type: "failed" });
    new HistoryFile(`${link}/secret`).add("line");
  });
  expect(fs.readFileSync(secret, "utf8")).toBe("mine\n");
});

test("duet reports the mode of a log, and logs through a descriptor or /dev", async () => {
  fs.chmodSync(secret, 0o644);
  await using exposed = startDuet(["127.0.0.1", "1", "--plain", "-o", secret]);
  await exposed.waitForExit();
  expect(exposed.errors).toContain(
    `!! other users may read the log ${secret} (mode 644): chmod 600 keeps it to you\n`,
  );
  const toStdout = ["bash", "-c", 'exec "$@" -o /dev/stderr -x /dev/null 2> >(cat)', "bash"];
  await using device = startDuet(["127.0.0.1", "1", "--plain"], { under: toStdout });
  await device.waitForExit();
  expect(device.output).toMatch(/^\d{4}-\S+Z duet: 127\.0\.0\.1:1 refused/m);
  const command = ["bash", "-c", 'exec "$@" -o >(sed "s/^/seen /" >&2)', "bash"];
  await using piped = startDuet(["127.0.0.1", "1", "--plain"], { under: command });
  await piped.waitForExit();
  expect(piped.errors).toMatch(/^seen \d{4}-\S+Z duet: 127\.0\.0\.1:1 refused/m);
});
