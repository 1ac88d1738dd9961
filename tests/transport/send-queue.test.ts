import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { outQueueMaxBytes } from "../../src/protocol/limits.ts";
import { QueueBudget, SendQueue } from "../../src/transport/queue/send-queue.ts";

const makeLargeBudget = () => new QueueBudget(Number.MAX_SAFE_INTEGER);

describe("send queue", () => {
  test("the bytes are sent complete and in order, however many the kernel takes at a time", () => {
    const step = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(60));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const queue = new SendQueue(makeLargeBudget());
        const enqueued: number[] = [];
        const taken: number[] = [];
        const take = (count: number) => {
          const block = queue.coalesce();
          expect(block.length).toBe(queue.bytes);
          taken.push(...block.subarray(0, count));
          queue.advance(Math.min(count, block.length));
        };
        for (const one of steps) {
          if (typeof one === "number") take(one);
          else if (queue.enqueue(one)) enqueued.push(...one);
        }
        take(queue.bytes);
        expect(taken).toEqual(enqueued);
        expect(queue.bytes).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  test("it has room for outQueueMaxBytes and not one more", () => {
    const queue = new SendQueue(makeLargeBudget());
    expect(queue.enqueue(new Uint8Array(outQueueMaxBytes))).toBe(true);
    expect(queue.enqueue(new Uint8Array(1))).toBe(false);
    queue.advance(1);
    expect(queue.enqueue(new Uint8Array(1))).toBe(true);
    expect(queue.coalesce().length).toBe(outQueueMaxBytes);
  });

  test("all queues together have room for the budget, and return bytes to it", () => {
    const budget = new QueueBudget(10);
    const one = new SendQueue(budget);
    const other = new SendQueue(budget);
    expect(one.enqueue(new Uint8Array(6))).toBe(true);
    expect(other.enqueue(new Uint8Array(5))).toBe(false);
    expect(other.enqueue(new Uint8Array(4))).toBe(true);
    one.advance(2);
    other.clear();
    expect(budget.bytes).toBe(4);
  });

  test("a lone payload is not copied", () => {
    const queue = new SendQueue(makeLargeBudget());
    const payload = new Uint8Array(100);
    queue.enqueue(payload);
    expect(queue.coalesce()).toBe(payload);
  });
});
