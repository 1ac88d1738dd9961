/** UNIX socket files: whose they are, who may open them, and what becomes of leftovers. */

import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectTcp } from "../../src/transport/tcp/tcp-connector.ts";
import { listenTcp } from "../../src/transport/tcp/tcp-listener.ts";
import { Witness } from "../support/events.ts";
import { fullUnixListener } from "./full-listener.ts";

const folder = mkdtempSync(join(tmpdir(), "duet-path-"));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const freshPath = () => join(folder, `${(count += 1)}.sock`);

function listenAt(path: string) {
  return new Witness((onEvent) => listenTcp({ target: { kind: "unix", path }, peersMax: 4 }, onEvent));
}

/** The file of a listener that was killed. */
async function leaveStale(path: string): Promise<void> {
  const script = `
    Bun.listen({ unix: ${JSON.stringify(path)}, socket: { data() {} } });
    process.kill(process.pid, "SIGKILL");
  `;
  await Bun.spawn([process.execPath, "-e", script]).exited;
  expect(statSync(path).isSocket()).toBe(true);
}

async function failureOf(witness: Witness): Promise<string | undefined> {
  await witness.event("stopped");
  return witness.all("failed")[0]?.error.code;
}

describe("UNIX socket files", () => {
  test("are for their owner alone, and the umask is what it was", async () => {
    const path = freshPath();
    const umask = process.umask();
    await using server = listenAt(path);
    await server.event("listening");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(process.umask()).toBe(umask);
  });

  test("are removed by stop, not by the end of a peer", async () => {
    const path = freshPath();
    const server = listenAt(path);
    await server.event("listening");
    const client = new Witness((onEvent) =>
      connectTcp({ target: { kind: "unix", path }, timeoutMs: 1000 }, onEvent),
    );
    await client.event("connected");
    expect((await server.event("connected")).peer).toEqual({ family: "unix", path, number: 1 });
    await client[Symbol.asyncDispose]();
    expect(existsSync(path)).toBe(true);
    await server[Symbol.asyncDispose]();
    expect(existsSync(path)).toBe(false);
  });

  test("left by a killed listener are replaced", async () => {
    const path = freshPath();
    await leaveStale(path);
    await using server = listenAt(path);
    await server.event("listening");
    expect(server.all("failed")).toEqual([]);
  });

  test("of a live listener are in use, and stay", async () => {
    const path = freshPath();
    await using server = listenAt(path);
    await server.event("listening");
    expect(await failureOf(listenAt(path))).toBe("EADDRINUSE");
    expect(existsSync(path)).toBe(true);
  });

  test("of a live listener too busy to answer are in use as well (Bun 1.4.5 says refused)", async () => {
    const path = freshPath();
    using _full = await fullUnixListener(path);
    const target = { kind: "unix", path } as const;
    expect(await failureOf(new Witness((onEvent) => connectTcp({ target, timeoutMs: 999 }, onEvent)))).toBe(
      "ECONNREFUSED",
    );
    expect(await failureOf(listenAt(path))).toBe("EADDRINUSE");
    expect(existsSync(path)).toBe(true);
  });

  test("that are plain files are never touched", async () => {
    const path = freshPath();
    writeFileSync(path, "precious");
    expect(await failureOf(listenAt(path))).toBe("EADDRINUSE");
    expect(readFileSync(path, "utf8")).toBe("precious");
  });

  test("that somebody else put in our place are not removed by our stop", async () => {
    const path = freshPath();
    const server = listenAt(path);
    await server.event("listening");
    unlinkSync(path);
    writeFileSync(path, "theirs");
    await server[Symbol.asyncDispose]();
    expect(readFileSync(path, "utf8")).toBe("theirs");
  });

  test("have names of 107 bytes and not one more", async () => {
    const longest = join(folder, "x".repeat(107 - folder.length - 1));
    await using server = listenAt(longest);
    await server.event("listening");
    expect(await failureOf(listenAt(`${longest}x`))).toBe("ENAMETOOLONG");
    const target = { kind: "unix", path: `${longest}x` } as const;
    expect(await failureOf(new Witness((onEvent) => connectTcp({ target, timeoutMs: 9 }, onEvent)))).toBe(
      "ENAMETOOLONG",
    );
    await using abstract = listenAt(`@${"x".repeat(106)}`);
    await abstract.event("listening");
    expect(await failureOf(listenAt(`@${"x".repeat(107)}`))).toBe("ENAMETOOLONG");
  });

  test("in no folder cannot be, and a stale one refuses who connects", async () => {
    expect(await failureOf(listenAt(join(folder, "none", "x.sock")))).toBe("ENOENT");
    const path = freshPath();
    await leaveStale(path);
    const target = { kind: "unix", path } as const;
    expect(await failureOf(new Witness((onEvent) => connectTcp({ target, timeoutMs: 999 }, onEvent)))).toBe(
      "ECONNREFUSED",
    );
  });
});
