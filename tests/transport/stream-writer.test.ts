/** The writer of one stream against a fake kernel with limited room. */

import { describe, expect, test } from "bun:test";
import { type BorrowedBytes, copyBytes } from "../../src/protocol/borrowed-bytes.ts";
import fc from "fast-check";
import {
  outQueueHighBytes,
  outQueueLowBytes,
  outQueueMaxBytes,
  outQueuesMaxBytes,
} from "../../src/protocol/limits.ts";
import type { ConnectionId, SocketEvent } from "../../src/protocol/sockets/socket-event.ts";
import { shareBytes } from "../../src/transport/fanout/shared-block.ts";
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

  #write(block: BorrowedBytes): number {
    this.writes += 1;
    if (this.room < 0) return -1;
    const bytes = Math.min(this.room, block.length);
    this.room -= bytes;
    if (bytes > 0) this.taken.push(copyBytes(block.subarray(0, bytes)));
    return bytes;
  }

  /** Adds room and calls `drain`, as the socket does. */
  empties(room: number): void {
    this.room += room;
    this.writer.drain();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.taken);
  }

  told(): readonly string[] {
    return this.events.filter(({ type }) => type !== "called").map(({ type }) => type);
  }
}

function block(bytes: number, letter = "x"): Uint8Array {
  return Buffer.alloc(bytes, letter);
}

describe("shared blocks, at a writer", () => {
  test("with nothing waiting the block itself is written, and nothing is queued", () => {
    const kernel = new Kernel();
    kernel.room = 1000;
    kernel.writer.sendBlock(shareBytes(block(600)));
    expect([kernel.bytes.length, kernel.writes, kernel.writer.queuedBytes]).toEqual([600, 1, 0]);
  });

  test("what a full kernel leaves over is kept, behind it what comes next, and one write takes all", () => {
    const kernel = new Kernel();
    kernel.room = 10;
    kernel.writer.sendBlock(shareBytes(block(100, "a")));
    kernel.writer.sendBlock(shareBytes(block(100, "b")));
    kernel.writer.send(block(100, "c"));
    expect([kernel.writer.queuedBytes, kernel.writes]).toEqual([290, 1]);
    kernel.empties(1000);
    expect([kernel.bytes.toString(), kernel.writes]).toEqual([
      "a".repeat(100) + "b".repeat(100) + "c".repeat(100),
      2,
    ]);
  });

  test("what was sent before in this turn leaves first", () => {
    const kernel = new Kernel();
    kernel.room = 1000;
    kernel.writer.send(Buffer.from("one "));
    kernel.writer.sendBlock(shareBytes(Buffer.from("two ")));
    kernel.writer.send(Buffer.from("three"));
    kernel.writer.flush();
    expect([kernel.bytes.toString(), kernel.writes]).toEqual(["one two three", 1]);
  });

  test("what has to wait is copied, for its bytes are used again at once", () => {
    const kernel = new Kernel();
    kernel.room = 1;
    const [one, two] = [block(3, "a"), block(3, "b")];
    for (const given of [one, two]) kernel.writer.sendBlock(shareBytes(given));
    for (const used of [one, two]) used.fill(120);
    kernel.empties(100);
    expect(kernel.bytes.toString()).toBe("aaabbb");
  });

  test(`it takes up to ${outQueueMaxBytes} bytes, one more is told as overflowed, and nothing of it is taken`, () => {
    const kernel = new Kernel();
    kernel.room = 1;
    kernel.writer.sendBlock(shareBytes(block(1 + outQueueMaxBytes - 100, "a")));
    expect(kernel.told()).toEqual(["backlogged"]);
    kernel.writer.sendBlock(shareBytes(block(101, "b")));
    expect(kernel.events.at(-1)).toEqual({ type: "overflowed", connection: 1 as ConnectionId, bytes: 101 });
    kernel.writer.sendBlock(shareBytes(block(100, "c")));
    expect(kernel.told()).toEqual(["backlogged", "overflowed"]);
    expect(kernel.writer.queuedBytes).toBe(outQueueMaxBytes);
    kernel.empties(outQueueMaxBytes);
    expect(kernel.bytes.toString()).toBe("a".repeat(1 + outQueueMaxBytes - 100) + "c".repeat(100));
    expect(kernel.told()).toEqual(["backlogged", "overflowed", "drained"]);
  });

  test("what is begun is ended, whatever the bound", () => {
    const kernel = new Kernel();
    kernel.room = 1;
    kernel.writer.sendBlock(shareBytes(block(2 * outQueueMaxBytes)));
    expect(kernel.writer.queuedBytes).toBe(2 * outQueueMaxBytes - 1);
    kernel.empties(2 * outQueueMaxBytes);
    expect(kernel.bytes.length).toBe(2 * outQueueMaxBytes);
  });

  test(`backlogged above ${outQueueHighBytes} bytes, drained at ${outQueueLowBytes}, each once`, () => {
    const kernel = new Kernel();
    kernel.writer.sendBlock(shareBytes(block(outQueueHighBytes)));
    expect(kernel.told()).toEqual([]);
    kernel.writer.sendBlock(shareBytes(block(1)));
    kernel.writer.sendBlock(shareBytes(block(1)));
    expect(kernel.told()).toEqual(["backlogged"]);
    kernel.empties(outQueueHighBytes + 2 - outQueueLowBytes - 1);
    expect(kernel.told()).toEqual(["backlogged"]);
    kernel.empties(1);
    expect(kernel.told()).toEqual(["backlogged", "drained"]);
  });

  test("when others have taken the room of all queues, who has little waiting is not the one to pay", () => {
    const others = Array.from({ length: outQueuesMaxBytes / outQueueMaxBytes }, () => new Kernel());
    for (const { writer } of others) writer.sendBlock(shareBytes(block(outQueueMaxBytes)));
    const little = new Kernel();
    little.writer.sendBlock(shareBytes(block(outQueueLowBytes)));
    little.writer.sendBlock(shareBytes(block(100)));
    expect([little.told(), little.writer.queuedBytes]).toEqual([["backlogged"], outQueueLowBytes + 100]);
    little.writer.sendBlock(shareBytes(block(100)));
    others[0]!.writer.sendBlock(shareBytes(block(1)));
    expect([little.told(), others[0]!.told()]).toEqual([
      ["backlogged", "overflowed"],
      ["backlogged", "overflowed"],
    ]);
    for (const { writer } of [...others, little]) writer.end();
  });

  test("an RST ends it: told once, and nothing is taken any more", () => {
    for (const isShared of [true, false]) {
      const kernel = new Kernel();
      kernel.room = -1;
      if (isShared) kernel.writer.sendBlock(shareBytes(block(10)));
      else {
        kernel.writer.send(block(10));
        kernel.writer.flush();
      }
      kernel.writer.sendBlock(shareBytes(block(10)));
      expect([kernel.writer.send(block(10)), kernel.resets, kernel.writer.queuedBytes]).toEqual([
        "closed",
        1,
        0,
      ]);
    }
  });

  test("whatever the kernel takes at a time, all that was taken leaves whole and in order", () => {
    const size = fc.integer({ min: 1, max: 90_000 });
    const step = fc.oneof(
      fc.record({ share: size }),
      fc.record({ send: size }),
      fc.record({ room: fc.nat(120_000) }),
      fc.constant({ flush: true }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const kernel = new Kernel();
        const expected: Uint8Array[] = [];
        for (const [index, one] of steps.entries()) {
          if ("room" in one) kernel.empties(one.room);
          else if ("flush" in one) kernel.writer.flush();
          else {
            const bytes = Uint8Array.from(
              { length: "share" in one ? one.share : one.send },
              (_, at) => at + index,
            );
            const copy = bytes.slice();
            const overflows = kernel.told().filter((type) => type === "overflowed").length;
            const isTaken =
              "send" in one
                ? kernel.writer.send(bytes) === "queued"
                : (kernel.writer.sendBlock(shareBytes(bytes)),
                  kernel.told().filter((type) => type === "overflowed").length === overflows);
            if (isTaken) expected.push(copy);
            if ("share" in one) bytes.fill(0);
          }
          expect(kernel.writer.queuedBytes).toBeLessThanOrEqual(outQueueMaxBytes);
        }
        kernel.empties(outQueueMaxBytes);
        expect(Buffer.compare(kernel.bytes, Buffer.concat(expected))).toBe(0);
        kernel.writer.end();
      }),
      { numRuns: 100 },
    );
  });
});

