/** The chunks of one recv: their lengths, that none is lost, and that the rest waits with the socket paused. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { BorrowedBytes } from "../../src/protocol/borrowed-bytes.ts";
import {
  chunkLinesFirst,
  chunkLinesMax,
  chunkLinesMin,
  chunkSlowMs,
  longRecvBytes,
  longSourcesRead,
  receivedLongChunkMaxBytes,
  receivedLongChunkMaxLines,
  receivedChunkMaxBytes,
  receivedWorkMax,
  receiveTurnMs,
} from "../../src/protocol/limits.ts";
import { StreamReader } from "../../src/transport/tcp/stream-reader.ts";
import { TurnWorld } from "../support/turn-world.ts";

const idleSocket = { pause() {}, resume() {} };
const ignore = { onFin() {}, onFinished() {} };

/** The chunks of one recv. Before it, chunks of few lines have raised the lines of a chunk to their maximum. */
function readChunks(bytes: Uint8Array): readonly Buffer[] {
  const world = new TurnWorld();
  let chunks: Buffer[] = [];
  const onChunk = (chunk: BorrowedBytes) => void chunks.push(Buffer.from(chunk));
  const reader = new StreamReader(idleSocket, { ...ignore, onChunk }, world.turns);
  for (let lines = chunkLinesFirst; lines < chunkLinesMax; lines *= 2) reader.receive(Buffer.from("a\n"));
  chunks = [];
  world.endTurn();
  reader.receive(bytes);
  world.endAllTurns();
  return chunks;
}

/** `length` bytes with `lines` newlines, all at the beginning. */
function makeBytes(length: number, lines: number): Buffer {
  return Buffer.alloc(length, "x").fill("\n", 0, lines);
}

function readChunkLengths(length: number, lines: number): readonly number[] {
  return readChunks(makeBytes(length, lines)).map((chunk) => chunk.length);
}

describe("the bytes of one recv", () => {
  const long = receivedLongChunkMaxBytes;
  const short = receivedChunkMaxBytes;

  test(`are one chunk up to ${short} bytes, which ends after ${chunkLinesMax} lines`, () => {
    expect(readChunkLengths(short, chunkLinesMax - 1)).toEqual([short]);
    expect(readChunkLengths(short + 1, chunkLinesMax - 1)).toEqual([short, 1]);
    expect(readChunkLengths(short, chunkLinesMax)).toEqual([chunkLinesMax, short - chunkLinesMax]);
  });

  test(`are one chunk up to ${long} bytes with up to ${receivedLongChunkMaxLines} lines`, () => {
    expect(readChunkLengths(long, receivedLongChunkMaxLines)).toEqual([long]);
    expect(readChunkLengths(long + 1, receivedLongChunkMaxLines)).toEqual([long, 1]);
    // With one line more the first chunk is short; the rest has no lines.
    expect(readChunkLengths(long, receivedLongChunkMaxLines + 1)).toEqual([short, long - short]);
  });

  test("are reported complete and in order, and no long chunk has many lines", () => {
    const read = fc.array(fc.record({ length: fc.nat(40_000), lines: fc.nat(600) }), { maxLength: 6 });
    fc.assert(
      fc.property(read, (parts) => {
        const bytes = Buffer.concat(
          parts.map(({ length, lines }) => makeBytes(length, Math.min(lines, length))),
        );
        const chunks = readChunks(bytes);
        expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
        for (const chunk of chunks.filter(({ length }) => length > short)) {
          expect(chunk.length).toBeLessThanOrEqual(long);
          expect(chunk.toString("latin1").split("\n").length - 1).toBeLessThanOrEqual(
            receivedLongChunkMaxLines,
          );
        }
      }),
    );
  });
});

test("bytes that wait for a paused reader are copied, since Bun uses their buffer again", () => {
  const chunks: string[] = [];
  const world = new TurnWorld();
  const onChunk = (chunk: BorrowedBytes): void => {
    chunks.push(Buffer.from(chunk).toString());
    // The owner pauses at its first chunk, in the middle of a recv.
    if (chunks.length === 1) reader.setReading(false);
  };
  const reader: StreamReader = new StreamReader(idleSocket, { ...ignore, onChunk }, world.turns);
  const bytes = Buffer.alloc(2 * receivedChunkMaxBytes, "\n");
  bytes.fill("a", receivedChunkMaxBytes);
  reader.receive(bytes);
  bytes.fill("b");
  const later = Buffer.from("more");
  expect(reader.isBuffering).toBe(true);
  reader.keep(Buffer.from(later));
  later.fill("b");
  reader.finish();
  world.endAllTurns();
  expect(chunks.join("")).toBe(
    `${"\n".repeat(receivedChunkMaxBytes)}${"a".repeat(receivedChunkMaxBytes)}more`,
  );
});

