/** The output against a terminal that takes as much as the test lets it. */

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
  const told: string[] = [];
  const output = new TerminalOutput({
    port,
    columns: 80,
    rows: 24,
    onBacklog: (backlogged) => told.push(backlogged ? "backlog" : "drained"),
    onStale: () => told.push("stale"),
  });
  return { port, output, told };
}

/** All that is written in this turn has been given to the port. */
async function turn(): Promise<void> {
  await Promise.resolve();
}

test("what is written in one turn leaves in one piece", async () => {
  const { port, output, told } = startOutput();
  output.write("begin ");
  output.write("frame ");
  output.write("end");
  await turn();
  expect([port.taken, port.writes, told]).toEqual(["begin frame end", 1, []]);
});

test("what the terminal does not take waits, in order, and both ends are told", async () => {
  const { port, output, told } = startOutput(4);
  output.write("first ");
  await turn();
  output.write("second");
  await turn();
  expect([port.taken, output.isBacklogged, told]).toEqual(["firs", true, ["backlog"]]);
  port.room = Number.POSITIVE_INFINITY;
  await until(() => !output.isBacklogged, "the drain");
  expect([port.taken, told]).toEqual(["first second", ["backlog", "drained"]]);
});

test("a callback comes once all written before it is out", async () => {
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

test("a queue at its bound is kept; one byte past it all is dropped but the rest of what is partly out", async () => {
  for (const [extra, expected] of [
    [0, terminalQueueMaxBytes],
    [1, 10],
  ] as const) {
    const { port, output, told } = startOutput(5);
    output.write("a".repeat(10));
    await turn();
    output.write("b".repeat(terminalQueueMaxBytes - 5 + extra));
    await turn();
    output.write(extra === 1 ? "lost" : "");
    await turn();
    port.room = Number.POSITIVE_INFINITY;
    await until(() => !output.isBacklogged, "the drain");
    expect(port.taken.length).toBe(extra === 0 ? expected + 5 : expected);
    expect(told).toEqual(extra === 0 ? ["backlog", "drained"] : ["backlog", "drained", "stale"]);
    output.write("drawn anew");
    await turn();
    expect(port.taken.endsWith("drawn anew")).toBe(true);
  }
});

test("the way out goes before all that waits, and ends what was cut off", async () => {
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

test("the way out of a terminal that takes nothing ends in time", () => {
  const { output } = startOutput(3);
  expect(output.writeNow("restored", 20)).toBe(false);
});

test("what is written between discard and accept is lost", async () => {
  const { port, output } = startOutput();
  output.write("before");
  output.startDiscarding();
  output.write("between");
  output.stopDiscarding();
  output.write("after");
  await turn();
  expect(port.taken).toBe("after");
});

test("a terminal that is gone closes the output, and callbacks still come", async () => {
  const { port, output } = startOutput();
  port.isGone = true;
  let called = false;
  output.write("frame", () => (called = true));
  await turn();
  expect([output.destroyed, output.writable, port.isClosed, called]).toEqual([true, false, true, true]);
  expect(output.writeNow("restored", 50)).toBe(false);
});

test("a new size is told to those who listen", () => {
  const { output } = startOutput();
  const sizes: string[] = [];
  output.on("resize", () => sizes.push(`${output.columns}x${output.rows}`));
  output.resizeTo({ columns: 40, rows: 10 });
  expect(sizes).toEqual(["40x10"]);
});
