/**
 * A fault of one client costs the others of its hub nothing: their numbered lines are neither lost, repeated,
 * reordered nor torn.
 */

import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { descriptorsShareMax } from "../../src/protocol/limits.ts";
import { type Duet, startDuet } from "../support/duet.ts";
import { NumberedRoom } from "../support/numbered-room.ts";
import { startProgram } from "../support/processes.ts";
import { withPrograms } from "../support/programs.ts";
import { countMembers, type RawClient, startClient } from "../support/raw-client.ts";
import { until, within } from "../support/wait.ts";

const clockPath = new URL("../support/fixtures/fast-clock.ts", import.meta.url).pathname;
const few = 6;
const speakers = 2;

async function hub(...more: readonly string[]): Promise<{ readonly duet: Duet; readonly port: number }> {
  const duet = startDuet(["-l", "0", "--plain", ...more]);
  return { duet, port: await duet.port() };
}

/**
 * A hub whose clock runs at a tenth: it waits a second, not 100 ms, for a member whose queue is full, so that no member is
 * disconnected for the slowness of this machine.
 */
async function patientHub(): Promise<{ readonly duet: Duet; readonly port: number }> {
  const env = { BUN_OPTIONS: `--preload=${clockPath}`, DUET_TEST_CLOCK: "0.1" };
  const duet = startDuet(["-l", "0", "--plain"], { env });
  return { duet, port: await duet.port() };
}

/** Connects, sends a line, and waits until the hub prints it. */
async function connectClient(duet: Duet, port: number, words: string): Promise<RawClient> {
  const client = await startClient(port);
  client.write(`${words}\n`);
  await duet.waitForLine(`> ${words}`);
  return client;
}

test("an RST in the middle of a line ends that line and no other", async () => {
  const { duet, port } = await hub();
  await using _ = duet;
  using room = await NumberedRoom.enter(port, few, speakers);
  for (let round = 0; round < 10; round += 1) {
    const client = await connectClient(duet, port, `hello ${round}`);
    room.send();
    client.write(`half a line ${round}`);
    await duet.waitFor(() => duet.errors.includes(`:${client.port} joined`), "its coming");
    client[Symbol.dispose]();
    await room.sendRound();
    await duet.waitFor(() => duet.errors.includes(`:${client.port} left`), "its end");
  }
  await room.sendRound();
  room.expectWhole();
  for (const line of duet.lines.filter((one) => one.includes("half")))
    expect(line).toMatch(/^<127\.0\.0\.1:\d+> half a line \d$/);
});

test("a client that floods, does not read and ends with FIN loses none of its lines", async () => {
  const { duet, port } = await hub();
  await using _ = duet;
  using room = await NumberedRoom.enter(port, few, speakers);
  using client = await connectClient(duet, port, "hello all");
  using reader = await connectClient(duet, port, "I listen");
  client.pause();
  const lines = Array.from({ length: 20_000 }, (_unused, number) => `last words ${number}\n`);
  client.write(lines.join(""));
  client.end();
  await room.sendDuring(reader.waitFor(() => reader.text.includes("last words 19999\n"), "the last of it"));
  room.expectWhole();
  const received = reader.text.split("\n").filter((line) => line.includes("last words"));
  expect(received).toEqual(lines.map((line) => `<127.0.0.1:${client.port}> ${line.trimEnd()}`));
  await duet.waitForError(/HALF-CLOSED \(theirs\)/);
});

/** Sends one line and never reads, with a small receive buffer, so that the hub soon queues for it. */
const stalledClient = `
import socket, sys, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
s.connect(("127.0.0.1", int(sys.argv[1])))
s.sendall(b"do not mind me\\n")
time.sleep(100)
`;

