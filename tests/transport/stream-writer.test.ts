/** The writer of one stream against a fake kernel with limited room. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  outQueueHighBytes,
  outQueueLowBytes,
  outQueueMaxBytes,
  outQueuesMaxBytes,
} from "../../src/protocol/limits.ts";
import type { ConnectionId, SocketEvent } from "../../src/protocol/sockets/socket-event.ts";
import { passingBlock } from "../../src/transport/fanout/shared-block.ts";
import { StreamWriter } from "../../src/transport/tcp/stream-writer.ts";

class Kernel {
  /** Room in its buffer; -1: the connection was reset. */
  room = 0;
  readonly taken: Uint8Array[] = [];
  readonly events: SocketEvent[] = [];
  resets = 0;
  writes = 0;
  readonly writer = new StreamWriter({
    id: 1 as ConnectionId,
    emit: (event) => void this.events.push(event),
    write: (block) => this.#write(block),
    onReset: () => void (this.resets += 1),
    onWritten: () => {},
  });

  #write(block: Uint8Array): number {
    this.writes += 1;
    if (this.room < 0) return -1;
    const bytes = Math.min(this.room, block.length);
    this.room -= bytes;
    if (bytes > 0) this.taken.push(new Uint8Array(block.subarray(0, bytes)));
    return bytes;
  }

  /** Adds room and calls `drain`, as the socket does. */
  drain(room: number): void {
    this.room += room;
    this.writer.drain();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.taken);
  }

  reported(): readonly string[] {
    return this.events.filter(({ type }) => type !== "called").map(({ type }) => type);
  }
}

function block(bytes: number, letter = "x"): Uint8Array {
  return Buffer.alloc(bytes, letter);
}

