/**
 * Bytes written to an AsyncFile arrive complete and in order, in chunks of any length and for a reader of any speed.
 */

import { afterAll, expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AsyncFile } from "../../src/cli/files/async-file.ts";
import {
  outputFileHighBytes,
  outputFileMaxBytes,
  outputFileChunkBytes,
  outputFileWriteMaxBytes,
} from "../../src/protocol/limits.ts";
import { until } from "../support/wait.ts";

const folder = fs.mkdtempSync(join(tmpdir(), "duet-async-file-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Bytes that depend on their position. */
function numbered(count: number, start: number): Buffer {
  return Buffer.from(
    Array.from({ length: count }, (_, index) => ((start + index) * 7 + ((start + index) >> 8)) & 255),
  );
}

function neverFails(code: string): void {
  throw new Error(code);
}

/** A pipe of 64 KiB with a slow reader, opened for reading and writing so that neither end must open first. */
function openPipe(name: string): { readonly descriptor: number; readonly read: () => Buffer } {
  const path = join(folder, name);
  Bun.spawnSync(["mkfifo", path]);
  const { O_RDWR, O_NONBLOCK } = fs.constants;
  const descriptor = fs.openSync(path, O_RDWR | O_NONBLOCK);
  const read = (): Buffer => {
    const bytes = Buffer.alloc(10_000);
    try {
      return bytes.subarray(0, fs.readSync(descriptor, bytes));
    } catch {
      return Buffer.alloc(0); // EAGAIN: empty.
    }
  };
  return { descriptor, read };
}

test("chunks of any length are copied and written unchanged", async () => {
  const path = join(folder, "plain");
  const descriptor = fs.openSync(path, "w");
  const file = new AsyncFile(descriptor, neverFails);
  const lengths = [
    0,
    1,
    5,
    outputFileChunkBytes - 6,
    1,
    outputFileChunkBytes,
    3 * outputFileChunkBytes + 7,
    2,
  ];
  const all: Buffer[] = [];
  for (let round = 0; round < 8; round += 1) {
    for (const length of lengths) {
      const bytes = numbered(length, round + length);
      all.push(Buffer.from(bytes));
      file.write(bytes);
      bytes.fill(0);
    }
    file.write(`line ${round} 你好\n`);
    all.push(Buffer.from(`line ${round} 你好\n`));
    if (round % 3 === 0) await until(() => file.isIdle, "all to be written");
  }
  await file.flush(4000);
  const expected = Buffer.concat(all);
  expect(Buffer.compare(fs.readFileSync(path), expected)).toBe(0);
  expect([file.written, file.dropped]).toEqual([expected.length, 0]);
  fs.closeSync(descriptor);
});

test("a slow reader receives all bytes", async () => {
  const { descriptor, read } = openPipe("slow");
  const file = new AsyncFile(descriptor, neverFails);
  const expected = numbered(5 * outputFileWriteMaxBytes + 11, 3);
  for (let start = 0; start < expected.length; start += 999)
    file.write(expected.subarray(start, start + 999));
  const taken: Buffer[] = [];
  let bytes = 0;
  await until(() => {
    for (let piece = read(); piece.length > 0; piece = read()) {
      taken.push(Buffer.from(piece));
      bytes += piece.length;
    }
    return bytes === expected.length;
  }, "the last of it");
  expect(Buffer.compare(Buffer.concat(taken), expected)).toBe(0);
  await until(() => file.isIdle, "it to know");
  fs.closeSync(descriptor);
});

test("bytes are written at the end of the turn, and the descriptor stays blocking for others", async () => {
  const { descriptor, read } = openPipe("room");
  const shared = fs.openSync(join(folder, "room"), fs.constants.O_RDWR);
  const file = new AsyncFile(shared, neverFails);
  file.write("one ");
  file.write("two\n");
  expect([read().toString(), file.isIdle]).toEqual(["", false]);
  await Promise.resolve();
  expect([read().toString(), file.isIdle]).toEqual(["one two\n", true]);
  const [, flags = ""] = /flags:\s*(\d+)/.exec(fs.readFileSync(`/proc/self/fdinfo/${shared}`, "utf8")) ?? [];
  expect(Number.parseInt(flags, 8) & fs.constants.O_NONBLOCK).toBe(0);
  fs.closeSync(shared);
  fs.closeSync(descriptor);
});

test("a full write is sent without delay, but not within its turn", async () => {
  const { descriptor, read } = openPipe("whole");
  const file = new AsyncFile(descriptor, neverFails);
  file.write("first");
  await Promise.resolve();
  expect(read().toString()).toBe("first");
  file.write(numbered(outputFileWriteMaxBytes, 0));
  expect(file.written).toBe(5);
  await Promise.resolve();
  expect(file.written).toBeGreaterThan(5);
  await until(() => read().length === 0 && file.isIdle, "all to be written");
  fs.closeSync(descriptor);
});

test("an unread file is high until a quarter of that is left", async () => {
  const { descriptor, read } = openPipe("unread");
  let rooms = 0;
  const file = new AsyncFile(descriptor, neverFails, () => (rooms += 1));
  file.write(Buffer.alloc(outputFileHighBytes + 1, "x"));
  expect([file.isBacklogged, rooms]).toEqual([true, 0]);
  let bytes = 0;
  await until(() => {
    for (let taken = read(); taken.length > 0; taken = read()) bytes += taken.length;
    return rooms > 0;
  }, "room again");
  expect([file.isBacklogged, rooms]).toEqual([false, 1]);
  expect(bytes).toBeGreaterThanOrEqual((outputFileHighBytes * 3) / 4);
  await until(() => {
    while (read().length > 0);
    return file.isIdle;
  }, "all to be written");
  fs.closeSync(descriptor);
});

test(`above ${outputFileMaxBytes} waiting bytes a write is dropped, and an error ends the file`, async () => {
  const path = join(folder, "read-only");
  fs.writeFileSync(path, "");
  const descriptor = fs.openSync(path, "r");
  const codes: string[] = [];
  const file = new AsyncFile(descriptor, (code) => codes.push(code));
  const piece = Buffer.alloc(outputFileMaxBytes / 64);
  for (let count = 0; count < 64; count += 1) file.write(piece);
  expect(file.dropped).toBe(0);
  file.write("y");
  expect(file.dropped).toBe(1);
  await until(() => codes.length > 0, "the error");
  file.write("two");
  await file.flush(100);
  expect([codes, file.isIdle, file.written]).toEqual([["EBADF"], true, 0]);
  fs.closeSync(descriptor);
});

test("a stream's bytes are written at once as far as they fit, in order with what waits, and copied", async () => {
  const { descriptor, read } = openPipe("stream");
  const file = new AsyncFile(descriptor, neverFails);
  const lent = Buffer.alloc(2 * 1024 * 1024);
  const expected: Buffer[] = [];
  const lengths = [outputFileChunkBytes, lent.length, 10, outputFileChunkBytes, lent.length, 1];
  for (const [index, length] of lengths.entries()) {
    const bytes = lent.subarray(0, length);
    numbered(length, index * 1000).copy(bytes);
    expected.push(Buffer.from(bytes));
    file.writeStream(bytes);
    if (index === 0) expect(file.written).toBe(length);
  }
  lent.fill(0);
  const got: Buffer[] = [];
  await until(() => {
    for (let taken = read(); taken.length > 0; taken = read()) got.push(taken);
    return file.isIdle;
  }, "all to be written");
  for (let taken = read(); taken.length > 0; taken = read()) got.push(taken);
  expect(Buffer.concat(got).equals(Buffer.concat(expected))).toBe(true);
  fs.closeSync(descriptor);
});

test("an error of a stream reaches the handler, not the caller", async () => {
  const { descriptor } = openPipe("closed");
  const writer = fs.openSync(join(folder, "closed"), fs.constants.O_WRONLY);
  // No reader is left.
  fs.closeSync(descriptor);
  const codes: string[] = [];
  const file = new AsyncFile(writer, (code) => codes.push(code));
  file.writeStream(Buffer.alloc(outputFileChunkBytes));
  expect(codes).toEqual([]);
  await until(() => codes.length > 0, "the error");
  expect(codes).toEqual(["EPIPE"]);
  fs.closeSync(writer);
});