describe("lent bytes", () => {
  /** One buffer for every payload, as standard input uses it. */
  const lent = Buffer.alloc(100_000);
  const lend = (letter: string, bytes: number): Buffer => lent.subarray(0, bytes).fill(letter);

  test("are written at once; the rest is copied and follows in order, before later ones and owned ones", () => {
    const kernel = new Kernel();
    kernel.room = 30;
    expect(kernel.writer.sendLent(lend("a", 20))).toBe("queued");
    expect([kernel.bytes.toString(), kernel.writer.queuedBytes]).toEqual(["a".repeat(20), 0]);
    kernel.writer.sendLent(lend("b", 20));
    kernel.writer.sendLent(lend("c", 20));
    kernel.writer.send(block(20, "d"));
    lend("z", 100);
    expect(kernel.writer.queuedBytes).toBe(50);
    kernel.empties(1000);
    const letters = ["a", "b", "c", "d"].map((letter) => letter.repeat(20)).join("");
    expect(kernel.bytes.toString()).toBe(letters);
  });

  test("a full queue refuses them whole, and a reset connection closes", () => {
    const kernel = new Kernel();
    kernel.writer.sendLent(lend("a", 100_000));
    kernel.writer.sendLent(lend("b", 100_000));
    expect(kernel.told()).toEqual(["backlogged"]);
    expect(kernel.writer.sendLent(lend("c", 100_000))).toBe("full");
    kernel.empties(1_000_000);
    expect(kernel.bytes.equals(Buffer.concat([block(100_000, "a"), block(100_000, "b")]))).toBe(true);
    kernel.room = -1;
    expect([kernel.writer.sendLent(lend("d", 10)), kernel.resets]).toEqual(["closed", 1]);
    expect(kernel.writer.sendLent(lend("e", 10))).toBe("closed");
  });
});
