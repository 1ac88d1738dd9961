/** Announcement files: which are read, ignored and removed. */

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { Endpoint } from "../../src/protocol/address/endpoint.ts";
import { parseAnnouncement } from "../../src/transport/pairing/announcement-file.ts";
import { listAnnouncementFolders, Announcements } from "../../src/transport/pairing/announcements.ts";
import { checkPrivateFolder } from "../../src/transport/pairing/private-folder.ts";
import { isProcessAlive, readStartTime } from "../../src/transport/pairing/process-life.ts";
import { until } from "../support/wait.ts";

const loopback: Endpoint = { family: "IPv4", address: "127.0.0.1", port: 8080 };
const everywhere: Endpoint = { family: "IPv6", address: "::", port: 8080 };

let base = "";
let folder = "";

beforeEach(() => {
  base = fs.mkdtempSync(join(tmpdir(), "duet-test-"));
  folder = join(base, "duet");
});

afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

/** Writes a file as another process of ours would. */
function writeFile(name: string, content: string | object): string {
  fs.mkdirSync(folder, { mode: 0o700, recursive: true });
  const path = join(folder, name);
  fs.writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

function makeRecord(fields: object = {}): object {
  const startTime = readStartTime(process.pid);
  return {
    version: 1,
    transport: "tcp",
    endpoint: loopback,
    name: "anna",
    pid: process.pid,
    startTime,
    ...fields,
  };
}

describe("announcing", () => {
  test("announcements of another network namespace are ignored but kept, since its 127.0.0.1 is not ours", () => {
    const path = writeFile("elsewhere.json", makeRecord({ network: "net:[1]" }));
    const announcements = new Announcements([folder]);
    expect(announcements.read()).toEqual([]);
    expect(fs.existsSync(path)).toBe(true);
    announcements.announce("tcp", loopback, "anna");
    expect(announcements.read()).toHaveLength(1);
    writeFile("untold.json", makeRecord({ transport: "udp" }));
    expect(announcements.read()).toHaveLength(2);
  });

  test("announcements are read from every folder, without duplicates", () => {
    const folders = [folder, join(base, "shared")];
    const announcements = new Announcements(folders);
    expect(announcements.announce("tcp", loopback, "anna")).toBeUndefined();
    announcements.announce("udp", loopback, "anna");
    for (const each of folders) expect(fs.readdirSync(each)).toHaveLength(2);
    const read = new Announcements(folders.toReversed()).read();
    expect(read).toHaveLength(2);
    expect(read).toContainEqual({ transport: "tcp", endpoint: loopback, name: "anna", pid: process.pid });
  });

  test("a folder has mode 700, a file 600, and no unfinished file stays", () => {
    new Announcements([folder]).announce("tcp", { family: "unix", path: `/tmp/${"x".repeat(100)}` }, "anna");
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
    const names = fs.readdirSync(folder);
    expect(names).toEqual([expect.stringMatching(/^tcp-.*\.json$/)]);
    for (const name of names) expect(fs.statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  test("announcing again replaces the name, and withdrawing removes only that endpoint", () => {
    const announcements = new Announcements([folder]);
    announcements.announce("tcp", loopback, "anna");
    announcements.announce("tcp", loopback, "Anna B");
    announcements.announce("tcp", everywhere, "anna");
    expect(
      announcements
        .read()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(["Anna B", "anna"]);
    announcements.withdraw("tcp", everywhere);
    announcements.withdraw("udp", loopback);
    expect(announcements.read()).toMatchObject([{ name: "Anna B", endpoint: loopback }]);
  });

  test("removeAll removes our files and keeps those of others", () => {
    const other = writeFile("other.json", makeRecord());
    const announcements = new Announcements([folder]);
    announcements.announce("tcp", loopback, "anna");
    announcements.announce("udp", loopback, "anna");
    announcements.removeAll();
    announcements.removeAll();
    expect(fs.readdirSync(folder)).toEqual([other.slice(folder.length + 1)]);
  });

  test("one safe folder suffices; without any, the problem of each is returned", () => {
    const shared = join(base, "shared");
    const [lost, other] = [join(base, "missing", "duet"), join(base, "a file", "duet")];
    fs.writeFileSync(join(base, "a file"), "");
    const safe = new Announcements([lost, shared]);
    expect([safe.announce("tcp", loopback, "anna"), safe.listProblems()]).toEqual([undefined, []]);
    const unsafe = new Announcements([lost, other]);
    const problems = [
      { folder: lost, problem: "ENOENT" },
      { folder: other, problem: "ENOTDIR" },
    ];
    expect([unsafe.announce("tcp", loopback, "anna"), unsafe.listProblems()]).toEqual([problems, problems]);
  });

  test("a name that readers would reject does not hide the endpoint", () => {
    const announcements = new Announcements([folder]);
    announcements.announce("tcp", loopback, "a\u001Bb");
    expect(announcements.read()).toMatchObject([{ name: "", endpoint: loopback }]);
  });
});

describe("processes", () => {
  test("the file of a dead process is ignored and removed", async () => {
    const gone = Bun.spawn(["true"]);
    await gone.exited;
    const path = writeFile("gone.json", makeRecord({ pid: gone.pid, startTime: "1" }));
    expect(new Announcements([folder]).read()).toEqual([]);
    expect(fs.existsSync(path)).toBe(false);
  });

  test.if(fs.existsSync("/proc/self/stat"))(
    "a reused process id does not count as the announcing process",
    () => {
      const path = writeFile("reused.json", makeRecord({ startTime: "1" }));
      expect(new Announcements([folder]).read()).toEqual([]);
      expect(fs.existsSync(path)).toBe(false);
    },
  );

  test.if(fs.existsSync("/proc/self/stat"))(
    "a process that ended and was not waited for is gone",
    async () => {
      // A shell might reap its child; this parent never does.
      const forks =
        "import os, sys; child = os.fork() or os._exit(0); print(child, flush=True); sys.stdin.read()";
      await using parent = Bun.spawn(["python3", "-c", forks], {
        stdin: "pipe",
        stdout: "pipe",
      });
      const { value } = await parent.stdout.getReader().read();
      const pid = Number(new TextDecoder().decode(value));
      await until(() => !isProcessAlive(pid, undefined), "the child to end");
      expect(fs.existsSync(`/proc/${pid}/stat`)).toBe(true);
    },
  );

  test("a file without a start time counts while the process lives", () => {
    writeFile("old.json", makeRecord({ startTime: undefined }));
    expect(new Announcements([folder]).read()).toHaveLength(1);
    expect(isProcessAlive(process.pid, undefined)).toBe(true);
  });

  test("another process's announcement is read while it lives, and not afterwards", async () => {
    const source = join(import.meta.dir, "../../src/transport/pairing/announcements.ts");
    const script = `const { Announcements } = await import(${JSON.stringify(source)});
      new Announcements([process.argv.at(-1)]).announce("tcp", ${JSON.stringify(loopback)}, "bo");
      console.log("announced"); setInterval(() => {}, 1000);`;
    await using child = Bun.spawn([process.execPath, "-e", script, folder], { stdout: "pipe" });
    await child.stdout.getReader().read();
    expect(new Announcements([folder]).read()).toMatchObject([{ name: "bo", pid: child.pid }]);
    child.kill("SIGKILL");
    await child.exited;
    expect(new Announcements([folder]).read()).toEqual([]);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe("folders that are not safe", () => {
  test("a symbolic link is ignored for reading and writing", () => {
    writeFile("a.json", makeRecord());
    const link = join(base, "link");
    fs.symlinkSync(folder, link);
    expect(checkPrivateFolder(link)).toBe("symbolic link");
    expect(new Announcements([link]).read()).toEqual([]);
    expect(new Announcements([link]).announce("tcp", loopback, "anna")).toBeUndefined();
    expect(fs.readdirSync(folder)).toEqual(["a.json"]);
  });

  /** What another user can put in the place of our folder in a shared directory. */
  const squats: (readonly [string, () => void])[] = [
    ["a symbolic link", () => fs.symlinkSync(base, folder)],
    ["a link to nothing", () => fs.symlinkSync(join(base, "nothing"), folder)],
    ["a file", () => fs.writeFileSync(folder, "")],
    ["a folder that all may write to", () => fs.mkdirSync(folder) ?? fs.chmodSync(folder, 0o777)],
  ];
  if (process.getuid?.() === 0)
    squats.push([
      "a folder of another user",
      () => fs.mkdirSync(folder) ?? fs.chownSync(folder, 12_345, 12_345),
    ]);
  test.each(squats)(
    "%s in the place of ours is left alone, and the duets meet in another one",
    (_, squat) => {
      squat();
      const [one, other] = [new Announcements([folder]), new Announcements([folder])];
      expect([one.announce("udp", loopback, "anna"), one.listProblems()]).toEqual([undefined, []]);
      other.announce("udp", everywhere, "bob");
      expect(
        other
          .read()
          .map(({ name }) => name)
          .toSorted(),
      ).toEqual(["anna", "bob"]);
      const made = fs.readdirSync(base).filter((name) => name !== "duet");
      expect(made).toEqual([expect.stringMatching(/^duet\.\w{6}$/)]);
      expect(fs.statSync(join(base, made[0]!)).mode & 0o777).toBe(0o700);
      one.withdraw("udp", loopback);
      expect(one.read().map(({ name }) => name)).toEqual(["bob"]);
      other.removeAll();
      expect(fs.readdirSync(join(base, made[0]!))).toEqual([]);
    },
  );

  test("a folder made in the place of ours is believed only if it is safe, like the first one", () => {
    fs.writeFileSync(folder, "");
    const writeAlternative = (name: string, mode: number): void => {
      fs.mkdirSync(join(base, name), { mode });
      fs.chmodSync(join(base, name), mode);
      fs.writeFileSync(join(base, name, "a.json"), JSON.stringify(makeRecord({ name })));
    };
    writeAlternative("duet.open", 0o777);
    fs.symlinkSync(join(base, "duet.open"), join(base, "duet.link"));
    expect(new Announcements([folder]).read()).toEqual([]);
    writeAlternative("duet.safe", 0o700);
    expect(new Announcements([folder]).read().map(({ name }) => name)).toEqual(["duet.safe"]);
  });

  test.each([0o720, 0o702, 0o777])("a folder of mode %o is ignored", (mode) => {
    writeFile("a.json", makeRecord());
    fs.chmodSync(folder, mode);
    expect(checkPrivateFolder(folder)).toBe("open to others");
    expect(new Announcements([folder]).read()).toEqual([]);
  });

  test.if(process.getuid?.() === 0)("a folder of another user is ignored", () => {
    writeFile("a.json", makeRecord());
    fs.chownSync(folder, 12_345, 12_345);
    expect(checkPrivateFolder(folder)).toBe("not ours");
    expect(new Announcements([folder]).read()).toEqual([]);
  });

  test("the runtime folder is used only if it is ours", () => {
    const shared = join(tmpdir(), `duet-${process.getuid?.()}`);
    expect(listAnnouncementFolders(base)).toEqual([join(base, "duet"), shared]);
    for (const wrong of ["", "relative", join(base, "missing")])
      expect(listAnnouncementFolders(wrong)).toEqual([shared]);
    fs.chmodSync(base, 0o777);
    expect(listAnnouncementFolders(base)).toEqual([shared]);
  });
});

describe("untrusted files", () => {
  test("a pipe, a directory and a link in place of a file neither block nor count", () => {
    const real = writeFile("real.txt", makeRecord());
    Bun.spawnSync(["mkfifo", join(folder, "pipe.json")]);
    fs.mkdirSync(join(folder, "directory.json"));
    fs.symlinkSync(real, join(folder, "link.json"));
    expect(new Announcements([folder]).read()).toEqual([]);
  });

  test("a file of 4 KiB is read, one byte more is ignored", () => {
    const text = JSON.stringify(makeRecord());
    writeFile("a.json", text.padEnd(4096));
    expect(new Announcements([folder]).read()).toHaveLength(1);
    writeFile("a.json", text.padEnd(4097));
    expect(new Announcements([folder]).read()).toHaveLength(0);
  });

  test("at most 256 files are read", () => {
    for (let port = 1; port <= 257; port++)
      writeFile(`${port}.json`, makeRecord({ endpoint: { ...loopback, port } }));
    expect(new Announcements([folder]).read()).toHaveLength(256);
  });

  test.each([
    [{ version: 2 }],
    [{ transport: "sctp" }],
    [{ transport: "udp", endpoint: { family: "unix", path: "/a" } }],
    [{ endpoint: { family: "IPv4", address: "::1", port: 1 } }],
    [{ endpoint: { family: "IPv4", address: "host", port: 1 } }],
    [{ endpoint: { ...loopback, port: 0 } }],
    [{ endpoint: { ...loopback, port: "80" } }],
    [{ endpoint: { family: "unix", path: "a".repeat(108) } }],
    [{ endpoint: { family: "unix", path: "a\0b" } }],
    [{ endpoint: null }],
    [{ name: "x".repeat(257) }],
    [{ name: "a\u001B[2J" }],
    [{ name: 3 }],
    [{ pid: 0 }],
    [{ pid: -1 }],
    [{ pid: 1.5 }],
    [{ startTime: "soon" }],
    [{ startTime: 5 }],
  ])("a file with a wrong field is ignored (%#)", (fields) => {
    expect(parseAnnouncement(JSON.stringify(makeRecord()))).toBeDefined();
    expect(parseAnnouncement(JSON.stringify(makeRecord({ later: true })))).toBeDefined();
    expect(parseAnnouncement(JSON.stringify(makeRecord(fields)))).toBeUndefined();
  });

  test("no text makes the parser throw", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseAnnouncement(text)));
    for (const text of ["null", "[]", "1", '{"version":1}', "{"])
      expect(parseAnnouncement(text)).toBeUndefined();
  });
});
