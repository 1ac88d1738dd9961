/** UNIX socket files: ownership, permissions, and leftover files. */

import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { connectTcp } from "../../src/transport/tcp/tcp-connector.ts";
import { listenTcp } from "../../src/transport/tcp/tcp-listener.ts";
import { Witness } from "../support/events.ts";
import { fullUnixListener } from "./full-listener.ts";

const folder = mkdtempSync(join(tmpdir(), "duet-path-"));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const makePath = () => join(folder, `${(count += 1)}.sock`);

function listenAt(path: string) {
  return new Witness((onEvent) => listenTcp({ target: { kind: "unix", path }, peersMax: 4 }, onEvent));
}

/** Leaves the socket file of a listener that was killed. */
async function leaveStale(path: string): Promise<void> {
  const script = `
    Bun.listen({ unix: ${JSON.stringify(path)}, socket: { data() {} } });
    process.kill(process.pid, "SIGKILL");
  `;
  await Bun.spawn([process.execPath, "-e", script]).exited;
  expect(statSync(path).isSocket()).toBe(true);
}

async function readFailure(witness: Witness): Promise<string | undefined> {
  await witness.event("stopped");
  return witness.all("failed")[0]?.error.code;
}

describe("UNIX socket files", () => {
  test("are accessible to their owner only, and the umask is restored", async () => {
    const path = makePath();
    const umask = process.umask();
    await using server = listenAt(path);
    await server.event("listening");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(process.umask()).toBe(umask);
  });

  test("are removed by stop, not when a peer ends", async () => {
    const path = makePath();
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

  test("of a killed listener are replaced", async () => {
    const path = makePath();
    await leaveStale(path);
    await using server = listenAt(path);
    await server.event("listening");
    expect(server.all("failed")).toEqual([]);
  });

  test("of a live listener are in use, and kept", async () => {
    const path = makePath();
    await using server = listenAt(path);
    await server.event("listening");
    expect(await readFailure(listenAt(path))).toBe("EADDRINUSE");
    expect(existsSync(path)).toBe(true);
  });

  test("of a live listener with a full backlog are in use as well (Bun 1.4.5 reports refused)", async () => {
    const path = makePath();
    using _full = await fullUnixListener(path);
    const target = { kind: "unix", path } as const;
    expect(await readFailure(new Witness((onEvent) => connectTcp({ target, timeoutMs: 999 }, onEvent)))).toBe(
      "ECONNREFUSED",
    );
    expect(await readFailure(listenAt(path))).toBe("EADDRINUSE");
    expect(existsSync(path)).toBe(true);
  });

  // Each of them refuses or misunderstands a stream connect, as a leftover file does.
  test.each([
    ["datagram", "SOCK_DGRAM", ""],
    ["sequenced-packet", "SOCK_SEQPACKET", "s.listen(1)"],
    ["bound stream, not yet listening,", "SOCK_STREAM", ""],
    ["datagram, bound by a relative path,", "SOCK_DGRAM", ""],
    ["datagram, in another network namespace,", "SOCK_DGRAM", ""],
  ])("of another program's %s socket are in use, and kept", async (name, type, then) => {
    const path = makePath();
    const bound = name.includes("relative") ? basename(path) : path;
    const script = `import socket,sys; s=socket.socket(socket.AF_UNIX, socket.${type}); s.bind(${JSON.stringify(bound)}); ${then}
print("bound", flush=True); sys.stdin.read()`;
    const elsewhere = name.includes("namespace") ? ["unshare", "-rn"] : [];
    await using program = Bun.spawn([...elsewhere, "python3", "-c", script], {
      stdin: "pipe",
      stdout: "pipe",
      cwd: folder,
    });
    await program.stdout.getReader().read();
    expect(await readFailure(listenAt(path))).toBe("EADDRINUSE");
    expect(existsSync(path)).toBe(true);
    void program.stdin.end();
    await program.exited;
    await using server = listenAt(path);
    await server.event("listening");
  });

  test.each([
    ["no-socket", "open(path, 'w').close()"],
    ["unbound", "s = socket.socket(socket.AF_UNIX); s.bind(path); s.close()"],
    ["datagram", "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(path)"],
    ["stream", "s = socket.socket(socket.AF_UNIX); s.bind(path)"],
  ] as const)("that refuse are reported with the file at the path: %s", async (file, make) => {
    const path = makePath();
    const script = `import socket,sys; path=${JSON.stringify(path)}; ${make}
print("made", flush=True); sys.stdin.read()`;
    await using program = Bun.spawn(["python3", "-c", script], { stdin: "pipe", stdout: "pipe" });
    await program.stdout.getReader().read();
    const target = { kind: "unix", path } as const;
    await using client = new Witness((onEvent) => connectTcp({ target, timeoutMs: 1000 }, onEvent));
    await client.event("stopped");
    expect(client.all("failed")[0]?.error).toMatchObject({ code: "ECONNREFUSED", file });
    if (file === "unbound") return;
    await using server = listenAt(path);
    await server.event("stopped");
    expect(server.all("failed")[0]?.error).toMatchObject({ code: "EADDRINUSE", file });
  });

  test("that are regular files are never removed", async () => {
    const path = makePath();
    writeFileSync(path, "precious");
    expect(await readFailure(listenAt(path))).toBe("EADDRINUSE");
    expect(readFileSync(path, "utf8")).toBe("precious");
  });

  test("that replaced ours are not removed by our stop", async () => {
    const path = makePath();
    const server = listenAt(path);
    await server.event("listening");
    unlinkSync(path);
    writeFileSync(path, "theirs");
    await server[Symbol.asyncDispose]();
    expect(readFileSync(path, "utf8")).toBe("theirs");
  });

  test("have names of at most 107 bytes", async () => {
    const longest = join(folder, "x".repeat(107 - folder.length - 1));
    await using server = listenAt(longest);
    await server.event("listening");
    expect(await readFailure(listenAt(`${longest}x`))).toBe("ENAMETOOLONG");
    const target = { kind: "unix", path: `${longest}x` } as const;
    expect(await readFailure(new Witness((onEvent) => connectTcp({ target, timeoutMs: 9 }, onEvent)))).toBe(
      "ENAMETOOLONG",
    );
    await using abstract = listenAt(`@${"x".repeat(106)}`);
    await abstract.event("listening");
    expect(await readFailure(listenAt(`@${"x".repeat(107)}`))).toBe("ENAMETOOLONG");
  });

  test("need an existing folder, and stale ones refuse connections", async () => {
    expect(await readFailure(listenAt(join(folder, "none", "x.sock")))).toBe("ENOENT");
    const path = makePath();
    await leaveStale(path);
    const target = { kind: "unix", path } as const;
    expect(await readFailure(new Witness((onEvent) => connectTcp({ target, timeoutMs: 999 }, onEvent)))).toBe(
      "ECONNREFUSED",
    );
  });
});
