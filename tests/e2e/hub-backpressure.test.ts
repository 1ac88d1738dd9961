/**
 * Members that never read, among others that do: each is disconnected with a reason that all see, the lines it
 * received are whole, and the others miss none. `bun run bench hub` measures the full size: 100 of 1,000.
 */

import { expect, test } from "bun:test";
import { Folder, startDuet } from "../support/duet.ts";
import { NumberedRoom } from "../support/numbered-room.ts";
import { residentBytes } from "../support/processes.ts";
import { startClient } from "../support/raw-client.ts";
import { until } from "../support/wait.ts";

const readers = 10;
const stalledCount = 8;
const lineBytes = 1024;
const mebibyte = 1024 * 1024;
/** More than the buffers of the kernel and of duet take for one connection. */
const offeredMaxBytes = 32 * mebibyte;
const aboveBaselineMaxBytes = 64 * mebibyte;

test("eight members that never read are disconnected with a reason, and ten others miss no line", async () => {
  using folder = new Folder();
  await using duet = startDuet(["-l", "0", "--plain"], { folder, outputTo: "/dev/null" });
  const port = await duet.port();
  await using guest = startDuet(["--duet", "127.0.0.1", String(port), "--plain", "--name", "guest"], {
    folder,
    outputTo: "/dev/null",
  });
  await guest.waitForError(/you are guest/);
  using room = await NumberedRoom.enter(port, readers, 1, lineBytes);
  const stalled = await Promise.all(Array.from({ length: stalledCount }, () => startClient(port)));
  for (const client of stalled) {
    client.pause();
    client.write("I never read\n");
  }
  await duet.waitFor(
    () => duet.errors.split(" joined").length - 1 === readers + stalledCount + 1,
    "all to be here",
  );
  for (let warm = 0; warm < 10; warm += 1) await room.sendRound();
  const baseline = await residentBytes(duet.pid);
  let highest = 0;
  const cutOff = () => duet.errors.match(/^<-- .* left: reads too slowly/gm)?.length ?? 0;
  for (let offered = 0; cutOff() < stalledCount; offered += 64 * lineBytes) {
    expect(offered).toBeLessThan(offeredMaxBytes);
    await room.sendRound();
    highest = Math.max(highest, await residentBytes(duet.pid));
  }
  await room.sendRound();
  room.expectWhole();
  expect(highest - baseline).toBeLessThan(aboveBaselineMaxBytes);
  // Each is named with the reason, at the host and at the duet among the members.
  for (const { port: from } of stalled) {
    const reason = new RegExp(`127\\.0\\.0\\.1:${from} left: reads too slowly: the send queue is full`);
    expect(duet.errors).toMatch(reason);
    await guest.waitForError(reason);
  }
  for (const client of stalled) {
    client.resume();
    await until(() => client.closed, "its end");
    expectWholeLines(client.text);
    client[Symbol.dispose]();
  }
});

/** The text that a stalled member could still read: each line is whole, and no line between two is missing. */
function expectWholeLines(text: string): void {
  const lines = text.split("\n").slice(0, -1);
  const numbered = lines.filter((line) => line.includes("> #"));
  // How much the kernel takes before the queue is full varies: 96 lines once, 2,000 another time.
  expect(numbered.length).toBeGreaterThan(0);
  const first = Number(/#00:(\d+):/.exec(numbered[0] ?? "")?.[1]);
  for (const [index, line] of numbered.entries()) {
    expect(line).toMatch(/^<127\.0\.0\.1:\d+> #00:\d{10}:\d{11}#x+$/);
    expect(line.length - line.indexOf("#")).toBe(lineBytes - 1);
    expect(Number(/#00:(\d+):/.exec(line)?.[1])).toBe(first + index);
  }
}
