/** The files of an identity: owner, modes, links, and processes that start at once. */

import { describe, expect, spyOn, test } from "bun:test";
import fs from "node:fs";
import { join } from "node:path";
import {
  loadIdentity,
  backUpIdentity,
  readIdentity,
  renewIdentityFile,
} from "../../src/cli/identity/identity-file.ts";
import { readKnownPeers, writePeerChanges } from "../../src/cli/identity/known-peers-file.ts";
import { replacePrivateFile } from "../../src/cli/identity/private-file.ts";
import { formatIdentity } from "../../src/protocol/identity/identity-text.ts";
import { type Identity, isProofValid, proveIdentity } from "../../src/protocol/identity/identity.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import { formatKey } from "../../src/protocol/identity/key-text.ts";
import { identityFileMaxBytes, knownPeersFileMaxBytes } from "../../src/protocol/limits.ts";
import { Folder } from "../support/duet.ts";

function modeOf(path: string): number {
  return fs.statSync(path).mode & 0o777;
}

function keyBytesOf({ secret }: Identity): Uint8Array {
  return makeKeyPair(secret).publicKey;
}

function publicKey(identity: Identity): string {
  return formatKey(keyBytesOf(identity));
}

function statWithoutAccess(path: string): object {
  const { ino, mode, size, mtimeMs } = fs.lstatSync(path);
  return { ino, mode, size, mtimeMs };
}

function problemOf(loaded: ReturnType<typeof loadIdentity> | undefined): string {
  return loaded?.kind === "problem" ? loaded.problem.is : `${loaded?.kind}`;
}

/** A folder with an identity in a folder of its own. */
function makeHome(): Folder & { readonly identity: string; readonly peers: string } {
  const home = new Folder();
  return Object.assign(home, {
    identity: join(home.path, "duet", "identity"),
    peers: join(home.path, "duet", "known_peers"),
  });
}

