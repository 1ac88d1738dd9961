/**
 * Two real duets over a network that drops packets, in a namespace of the test's own: each message is shown once and
 * in order. TCP runs beside UDP, to compare how the kernel handles the same loss.
 */

import { afterAll, describe, expect } from "bun:test";
import { type Duet, Folder, startDuet } from "../support/duet.ts";
import { Namespace, withLoss } from "../support/namespace.ts";

const messages = 10_000;
const results: string[] = [];

/** Pipes all messages from one duet to another; returns the time from the first to the last one shown, in ms. */
async function chatOver(flags: readonly string[], share: number): Promise<number> {
  await using network = await Namespace.open();
  using folder = new Folder();
  const options = { folder, under: network.under };
  await using hub = startDuet(["-l", ...flags, "0", "--plain", "--name", "ann"], options);
  const target = ["127.0.0.1", String(await hub.port())];
  await using member = startDuet([...flags, "--duet", ...target, "--plain", "--name", "bob"], options);
  await Promise.all([
    hub.waitForError(/bob \(.*\) joined, a duet/),
    member.waitForError(/you are bob in ann's room/),
  ]);
  network.lose(share);
  const startedMs = performance.now();
  member.write(Array.from({ length: messages }, (_, number) => `message ${number}\n`).join(""));
  const last = `<bob> message ${messages - 1}\n`;
  await hub.waitFor(() => hub.output.endsWith(last), "the last message");
  const tookMs = performance.now() - startedMs;
  expectAll(hub);
  expect(member.errors).not.toContain("not delivered");
  return tookMs;
}

function expectAll(hub: Duet): void {
  const all = Array.from({ length: messages }, (_, number) => `<bob> message ${number}`);
  const first = hub.lines.findIndex((line, index) => line !== all[index]);
  expect([first, hub.lines[first], hub.lines.length]).toEqual([-1, undefined, messages]);
}

describe.each([0.2, 0.3])("with %d of all packets lost each way", (share) => {
  for (const [name, flags] of [
    ["UDP", ["-u"]],
    ["TCP", []],
  ] as const) {
    withLoss(`${messages} messages over ${name} are shown once and in order`, async () => {
      const tookMs = await chatOver(flags, share);
      results.push(
        `${name} with ${share * 100} % lost each way: ${messages} messages in ${(tookMs / 1000).toFixed(1)} s`,
      );
    });
  }
});

afterAll(() => {
  for (const line of results) process.stdout.write(`${line}\n`);
});