withPrograms(["python3"])("a client killed while it is written to costs the others nothing", async () => {
  const { duet, port } = await hub("-v");
  await using _ = duet;
  using room = await NumberedRoom.enter(port, few, speakers);
  for (let round = 0; round < 2; round += 1) {
    await using program = startProgram(["python3", "-c", stalledClient, String(port)]);
    const address = /<(.*)>/.exec(await duet.waitForLine("> do not mind me"))?.[1];
    const leftOver = new RegExp(`send ${address} .*\\((partial|would-block)\\)`);
    while (!leftOver.test(duet.errors)) await room.sendRound();
    room.send();
    program.signal("SIGKILL");
    await room.waitForAll();
    await room.sendRound();
    await duet.waitForError(new RegExp(`bytes for ${address} were not sent`));
  }
  room.expectWhole();
});

test("1,000 clients that connect and drop at once cost the others nothing, and none remains", async () => {
  const { duet, port } = await hub();
  await using _ = duet;
  using room = await NumberedRoom.enter(port, few, speakers);
  const dropping = Promise.all(
    Array.from({ length: 1000 }, (_unused, number) => connectAndDrop(port, number)),
  );
  await within(room.sendDuring(dropping), "all to have come and gone");
  await until(async () => (await countMembers(port)) === few + 2, "nobody else to be here");
  await room.sendRound();
  room.expectWhole();
});

/** A third sends nothing, a third a line, a third half a line; a FIN or an RST ends it. */
async function connectAndDrop(port: number, number: number): Promise<void> {
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: { data: () => {}, error: () => {} },
  });
  if (number % 3 > 0) socket.write(number % 3 === 1 ? "hi\n" : "hal");
  if (number % 2 === 0) socket.end();
  else socket.terminate();
}

test("with 64 descriptors surplus clients are refused with a reason, and the others miss no line", async () => {
  const under = ["sh", "-c", 'ulimit -n 64; exec "$@"', "sh"];
  await using duet = startDuet(["-l", "0", "--plain"], { under });
  const port = await duet.port();
  using room = await NumberedRoom.enter(port, few, speakers);
  const listDescriptors = () => readdirSync(`/proc/${duet.pid}/fd`).map(Number);
  const before = listDescriptors().length;
  const crowd = await room.sendDuring(Promise.all(Array.from({ length: 100 }, () => startClient(port))));
  await room.sendDuring(
    until(() => crowd.some(({ ended }) => ended) && crowd.every(({ text }) => text !== ""), "a word to each"),
  );
  const refused = crowd.filter(({ text }) => text.startsWith("Sorry, this machine has no room"));
  const taken = crowd.filter(({ text }) => text.startsWith("duet/1 "));
  expect([refused.length + taken.length, refused.every(({ ended }) => ended)]).toEqual([100, true]);
  expect(refused.length).toBeGreaterThan(50);
  // Connections are accepted up to four fifths of the descriptors, and not one more.
  expect(Math.max(...listDescriptors())).toBe(Math.ceil(64 * descriptorsShareMax) - 1);
  room.expectWhole();
  for (const client of crowd) client[Symbol.dispose]();
  await room.sendDuring(until(() => listDescriptors().length <= before, "the crowd's end"));
  using late = await until(async () => {
    const client = await startClient(port);
    client.write("in after all\n");
    await until(() => client.ended || duet.output.includes("in after all"), "an answer");
    return client.ended ? undefined : client;
  }, "room for one more");
  expect(late.ended).toBe(false);
  await room.sendRound();
  room.expectWhole();
});

test("a hub that was stopped and continued loses no line sent meanwhile", async () => {
  const { duet, port } = await patientHub();
  await using _ = duet;
  using room = await NumberedRoom.enter(port, few, speakers);
  for (let round = 0; round < 3; round += 1) {
    await room.sendRound();
    room.send();
    duet.signal("SIGSTOP");
    await until(() => isStopped(duet.pid), "it to be stopped");
    // Until the kernels' buffers are full.
    while (room.members[0]?.unsentBytes === 0) room.send();
    duet.signal("SIGCONT");
    await room.waitForAll();
  }
  await room.sendRound();
  room.expectWhole();
});

async function isStopped(pid: number): Promise<boolean> {
  return /^State:\s+T/m.test(await Bun.file(`/proc/${pid}/status`).text());
}