describe("lines of a chunk", () => {
  /** The lines of each chunk of 10,000 empty lines, each of which takes `lineMs`. */
  function listLines(lineMs: number): readonly number[] {
    const world = new TurnWorld();
    const lines: number[] = [];
    const onChunk = ({ length }: BorrowedBytes): void => {
      lines.push(length);
      world.nowMs += length * lineMs;
    };
    const reader = new StreamReader(idleSocket, { ...ignore, onChunk }, world.turns);
    reader.receive(Buffer.alloc(10_000, "\n"));
    world.endAllTurns();
    return lines;
  }

  test("double while they cost little", () => {
    expect(listLines(0).slice(0, 5)).toEqual([64, 128, 256, chunkLinesMax, chunkLinesMax]);
  });

  test("fall to the minimum once a chunk was slow", () => {
    const lines = listLines((chunkSlowMs + 0.1) / chunkLinesFirst);
    expect(lines.slice(0, 3)).toEqual([chunkLinesFirst, chunkLinesMin, 2 * chunkLinesMin]);
    expect(Math.max(...lines.slice(1))).toBeLessThanOrEqual(chunkLinesFirst);
  });
});

test("what exceeds the budget of a turn waits with the socket paused, and the FIN after it", () => {
  const world = new TurnWorld();
  const seen: string[] = [];
  let isPaused = false;
  const socket = { pause: () => void (isPaused = true), resume: () => void (isPaused = false) };
  let bytes = 0;
  const reader = new StreamReader(
    socket,
    {
      onChunk: ({ length }) => void (bytes += length),
      onFin: () => void seen.push(`FIN after ${bytes}`),
      onFinished: () => void seen.push("finished"),
    },
    world.turns,
  );
  const all = receivedWorkMax + 2 * receivedLongChunkMaxBytes;
  reader.receive(new Uint8Array(all));
  reader.receiveFin();
  expect(bytes).toBeGreaterThanOrEqual(receivedWorkMax);
  expect(bytes).toBeLessThan(receivedWorkMax + receivedLongChunkMaxBytes);
  expect([isPaused, seen]).toEqual([true, []]);
  world.endAllTurns();
  expect([bytes, isPaused, seen]).toEqual([all, false, [`FIN after ${all}`]]);
});

test("a socket is read again at once after a short recv, and after long ones when few others are", () => {
  const world = new TurnWorld();
  const resumed: number[] = [];
  const openReader = (number: number): StreamReader => {
    const socket = { pause() {}, resume: () => void resumed.push(number) };
    return new StreamReader(socket, { ...ignore, onChunk() {} }, world.turns);
  };
  const numbers = Array.from({ length: longSourcesRead + 2 }, (_, number) => number);
  const readers = numbers.map(openReader);
  world.nowMs += receiveTurnMs;
  expect(readers[0]!.isBuffering).toBe(false);
  world.nowMs += receiveTurnMs;
  for (const number of numbers)
    readers[number]!.keep(new Uint8Array(number === 0 ? longRecvBytes : longRecvBytes + 1));
  world.endTurn();
  expect(resumed).toContain(0);
  expect(resumed.filter((number) => number > 0).length).toBeLessThanOrEqual(longSourcesRead);
  // The owner pauses and resumes the last one meanwhile.
  readers.at(-1)!.setReading(false);
  readers.at(-1)!.setReading(true);
  expect(resumed).not.toContain(numbers.at(-1)!);
  world.endAllTurns();
  expect(resumed.toSorted()).toEqual(numbers);
});

test("what was not reported can be taken out while a chunk is reported, once, and what follows is read as ever", () => {
  const run = fc.record({
    lines: fc.nat(600),
    length: fc.integer({ min: 1, max: 40_000 }),
    isBuffered: fc.boolean(),
    hasFin: fc.boolean(),
    atChunk: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(run, ({ lines, length, isBuffered, hasFin, atChunk }) => {
      const world = new TurnWorld();
      const parts: Buffer[] = [];
      let chunks = 0;
      let fins = 0;
      let isPaused = false;
      const socket = { pause: () => void (isPaused = true), resume: () => void (isPaused = false) };
      const onChunk = (chunk: BorrowedBytes): void => {
        parts.push(Buffer.from(chunk));
        chunks += 1;
        if (chunks === atChunk) parts.push(Buffer.from(reader.takeUnreported()));
      };
      const owner = { onChunk, onFin: () => void (fins += 1), onFinished() {} };
      const reader = new StreamReader(socket, owner, world.turns);
      const bytes = makeBytes(length, Math.min(lines, length));
      if (isBuffered) reader.keep(new Uint8Array(bytes));
      else reader.receive(bytes);
      if (hasFin) reader.receiveFin();
      world.endAllTurns();
      expect(Buffer.compare(Buffer.concat(parts), bytes)).toBe(0);
      expect([fins, isPaused, reader.isBuffering]).toEqual([hasFin ? 1 : 0, false, false]);
    }),
  );
});
