/** The progress of a raw transfer: what it shows of the counters, and that it leaves nothing behind. */

import { describe, expect, test } from "bun:test";
import { ProgressLine, type TransferCounts } from "../../src/cli/headless/progress-line.ts";
import { english } from "../support/words.ts";

function open(totalBytes?: number) {
  let nowMs = 0;
  let counts: TransferCounts = { sent: 0, received: 0 };
  let printed = "";
  let hasPeer = true;
  const write = (text: string): void => void (printed += text);
  const stderr = { print: write, printSequence: write };
  const line = new ProgressLine({
    stderr,
    word: english.word,
    count: () => counts,
    hasPeer: () => hasPeer,
    totalBytes,
    nowMs: () => nowMs,
  });
  /** What is printed a second later, with these counters. */
  const lookAt = (next: TransferCounts): string => {
    nowMs += 1000;
    counts = next;
    printed = "";
    line.look();
    return printed;
  };
  return {
    lookAt,
    leave: () => void (hasPeer = false),
    clear: () => {
      printed = "";
      line.clear();
      return printed;
    },
  };
}

const row = (text: string): string => `\r\x1b[?7l${text}\x1b[K\x1b[?7h`;
const mebibyte = 1024 * 1024;

describe("the progress of a transfer", () => {
  test("has bytes, their rate, and their share of a known size", () => {
    const { lookAt } = open(8 * mebibyte);
    expect(lookAt({ sent: 2 * mebibyte, received: 0 })).toBe(row("sent 2 MiB of 8 MiB (25 %), 2 MiB/s"));
    expect(lookAt({ sent: 8 * mebibyte, received: 0 })).toBe(row("sent 8 MiB of 8 MiB (100 %), 4 MiB/s"));
    // A file that grew while it was sent.
    expect(lookAt({ sent: 9 * mebibyte, received: 0 })).toContain("(100 %)");
  });

  test("has both directions, and no share of an unknown size", () => {
    const { lookAt } = open();
    expect(lookAt({ sent: 512, received: 2048 })).toBe(row("sent 512 B, 512 B/s · received 2 KiB, 2 KiB/s"));
  });

  test("has the rate of the last looks, not of the whole transfer", () => {
    const { lookAt } = open();
    lookAt({ sent: 100 * mebibyte, received: 0 });
    for (let sent = 101; sent <= 110; sent += 1) lookAt({ sent: sent * mebibyte, received: 0 });
    expect(lookAt({ sent: 111 * mebibyte, received: 0 })).toBe(row("sent 111 MiB, 1 MiB/s"));
  });

  test("is not printed before anything moves, nor again unchanged, and is cleared once", () => {
    const { lookAt, clear, leave } = open();
    expect([lookAt({ sent: 0, received: 0 }), clear()]).toEqual(["", ""]);
    const still = { sent: 1000, received: 0 };
    for (let look = 0; look < 10; look += 1) lookAt(still);
    expect(lookAt(still)).toBe("");
    expect([clear(), clear()]).toEqual(["\r\x1b[K", ""]);
    expect(lookAt(still)).toBe(row("sent 1000 B, 0 B/s"));
    leave();
    expect([lookAt(still), lookAt(still)]).toEqual(["\r\x1b[K", ""]);
  });
});