describe("an identity", () => {
  test("is made at first need, 0600 in 0700, and read from then on", () => {
    using home = makeHome();
    const made = loadIdentity(home.identity);
    const read = loadIdentity(home.identity);
    expect([made.kind, read.kind]).toEqual(["identity", "identity"]);
    if (made.kind !== "identity" || read.kind !== "identity") return;
    expect([made.isNew, read.isNew]).toEqual([true, false]);
    expect(read.identity).toEqual(made.identity);
    expect([modeOf(home.identity), modeOf(join(home.path, "duet"))]).toEqual([0o600, 0o700]);
    expect(fs.readdirSync(join(home.path, "duet"))).toEqual(["identity"]);
  });

  test("of ten processes that start at once is one", async () => {
    using home = makeHome();
    const program = `
      import { loadIdentity } from "${join(import.meta.dir, "../../src/cli/identity/identity-file.ts")}";
      process.stdout.write("ready\\n");
      for await (const _ of Bun.stdin.stream()) break;
      const loaded = loadIdentity(${JSON.stringify(home.identity)});
      process.stdout.write(loaded.kind === "identity" ? Buffer.from(loaded.identity.secret).toString("hex") : loaded.kind);
    `;
    const children = Array.from({ length: 10 }, () =>
      Bun.spawn([process.execPath, "-e", program], { stdin: "pipe", stdout: "pipe" }),
    );
    const readers = children.map(({ stdout }) => stdout.getReader());
    for (const reader of readers) await reader.read();
    for (const { stdin } of children) {
      stdin.write("go");
      void stdin.end();
    }
    const secrets = await Promise.all(
      readers.map(async (reader) => {
        let text = "";
        for (let one = await reader.read(); !one.done; one = await reader.read())
          text += Buffer.from(one.value).toString();
        return text;
      }),
    );
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(fs.readdirSync(join(home.path, "duet"))).toEqual(["identity"]);
  });

  test.each([
    [0o644, 0o700, "others-may-read"],
    [0o620, 0o700, "others-may-read"],
    [0o601, 0o700, "others-may-read"],
    [0o600, 0o755, "others-may-enter"],
    [0o600, 0o710, "others-may-enter"],
    [0o400, 0o500, "identity"],
  ])("of mode %o in a folder of mode %o: %s", (mode, folderMode, expected) => {
    using home = makeHome();
    loadIdentity(home.identity);
    const before = fs.readFileSync(home.identity);
    fs.chmodSync(home.identity, mode);
    fs.chmodSync(join(home.path, "duet"), folderMode);
    expect(problemOf(loadIdentity(home.identity))).toBe(expected);
    expect(fs.readFileSync(home.identity)).toEqual(before);
    fs.chmodSync(join(home.path, "duet"), 0o700);
  });

  test.each([
    ["a link to a file", (path: string) => fs.symlinkSync("/etc/passwd", path), "no-file"],
    ["a link to nothing", (path: string) => fs.symlinkSync("nowhere", path), "no-file"],
    ["a folder", (path: string) => fs.mkdirSync(path), "no-file"],
    ["a pipe", (path: string) => Bun.spawnSync(["mkfifo", "-m", "600", path]), "no-file"],
    ["an empty file", (path: string) => fs.writeFileSync(path, "", { mode: 0o600 }), "malformed"],
    ["another text", (path: string) => fs.writeFileSync(path, "hello\n", { mode: 0o600 }), "malformed"],
    [
      "a later version",
      (path: string) => fs.writeFileSync(path, "duet identity 9\n", { mode: 0o600 }),
      "later-version",
    ],
    [
      "as many bytes as it may have",
      (path: string) => fs.writeFileSync(path, "x".repeat(identityFileMaxBytes), { mode: 0o600 }),
      "malformed",
    ],
    [
      "one byte too many",
      (path: string) => fs.writeFileSync(path, "x".repeat(identityFileMaxBytes + 1), { mode: 0o600 }),
      "too-long",
    ],
  ])("in place of which there is %s is refused, and nothing is replaced", (_name, make, expected) => {
    using home = makeHome();
    fs.mkdirSync(join(home.path, "duet"), { mode: 0o700 });
    make(home.identity);
    const before = statWithoutAccess(home.identity);
    expect(problemOf(loadIdentity(home.identity))).toBe(expected);
    expect(statWithoutAccess(home.identity)).toEqual(before);
    expect(fs.readdirSync(join(home.path, "duet"))).toEqual(["identity"]);
  });

  test("of another user is refused", () => {
    using home = makeHome();
    if (process.getuid?.() !== 0) return;
    loadIdentity(home.identity);
    fs.chownSync(home.identity, 65_534, 65_534);
    expect(problemOf(loadIdentity(home.identity))).toBe("other-owner");
    fs.chownSync(home.identity, 0, 0);
    fs.chownSync(join(home.path, "duet"), 65_534, 65_534);
    expect(problemOf(loadIdentity(home.identity))).toBe("other-owner");
  });

  test("is replaced by another one whole, 0600", () => {
    using home = makeHome();
    const made = loadIdentity(home.identity);
    if (made.kind !== "identity") throw new Error("no identity");
    const renewed = renewIdentityFile(home.identity, publicKey(made.identity));
    if (renewed.kind !== "renewed") throw new Error(renewed.kind);
    expect(modeOf(home.identity)).toBe(0o600);
    const read = readIdentity(home.identity);
    expect(read?.kind === "identity" ? formatIdentity(read.identity) : "").toBe(
      formatIdentity(renewed.identity),
    );
    expect(renewed.identity.renewal?.earlier).toEqual(proveIdentity(made.identity).signing);
    expect(isProofValid(keyBytesOf(renewed.identity), proveIdentity(renewed.identity))).toBe(true);
    expect(fs.readdirSync(join(home.path, "duet"))).toEqual(["identity"]);
  });

  test("with another key than the one to be renewed, or a lock, stays as it is", () => {
    using home = makeHome();
    const made = loadIdentity(home.identity);
    if (made.kind !== "identity") throw new Error("no identity");
    const before = fs.readFileSync(home.identity);
    expect(renewIdentityFile(home.identity, formatKey(new Uint8Array(32).fill(1))).kind).toBe("other-key");
    fs.writeFileSync(`${home.identity}.lock`, "");
    expect(renewIdentityFile(home.identity, publicKey(made.identity))).toEqual({
      kind: "problem",
      problem: { is: "locked", path: home.identity },
    });
    expect(fs.readFileSync(home.identity)).toEqual(before);
  });

  test("of processes that renew it at once is renewed by one", async () => {
    using home = makeHome();
    const made = loadIdentity(home.identity);
    if (made.kind !== "identity") throw new Error("no identity");
    const program = `
      import { renewIdentityFile } from "${join(import.meta.dir, "../../src/cli/identity/identity-file.ts")}";
      const [path, key] = process.argv.slice(1);
      for (;;) {
        const { kind } = renewIdentityFile(path, key);
        if (kind === "problem") continue;
        process.stdout.write(kind);
        break;
      }
    `;
    const children = Array.from({ length: 6 }, () =>
      Bun.spawn([process.execPath, "-e", program, home.identity, publicKey(made.identity)]),
    );
    const kinds = await Promise.all(children.map(({ stdout }) => new Response(stdout).text()));
    expect(kinds.toSorted()).toEqual([...Array<string>(5).fill("other-key"), "renewed"]);
    expect(fs.readdirSync(join(home.path, "duet"))).toEqual(["identity"]);
  });

  test("is copied whole to a file of mode 600 that is new, in any folder, and used from there", () => {
    using home = makeHome();
    loadIdentity(home.identity);
    fs.chmodSync(home.path, 0o755);
    const copy = join(home.path, "copy");
    expect(backUpIdentity(home.identity, copy)).toEqual({ kind: "copied" });
    expect([modeOf(copy), fs.readFileSync(copy, "utf8")]).toEqual([
      0o600,
      fs.readFileSync(home.identity, "utf8"),
    ]);
    expect(fs.readdirSync(home.path).toSorted()).toEqual(["copy", "duet"]);
    fs.chmodSync(home.path, 0o700);
    expect(readIdentity(copy)).toEqual(readIdentity(home.identity)!);
  });

  test.each([
    ["a file", (path: string) => fs.writeFileSync(path, "precious"), "EEXIST"],
    ["a link to nothing", (path: string) => fs.symlinkSync("nowhere", path), "EEXIST"],
    ["a folder that is not there", (path: string) => path, "ENOENT"],
  ])("is not copied to %s, which stays", (name, make, code) => {
    using home = makeHome();
    loadIdentity(home.identity);
    const copy = name.includes("folder") ? join(home.path, "no", "copy") : join(home.path, "copy");
    make(copy);
    expect(backUpIdentity(home.identity, copy)).toEqual({
      kind: "copy-problem",
      problem: { is: "system", path: copy, code },
    });
    expect(fs.readdirSync(home.path).toSorted()).toEqual(
      name.includes("folder") ? ["duet"] : ["copy", "duet"],
    );
    expect(fs.existsSync(join(home.path, "nowhere"))).toBe(false);
  });

  test("in a folder that cannot be made says so", () => {
    using home = makeHome();
    fs.writeFileSync(join(home.path, "duet"), "");
    expect(loadIdentity(home.identity)).toMatchObject({
      kind: "problem",
      problem: { is: "system", code: "ENOTDIR" },
    });
  });
});

