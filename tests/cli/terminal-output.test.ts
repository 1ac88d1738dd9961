/** The output to a terminal that takes as many bytes as the test lets it. */

import { expect, test } from "bun:test";
import { terminalQueueMaxBytes } from "../../src/protocol/limits.ts";
import { TerminalOutput } from "../../src/cli/terminal/terminal-output.ts";
import type { TerminalPort } from "../../src/cli/terminal/terminal-port.ts";
import { until } from "../support/wait.ts";

class NarrowPort implements TerminalPort {
  taken = "";
  room = Number.POSITIVE_INFINITY;
  writes = 0;
  isGone = false;
  isClosed = false;

  write(bytes: Uint8Array): number {
    this.writes += 1;
    if (this.isGone) return -1;
    const count = Math.min(bytes.length, this.room);
    this.taken += Buffer.from(bytes.subarray(0, count)).toString("latin1");
    this.room -= count;
    return count;
  }

  close(): void {
    this.isClosed = true;
  }
}

function startOutput(room = Number.POSITIVE_INFINITY) {
  const port = new NarrowPort();
  port.room = room;
  const reported: string[] = [];
  const output = new TerminalOutput({
    port,
    columns: 80,
    rows: 24,
    onBacklog: (backlogged) => reported.push(backlogged ? "backlog" : "drained"),
    onStale: () => reported.push("stale"),
  });
  return { port, output, reported };
}

/** Ends the turn: all its writes are passed to the port. */
async function turn(): Promise<void> {
  await Promise.resolve();
}

test("the writes of one turn leave in one write", async () => {
  const { port, output, reported } = startOutput();
  output.write("begin ");
  output.write("frame ");
  output.write("end");
  await turn();
  expect([port.taken, port.writes, reported]).toEqual(["begin frame end", 1, []]);
});

test("bytes that the terminal does not take wait in order, and backlog and drain are reported", async () => {
  const { port, output, reported } = startOutput(4);
  output.write("first ");
  await turn();
  output.write("second");
  await turn();
  expect([port.taken, output.isBacklogged, reported]).toEqual(["firs", true, ["backlog"]]);
  port.room = Number.POSITIVE_INFINITY;
  await until(() => !output.isBacklogged, "the drain");
  expect([port.taken, reported]).toEqual(["first second", ["backlog", "drained"]]);
});

test("a callback runs once all earlier writes are out", async () => {
  const { port, output } = startOutput(0);
  output.write("frame");
  let called = false;
  output.write("", () => (called = true));
  await turn();
  expect(called).toBe(false);
  port.room = 100;
  await until(() => called, "the callback");
  expect(port.taken).toBe("frame");
});

test("a queue above its bound is dropped, except the rest of a partly written block", async () => {
  for (const [extra, expected] of [
    [0, terminalQueueMaxBytes],
    [1, 10],
  ] as const) {
    const { port, output, reported } = startOutput(5);
    output.write("a".repeat(10));
    await turn();
    output.write("b".repeat(terminalQueueMaxBytes - 5 + extra));
    await turn();
    output.write(extra === 1 ? "lost" : "");
    await turn();
    port.room = Number.POSITIVE_INFINITY;
    await until(() => !output.isBacklogged, "the drain");
    expect(port.taken.length).toBe(extra === 0 ? expected + 5 : expected);
    expect(reported).toEqual(extra === 0 ? ["backlog", "drained"] : ["backlog", "drained", "stale"]);
    output.write("drawn anew");
    await turn();
    expect(port.taken.endsWith("drawn anew")).toBe(true);
  }
});

test("writeNow overtakes the queue, and cancels a cut escape sequence", async () => {
  const { port, output } = startOutput(4);
  output.write("\x1b[38;5;1mred");
  await turn();
  output.write("more");
  await turn();
  port.room = 100;
  expect(output.writeNow("restored", 50)).toBe(true);
  await turn();
  expect(port.taken).toBe("\x1b[38\x18restored");
});

test("writeNow to a terminal that takes nothing ends in time", () => {
  const { output } = startOutput(3);
  expect(output.writeNow("restored", 20)).toBe(false);
});

test("writes between discard and accept are lost", async () => {
  const { port, output } = startOutput();
  output.write("before");
  output.startDiscarding();
  output.write("between");
  output.stopDiscarding();
  output.write("after");
  await turn();
  expect(port.taken).toBe("after");
});

test("a terminal that is gone closes the output, and callbacks still run", async () => {
  const { port, output } = startOutput();
  port.isGone = true;
  let called = false;
  output.write("frame", () => (called = true));
  await turn();
  expect([output.destroyed, output.writable, port.isClosed, called]).toEqual([true, false, true, true]);
  expect(output.writeNow("restored", 50)).toBe(false);
});

test("a new size is reported to listeners", () => {
  const { output } = startOutput();
  const sizes: string[] = [];
  output.on("resize", () => sizes.push(`${output.columns}x${output.rows}`));
  output.resizeTo({ columns: 40, rows: 10 });
  expect(sizes).toEqual(["40x10"]);
});
