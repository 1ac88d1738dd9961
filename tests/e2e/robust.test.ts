/** No peer's bytes or slowness end a duet or cost another peer a line. */

import { expect, test } from "bun:test";
import { Folder, startDuet } from "../support/duet.ts";
import { residentBytes, startProgram } from "../support/processes.ts";
import { type RawClient, startClient } from "../support/raw-client.ts";
import { freePort } from "../support/tutorial.ts";
import { until } from "../support/wait.ts";

/** Seeded (mulberry32), so that a failure repeats. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const fragments: readonly (string | Uint8Array)[] = [
  "duet/1 ",
  'duet/1 {"type":"hello","name":"x","session":"0123456789abcdef01234567","key":"0123456789abcdef"}\n',
  'duet/1 {"type":"welcome"}\n',
  'duet/1 {"type":"message","id":1,"text":"\\ud800"}\n',
  "duet/2 {}\n",
  "duet/1 someone's room, 3 here. Type a line and press Enter.\n",
  "\x1b]0;title\x07\x1b[2J",
  "\r\n",
  "\n",
  "\0",
  "你好",
  "\u202e\u{e0001}",
  Uint8Array.of(0xff, 0xc0, 0x80),
  Uint8Array.of(0xe4, 0xbd),
  "[".repeat(300),
  "x".repeat(1100),
];

function randomPayload(random: (below: number) => number): Buffer {
  const pieces = Array.from({ length: random(4) }, () =>
    random(3) === 0
      ? Uint8Array.from({ length: random(40) }, () => random(256))
      : (fragments[random(fragments.length)] ?? ""),
  );
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
}

test("ten thousand random datagrams become lines or nothing, and the next peer's line is shown", async () => {
  const random = randomFrom(1);
  await using duet = startDuet(["-u", "-l", "0", "--plain"]);
  const port = await duet.port();
  const quiet = { hostname: "127.0.0.1", socket: { data() {}, error() {} } };
  const sockets = await Promise.all(Array.from({ length: 20 }, () => Bun.udpSocket(quiet)));
  const marker = await Bun.udpSocket(quiet);
  for (let sent = 0; sent < 10_000; sent += 100) {
    for (let index = 0; index < 100; index++)
      sockets[random(sockets.length)]!.send(randomPayload(random), port, "127.0.0.1");
    // So few at a time fit into the kernel's buffer: none is lost, and duet has read them all.
    marker.send(`mark ${sent}`, port, "127.0.0.1");
    await duet.waitForLine(`mark ${sent}`);
  }
  for (const socket of [...sockets, marker]) socket.close();
  const received: string[] = [];
  const decent = await Bun.udpSocket({
    hostname: "127.0.0.1",
    socket: { data: (_socket, bytes) => void received.push(bytes.toString()), error() {} },
  });
  decent.send("still there?", port, "127.0.0.1");
  await duet.waitForLine("> still there?");
  duet.write("yes\n");
  await until(() => received.includes("yes"), "the answer");
  decent.close();
  duet.signal("SIGTERM");
  expect((await duet.waitForExit()).code).toBe(143);
  expect(duet.output).not.toMatch(/[^\n\P{C}]/u);
});

test("ten thousand random streams become lines or a clean close, and the next peer's line is shown", async () => {
  const random = randomFrom(2);
  await using duet = startDuet(["-l", "0", "--plain", "-m", "60000"]);
  const port = await duet.port();
  const one = async (): Promise<void> => {
    using client = await startClient(port);
    for (let left = random(3); left >= 0; left--) client.write(randomPayload(random));
    if (random(2) === 0) client.end();
  };
  for (let streams = 0; streams < 10_000; streams += 100) await Promise.all(Array.from({ length: 100 }, one));
  using decent = await startClient(port);
  decent.write("still there?\n");
  await duet.waitForLine("> still there?");
  duet.write("yes\n");
  await decent.waitForText("yes\n");
  duet.signal("SIGTERM");
  expect((await duet.waitForExit()).code).toBe(143);
  expect(duet.output).not.toMatch(/[^\n\P{C}]/u);
  expect(duet.errors).not.toContain("fault");
});

const mebibyte = 1024 * 1024;
/** Bun itself takes half of this. */
const residentMaxBytes = 150 * mebibyte;

