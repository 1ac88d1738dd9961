/**
 * What happens to one client of a hub costs the others nothing: those who stay number their lines, and none is lost,
 * repeated, reordered or torn.
 */

import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { descriptorsShareMax } from "../../src/protocol/limits.ts";
import { type Duet, startDuet } from "../support/duet.ts";
import { NumberedRoom } from "../support/numbered-room.ts";
import { startProgram } from "../support/processes.ts";
import { withPrograms } from "../support/programs.ts";
import { countHere, type RawClient, startClient } from "../support/raw-client.ts";
import { until, within } from "../support/wait.ts";

const few = 6;
const speakers = 2;

async function hub(...more: readonly string[]): Promise<{ readonly duet: Duet; readonly port: number }> {
  const duet = startDuet(["-l", "0", "--plain", ...more]);
  return { duet, port: await duet.port() };
}

/** Comes and says so, and waits until it is heard. */
async function guest(duet: Duet, port: number, words: string): Promise<RawClient> {
  const client = await startClient(port);
  client.write(`${words}\n`);
  await duet.waitForLine(`> ${words}`);
  return client;
}

test("an RST in the middle of a line ends that line, and no other", async () => {
  const { duet, port } = await hub();
  await using _ = duet;
  using room = await NumberedRoom.enter(port, few, speakers);
  for (let round = 0; round < 10; round += 1) {
    const client = await guest(duet, port, `hello ${round}`);
    room.speak();
    client.write(`half a line ${round}`);
    await duet.waitFor(() => duet.errors.includes(`:${client.port} joined`), "its coming");
    client[Symbol.dispose]();
    await room.talk();
    await duet.waitFor(() => duet.errors.includes(`:${client.port} left`), "its end");
  }
  await room.talk();
  room.expectWhole();
  for (const line of duet.lines.filter((one) => one.includes("half")))
    expect(line).toMatch(/^<127\.0\.0\.1:\d+> half a line \d$/);
});

test("FIN after a flood of its own loses nothing of it, though it does not read what it is sent", async () => {
  const { duet, port } = await hub();
  await using _ = duet;
  using room = await NumberedRoom.enter(port, few, speakers);
  using client = await guest(duet, port, "hello all");
  using reader = await guest(duet, port, "I listen");
  client.pause();
  const lines = Array.from({ length: 20_000 }, (_unused, number) => `last words ${number}\n`);
  client.write(lines.join(""));
  client.end();
  await room.talkDuring(reader.waitFor(() => reader.text.includes("last words 19999\n"), "the last of it"));
  room.expectWhole();
  const heard = reader.text.split("\n").filter((line) => line.includes("last words"));
  expect(heard).toEqual(lines.map((line) => `<127.0.0.1:${client.port}> ${line.trimEnd()}`));
  await duet.waitForError(/HALF-CLOSED \(theirs\)/);
});

/** Says hello and never reads; its kernel takes little, so that what is written to it soon waits at the hub. */
const victim = `
import socket, sys, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
s.connect(("127.0.0.1", int(sys.argv[1])))
s.sendall(b"do not mind me\\n")
time.sleep(100)
`;

withPrograms(["python3"])(
  "a client that is killed while it is written to costs the others nothing",
  async () => {
    const { duet, port } = await hub("-v");
    await using _ = duet;
    using room = await NumberedRoom.enter(port, few, speakers);
    for (let round = 0; round < 2; round += 1) {
      await using program = startProgram(["python3", "-c", victim, String(port)]);
      const address = /<(.*)>/.exec(await duet.waitForLine("> do not mind me"))?.[1];
      const leftOver = new RegExp(`send ${address} .*\\((partial|would-block)\\)`);
      while (!leftOver.test(duet.errors)) await room.talk();
      room.speak();
      program.signal("SIGKILL");
      await room.heardByAll();
      await room.talk();
      await duet.waitForError(new RegExp(`bytes for ${address} were not sent`));
    }
    room.expectWhole();
  },
);

test("a thousand who connect and drop at once cost the others nothing, and nobody of them stays", async () => {
  const { duet, port } = await hub();
  await using _ = duet;
  using room = await NumberedRoom.enter(port, few, speakers);
  const dropping = Promise.all(
    Array.from({ length: 1000 }, (_unused, number) => connectAndDrop(port, number)),
  );
  await within(room.talkDuring(dropping), "all to have come and gone");
  await until(async () => (await countHere(port)) === few + 2, "nobody else to be here");
  await room.talk();
  room.expectWhole();
});

/** One in three says nothing, one a line, one half a line; a FIN or an RST ends it. */
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

test("with 64 descriptors the ones too many are told so, and the others miss nothing", async () => {
  const under = ["sh", "-c", 'ulimit -n 64; exec "$@"', "sh"];
  await using duet = startDuet(["-l", "0", "--plain"], { under });
  const port = await duet.port();
  using room = await NumberedRoom.enter(port, few, speakers);
  const crowd = await room.talkDuring(Promise.all(Array.from({ length: 100 }, () => startClient(port))));
  await room.talkDuring(
    until(() => crowd.some(({ ended }) => ended) && crowd.every(({ text }) => text !== ""), "a word to each"),
  );
  const refused = crowd.filter(({ text }) => text.startsWith("Sorry, this machine has no room"));
  const taken = crowd.filter(({ text }) => text.startsWith("duet/1 "));
  expect([refused.length + taken.length, refused.every(({ ended }) => ended)]).toEqual([100, true]);
  expect(refused.length).toBeGreaterThan(50);
  // Four fifths of them are taken, to the last one, and not one more.
  const descriptors = readdirSync(`/proc/${duet.pid}/fd`).map(Number);
  expect(Math.max(...descriptors)).toBe(Math.ceil(64 * descriptorsShareMax) - 1);
  room.expectWhole();
  for (const client of crowd) client[Symbol.dispose]();
  const gone = () => duet.errors.split("→ RESET").length - 1;
  await room.talkDuring(duet.waitFor(() => gone() === taken.length, "the crowd's end"));
  using late = await until(async () => {
    const client = await startClient(port);
    client.write("in after all\n");
    await until(() => client.ended || duet.output.includes("in after all"), "an answer");
    return client.ended ? undefined : client;
  }, "room for one more");
  expect(late.ended).toBe(false);
  await room.talk();
  room.expectWhole();
});

test("a hub that was stopped and goes on has lost nothing that was said meanwhile", async () => {
  const { duet, port } = await hub();
  await using _ = duet;
  using room = await NumberedRoom.enter(port, few, speakers);
  for (let round = 0; round < 3; round += 1) {
    await room.talk();
    room.speak();
    duet.signal("SIGSTOP");
    await until(() => isStopped(duet.pid), "it to be stopped");
    // Until the kernels have no room for more.
    while (room.members[0]?.unsentBytes === 0) room.speak();
    duet.signal("SIGCONT");
    await room.heardByAll();
  }
  await room.talk();
  room.expectWhole();
});

async function isStopped(pid: number): Promise<boolean> {
  return /^State:\s+T/m.test(await Bun.file(`/proc/${pid}/status`).text());
}
