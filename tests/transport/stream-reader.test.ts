/** The chunks of one recv: their lengths, and that none is lost. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  receivedLongChunkMaxBytes,
  receivedLongChunkMaxLines,
  receivedChunkMaxBytes,
} from "../../src/protocol/limits.ts";
import { StreamReader } from "../../src/transport/tcp/stream-reader.ts";

const idleSocket = { pause() {}, resume() {} };

function readChunks(bytes: Uint8Array): readonly Buffer[] {
  const chunks: Buffer[] = [];
  const reader = new StreamReader(idleSocket, {
    onChunk: (chunk) => chunks.push(Buffer.from(chunk)),
    onFin() {},
  });
  reader.receive(bytes);
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

  test(`are one chunk up to ${short} bytes, with any number of lines`, () => {
    expect(readChunkLengths(short, short)).toEqual([short]);
    expect(readChunkLengths(short + 1, short)).toEqual([short, 1]);
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
  const reader: StreamReader = new StreamReader(idleSocket, {
    onChunk: (chunk) => {
      chunks.push(Buffer.from(chunk).toString());
      // The owner pauses at its first chunk, in the middle of a recv.
      if (chunks.length === 1) reader.setReading(false);
    },
    onFin() {},
  });
  const bytes = Buffer.alloc(2 * receivedChunkMaxBytes, "\n");
  bytes.fill("a", receivedChunkMaxBytes);
  reader.receive(bytes);
  bytes.fill("b");
  const later = Buffer.from("more");
  reader.receive(later);
  later.fill("b");
  reader.deliverRest();
  expect(chunks.join("")).toBe(
    `${"\n".repeat(receivedChunkMaxBytes)}${"a".repeat(receivedChunkMaxBytes)}more`,
  );
});
