/** What one read brought, in pieces: how long each is, that nothing is lost between them, and that each can stop the next. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  receivedLongChunkMaxBytes,
  receivedLongChunkMaxLines,
  receivedChunkMaxBytes,
} from "../../src/protocol/limits.ts";
import { StreamReader } from "../../src/transport/tcp/stream-reader.ts";

const deaf = { pause() {}, resume() {} };

function piecesOf(bytes: Uint8Array): readonly Buffer[] {
  const pieces: Buffer[] = [];
  const reader = new StreamReader(deaf, {
    onChunk: (piece) => pieces.push(Buffer.from(piece)),
    onFin() {},
  });
  reader.receive(bytes);
  return pieces;
}

/** So many bytes with so many newlines, all at the beginning. */
function bytesWith(length: number, lines: number): Buffer {
  return Buffer.alloc(length, "x").fill("\n", 0, lines);
}

function lengthsOf(length: number, lines: number): readonly number[] {
  return piecesOf(bytesWith(length, lines)).map((piece) => piece.length);
}

describe("what one read brought", () => {
  const long = receivedLongChunkMaxBytes;
  const short = receivedChunkMaxBytes;

  test(`is one piece up to ${short} bytes, whatever its lines`, () => {
    expect(lengthsOf(short, short)).toEqual([short]);
    expect(lengthsOf(short + 1, short)).toEqual([short, 1]);
  });

  test(`is one piece up to ${long} bytes with up to ${receivedLongChunkMaxLines} lines`, () => {
    expect(lengthsOf(long, receivedLongChunkMaxLines)).toEqual([long]);
    expect(lengthsOf(long + 1, receivedLongChunkMaxLines)).toEqual([long, 1]);
    // One line more, and the first piece is short; the rest has none.
    expect(lengthsOf(long, receivedLongChunkMaxLines + 1)).toEqual([short, long - short]);
  });

  test("is handed on whole and in order, and no piece can grow by many names", () => {
    const read = fc.array(fc.record({ length: fc.nat(40_000), lines: fc.nat(600) }), { maxLength: 6 });
    fc.assert(
      fc.property(read, (parts) => {
        const bytes = Buffer.concat(
          parts.map(({ length, lines }) => bytesWith(length, Math.min(lines, length))),
        );
        const pieces = piecesOf(bytes);
        expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
        for (const piece of pieces.filter(({ length }) => length > short)) {
          expect(piece.length).toBeLessThanOrEqual(long);
          expect(piece.toString("latin1").split("\n").length - 1).toBeLessThanOrEqual(
            receivedLongChunkMaxLines,
          );
        }
      }),
    );
  });
});