describe("known peers", () => {
  const key = (number: number): string => formatKey(new Uint8Array(32).fill(number));
  const met = (number: number) =>
    ({ is: "met", key: key(number), name: "bob", endpoint: undefined, atMs: number }) as const;

  test("are none without a file, and 0600 in 0700 with one", () => {
    using home = makeHome();
    expect(readKnownPeers(home.peers)).toEqual({ kind: "peers", peers: new Map() });
    expect(writePeerChanges(home.peers, [met(1)])).toBeUndefined();
    expect([modeOf(home.peers), modeOf(join(home.path, "duet"))]).toEqual([0o600, 0o700]);
    expect(fs.readdirSync(join(home.path, "duet"))).toEqual(["known_peers"]);
  });

  test("of processes that write at once are all kept", async () => {
    using home = makeHome();
    const program = `
      import { writePeerChanges } from "${join(import.meta.dir, "../../src/cli/identity/known-peers-file.ts")}";
      const change = JSON.parse(process.argv[1]);
      while (writePeerChanges(${JSON.stringify(home.peers)}, [change])?.is === "locked") continue;
    `;
    const children = Array.from({ length: 8 }, (_, index) =>
      Bun.spawn([process.execPath, "-e", program, JSON.stringify(met(index))]),
    );
    expect(await Promise.all(children.map(({ exited }) => exited))).toEqual(children.map(() => 0));
    const read = readKnownPeers(home.peers);
    expect(read.kind === "peers" ? [...read.peers.keys()].toSorted() : read).toEqual(
      children.map((_, index) => key(index)).toSorted(),
    );
  });

  test.each([
    ["duet known peers 2\n", "later-version"],
    ["hello\n", "malformed-line"],
    ["x".repeat(knownPeersFileMaxBytes + 1), "too-long"],
  ])("in a file that cannot be read are refused, and the file stays", (text, is) => {
    using home = makeHome();
    fs.mkdirSync(join(home.path, "duet"), { mode: 0o700 });
    fs.writeFileSync(home.peers, text, { mode: 0o600 });
    expect(writePeerChanges(home.peers, [met(1)])).toMatchObject({ is });
    expect(fs.readFileSync(home.peers, "utf8")).toBe(text);
  });

  test("that another process has locked say so", () => {
    using home = makeHome();
    writePeerChanges(home.peers, [met(1)]);
    fs.writeFileSync(`${home.peers}.lock`, "");
    expect(writePeerChanges(home.peers, [met(2)])).toEqual({ is: "locked", path: home.peers });
  });
});

describe("a disk that takes a part of what is written", () => {
  const whole = "x".repeat(1000);

  /** Each write takes 100 bytes, as long as there is room. */
  function limitWrites(room: number) {
    const { writeSync } = fs;
    let left = room;
    const write = (descriptor: number, bytes: Uint8Array | string, at = 0): number => {
      if (left === 0) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
      const taken = Math.min(left, 100, bytes.length - at);
      left -= taken;
      return writeSync(descriptor, Buffer.from(bytes).subarray(at, at + taken));
    };
    return spyOn(fs, "writeSync").mockImplementation(write as typeof fs.writeSync);
  }

  test.each([
    [1000, "replaced", whole],
    [500, { is: "system", path: expect.any(String), code: "ENOSPC" }, "before"],
  ])("with room for %i bytes leaves a file whole", (room, result, text) => {
    using home = makeHome();
    const path = home.peers;
    expect(replacePrivateFile(path, "before")).toBe("replaced");
    const limited = limitWrites(room);
    try {
      expect(replacePrivateFile(path, whole)).toEqual(result as "replaced");
    } finally {
      limited.mockRestore();
    }
    expect(fs.readFileSync(path, "utf8")).toBe(text);
  });
});