describe("fan-out payloads at a writer", () => {
  test("with an empty queue the block itself is written, and nothing is queued", () => {
    const kernel = new Kernel();
    kernel.room = 1000;
    kernel.writer.hear(passingBlock(block(600)), true);
    expect([kernel.bytes.length, kernel.writes, kernel.writer.queuedBytes]).toEqual([600, 1, 0]);
  });

  test("bytes that a full kernel leaves are queued, and later payloads leave in one write with them", () => {
    const kernel = new Kernel();
    kernel.room = 10;
    kernel.writer.hear(passingBlock(block(100, "a")), true);
    kernel.writer.hear(passingBlock(block(100, "b")), true);
    kernel.writer.send(block(100, "c"));
    expect([kernel.writer.queuedBytes, kernel.writes]).toEqual([290, 1]);
    kernel.drain(1000);
    expect([kernel.bytes.toString(), kernel.writes]).toEqual([
      "a".repeat(100) + "b".repeat(100) + "c".repeat(100),
      2,
    ]);
  });

  test("bytes sent earlier in the turn leave first", () => {
    const kernel = new Kernel();
    kernel.room = 1000;
    kernel.writer.send(Buffer.from("one "));
    kernel.writer.hear(passingBlock(Buffer.from("two ")), true);
    kernel.writer.send(Buffer.from("three"));
    kernel.writer.flush();
    expect([kernel.bytes.toString(), kernel.writes]).toEqual(["one two three", 1]);
  });

  test("payloads of the same turn are coalesced into one write", () => {
    const kernel = new Kernel();
    kernel.room = 1000;
    for (const text of ["one ", "two ", "three"]) kernel.writer.hear(passingBlock(Buffer.from(text)), false);
    expect([kernel.writes, kernel.writer.queuedBytes]).toEqual([0, 13]);
    kernel.writer.flush();
    expect([kernel.bytes.toString(), kernel.writes]).toEqual(["one two three", 1]);
  });

  test("a queued payload is copied, since its bytes are borrowed", () => {
    const kernel = new Kernel();
    kernel.room = 1;
    const [one, two] = [block(3, "a"), block(3, "b")];
    for (const payload of [one, two]) kernel.writer.hear(passingBlock(payload), true);
    for (const used of [one, two]) used.fill(120);
    kernel.drain(100);
    expect(kernel.bytes.toString()).toBe("aaabbb");
  });

  test(`the queue takes up to ${outQueueMaxBytes} bytes, and a larger payload overflows as a whole`, () => {
    const kernel = new Kernel();
    kernel.room = 1;
    kernel.writer.hear(passingBlock(block(1 + outQueueMaxBytes - 100, "a")), true);
    expect(kernel.reported()).toEqual(["backlogged"]);
    kernel.writer.hear(passingBlock(block(101, "b")), true);
    expect(kernel.events.at(-1)).toEqual({ type: "overflowed", connection: 1 as ConnectionId, bytes: 101 });
    kernel.writer.hear(passingBlock(block(100, "c")), true);
    expect(kernel.reported()).toEqual(["backlogged", "overflowed"]);
    expect(kernel.writer.queuedBytes).toBe(outQueueMaxBytes);
    kernel.drain(outQueueMaxBytes);
    expect(kernel.bytes.toString()).toBe("a".repeat(1 + outQueueMaxBytes - 100) + "c".repeat(100));
    expect(kernel.reported()).toEqual(["backlogged", "overflowed", "drained"]);
  });

  test("a partly written block is queued whole, above the bound too", () => {
    const kernel = new Kernel();
    kernel.room = 1;
    kernel.writer.hear(passingBlock(block(2 * outQueueMaxBytes)), true);
    expect(kernel.writer.queuedBytes).toBe(2 * outQueueMaxBytes - 1);
    kernel.drain(2 * outQueueMaxBytes);
    expect(kernel.bytes.length).toBe(2 * outQueueMaxBytes);
  });

  test(`backlogged is reported above ${outQueueHighBytes} bytes and drained at ${outQueueLowBytes}, each once`, () => {
    const kernel = new Kernel();
    kernel.writer.hear(passingBlock(block(outQueueHighBytes)), true);
    expect(kernel.reported()).toEqual([]);
    kernel.writer.hear(passingBlock(block(1)), true);
    kernel.writer.hear(passingBlock(block(1)), true);
    expect(kernel.reported()).toEqual(["backlogged"]);
    kernel.drain(outQueueHighBytes + 2 - outQueueLowBytes - 1);
    expect(kernel.reported()).toEqual(["backlogged"]);
    kernel.drain(1);
    expect(kernel.reported()).toEqual(["backlogged", "drained"]);
  });

  test("when other queues used up the shared budget, a small queue still takes payloads", () => {
    const others = Array.from({ length: outQueuesMaxBytes / outQueueMaxBytes }, () => new Kernel());
    for (const { writer } of others) writer.hear(passingBlock(block(outQueueMaxBytes)), true);
    const little = new Kernel();
    little.writer.hear(passingBlock(block(outQueueLowBytes)), true);
    little.writer.hear(passingBlock(block(100)), true);
    expect([little.reported(), little.writer.queuedBytes]).toEqual([["backlogged"], outQueueLowBytes + 100]);
    little.writer.hear(passingBlock(block(100)), true);
    others[0]!.writer.hear(passingBlock(block(1)), true);
    expect([little.reported(), others[0]!.reported()]).toEqual([
      ["backlogged", "overflowed"],
      ["backlogged", "overflowed"],
    ]);
    for (const { writer } of [...others, little]) writer.end();
  });

  test("an RST ends the writer: it is reported once, and no further bytes are taken", () => {
    for (const isHearing of [true, false]) {
      const kernel = new Kernel();
      kernel.room = -1;
      if (isHearing) kernel.writer.hear(passingBlock(block(10)), true);
      else {
        kernel.writer.send(block(10));
        kernel.writer.flush();
      }
      kernel.writer.hear(passingBlock(block(10)), true);
      expect([kernel.writer.send(block(10)), kernel.resets, kernel.writer.queuedBytes]).toEqual([
        "closed",
        1,
        0,
      ]);
    }
  });

  test("all taken bytes leave complete and in order, however many the kernel takes at a time", () => {
    const size = fc.integer({ min: 1, max: 90_000 });
    const step = fc.oneof(
      fc.record({ hear: size, isShared: fc.boolean(), isLast: fc.boolean() }),
      fc.record({ send: size }),
      fc.record({ room: fc.nat(120_000) }),
      fc.constant({ flush: true }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const kernel = new Kernel();
        const expected: Uint8Array[] = [];
        for (const [index, one] of steps.entries()) {
          if ("room" in one) kernel.drain(one.room);
          else if ("flush" in one) kernel.writer.flush();
          else {
            const bytes = Uint8Array.from(
              { length: "hear" in one ? one.hear : one.send },
              (_, at) => at + index,
            );
            const copy = bytes.slice();
            const overflows = kernel.reported().filter((type) => type === "overflowed").length;
            const isTaken =
              "send" in one
                ? kernel.writer.send(bytes) === "queued"
                : (kernel.writer.hear((one.isShared ? passingBlock : passingBlock)(bytes), one.isLast),
                  kernel.reported().filter((type) => type === "overflowed").length === overflows);
            if (isTaken) expected.push(copy);
            if ("hear" in one && !one.isShared) bytes.fill(0);
          }
          expect(kernel.writer.queuedBytes).toBeLessThanOrEqual(outQueueMaxBytes);
        }
        kernel.drain(outQueueMaxBytes);
        expect(Buffer.compare(kernel.bytes, Buffer.concat(expected))).toBe(0);
        kernel.writer.end();
      }),
      { numRuns: 100 },
    );
  });
});