test.each([
  ["64 MiB piped in with --raw", "--raw", 64],
  ["16 MiB of lines piped in with --plain", "--plain", 16],
])("%s reach a slow reader byte for byte, in bounded memory", async (_name, mode, mebibytes) => {
  const uploadBytes = mebibytes * mebibyte;
  const hasher = new Bun.CryptoHasher("sha256");
  let received = 0;
  const ended = Promise.withResolvers<void>();
  const slow = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    allowHalfOpen: true,
    socket: {
      data(socket, bytes) {
        hasher.update(bytes);
        received += bytes.length;
        socket.pause();
        setImmediate(() => socket.resume());
      },
      end: (socket) => {
        socket.end();
        ended.resolve();
      },
      error() {},
    },
  });
  const source = `yes 'a line of 64 bytes, newline counted, so that it ends with a one' | head -c ${uploadBytes}`;
  await using duet = startDuet(["127.0.0.1", String(slow.port), mode], { inputFrom: source });
  let highest = 0;
  const watch = setInterval(
    () => void residentBytes(duet.pid).then((bytes) => (highest = Math.max(highest, bytes))),
    20,
  );
  expect((await duet.waitForExit()).code).toBe(0);
  clearInterval(watch);
  await ended.promise;
  slow.stop(true);
  const expected = Bun.spawnSync(["sh", "-c", `${source} | sha256sum`])
    .stdout.toString()
    .slice(0, 64);
  expect(received).toBe(uploadBytes);
  expect(hasher.digest("hex")).toBe(expected);
  expect(highest).toBeLessThan(residentMaxBytes);
});

test("a line of 64 MiB is cut at 16 KiB with a notice, and the next line is whole", async () => {
  await using duet = startDuet(["-l", "0", "--plain"]);
  const source = `yes | head -c ${64 * mebibyte} | tr '\\n' y`;
  const port = await duet.port();
  await using client = startProgram([
    "bash",
    "-c",
    `(${source}; echo; echo whole) > /dev/tcp/127.0.0.1/${port}`,
  ]);
  await duet.waitForLine("> whole");
  expect((await client.waitForExit()).code).toBe(0);
  expect(duet.lines[0]).toMatch(/> y{16384}$/);
  await duet.waitForError(/!! a line of 127\.0\.0\.1:\d+ was cut at 16 KiB: 67092480 more bytes/);
  expect(await residentBytes(duet.pid)).toBeLessThan(residentMaxBytes);
});

/** Two clients that send while standard output is not read; `exchange` ends before it is. */
async function withUnreadOutput(
  how: "--raw" | "--plain",
  exchange: (one: RawClient, other: RawClient) => Promise<void>,
): Promise<void> {
  using folder = new Folder();
  const port = await freePort("tcp");
  const gate = folder.join("gate");
  Bun.spawnSync(["mkfifo", gate]);
  await using duet = startDuet(["-l", String(port), how], {
    folder,
    outputTo: `| (read go < ${gate}; cat > /dev/null)`,
  });
  const one = await until(() => startClient(port).catch(() => undefined), "a connection");
  using other = await startClient(port);
  one.write("first\n");
  other.write("hello\n");
  await one.waitForText("hello");
  await exchange(one, other);
  one[Symbol.dispose]();
  await Bun.write(gate, "go\n");
  duet.signal("SIGTERM");
  expect((await duet.waitForExit()).code).toBe(143);
}

test("standard output that is not read delays the room only briefly, and no line is lost", async () => {
  await withUnreadOutput("--raw", async (one, other) => {
    // Each block is awaited, since a room disconnects a member that reads more slowly than another writes.
    const block = "x".repeat(64 * 1024);
    for (let sent = 0; sent < 6 * 1024 * 1024; sent += block.length) {
      const wanted = other.receivedBytes + block.length;
      one.write(block);
      await other.waitFor(() => other.receivedBytes >= wanted, "the block");
    }
  });
});

test("lines stay whole while standard output is not read, wherever the pause cuts them", async () => {
  await withUnreadOutput("--plain", async (one, other) => {
    const lines = Array.from({ length: 80_000 }, (_, index) => `${index} ${"x".repeat(60)}`);
    const sent = `${lines.join("\n")}\n`;
    const before = other.receivedBytes;
    const wanted = before + sent.length + lines.length * `<127.0.0.1:${one.port}> `.length;
    one.write(sent);
    await other.waitFor(() => other.receivedBytes >= wanted, "all lines");
    const received = other.text.slice(before).split("\n");
    expect(received.slice(0, -1).map((line) => line.slice(line.indexOf("> ") + 2))).toEqual(lines);
  });
});

test("a folder as standard input is reported, and the chat goes on", async () => {
  await using duet = startDuet(["-l", "0", "--plain"], { under: ["bash", "-c", 'exec "$@" < /', "-"] });
  await duet.waitForError(/!! standard input cannot be read \(EISDIR\)/);
  using client = await startClient(await duet.port());
  client.write("still here\n");
  await duet.waitForLine("still here");
});
