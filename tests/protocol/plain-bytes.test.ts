/** Lines with a prefix: the same as made byte by byte, and nothing that is not plain passes as plain. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { type BorrowedBytes, copyBytes } from "../../src/protocol/borrowed-bytes.ts";
import { prefixLines, prefixPlain } from "../../src/protocol/lines/plain-bytes.ts";

const newline = 0x0a;

function prefixSlowly(prefix: string, lines: Uint8Array): Buffer<ArrayBuffer> {
  const texts = Buffer.from(lines).toString("latin1").split("\n").slice(0, -1);
  const before = Buffer.from(prefix).toString("latin1");
  return Buffer.from(texts.map((text) => `${before}${text}\n`).join(""), "latin1");
}

function prefixPlainSlowly(prefix: string, lines: Uint8Array): Buffer<ArrayBuffer> | undefined {
  const isPlain = lines.every((byte) => byte === newline || (byte >= 0x20 && byte <= 0x7e));
  const isAnyEmpty = lines.some((byte, at) => byte === newline && (at === 0 || lines[at - 1] === newline));
  return isPlain && !isAnyEmpty ? prefixSlowly(prefix, lines) : undefined;
}

function copied(bytes: BorrowedBytes | undefined): Buffer<ArrayBuffer> | undefined {
  return bytes && Buffer.from(copyBytes(bytes));
}

test("each byte, at each place of a word and of a buffer", () => {
  for (let byte = 0; byte < 256; byte += 1) {
    for (let length = 1; length <= 14; length += 1) {
      for (let at = 0; at < length; at += 1) {
        for (let offset = 0; offset < 4; offset += 1) {
          const lines = new Uint8Array(new ArrayBuffer(24), offset, length + 1).fill(0x78);
          lines[at] = byte;
          lines[length] = newline;
          const found = copied(prefixPlain(Buffer.from("<é> "), lines));
          if (!Bun.deepEquals(found, prefixPlainSlowly("<é> ", lines)))
            expect([byte, length, at, offset]).toEqual([]);
        }
      }
    }
  }
});

test("plain lines are recognized among random bytes, mostly plain ones", () => {
  const plain = fc.integer({ min: 0x20, max: 0x7e });
  const edge = fc.constantFrom(0x00, 0x09, 0x0a, 0x0a, 0x0a, 0x0d, 0x1f, 0x20, 0x7e, 0x7f, 0x80, 0xff);
  const byte = fc.oneof({ weight: 20, arbitrary: plain }, { weight: 1, arbitrary: edge });
  let plainOnes = 0;
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 80 }), (values) => {
      const lines = Uint8Array.from([...values, newline]);
      const found = copied(prefixPlain(Buffer.from("<bob> "), lines));
      if (found !== undefined) plainOnes += 1;
      expect(found).toEqual(prefixPlainSlowly("<bob> ", lines));
    }),
    { numRuns: 2000, seed: 3 },
  );
  expect(plainOnes).toBeGreaterThan(200);
});

test("each line gets the prefix, whatever the prefix and wherever the view begins", () => {
  const line = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .map((text) => text.replaceAll("\n", "x"));
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1 }),
      fc.string({ unit: "grapheme" }),
      fc.nat(9),
      (lines, prefix, offset) => {
        const block = Buffer.from(lines.map((text) => `${text}\n`).join(""));
        const view = Buffer.concat([Buffer.alloc(offset, "x"), block]).subarray(offset);
        const expected = prefixSlowly(prefix, view);
        expect(copied(prefixLines(Buffer.from(prefix), view))).toEqual(expected);
        expect(copied(prefixPlain(Buffer.from(prefix), view)) ?? expected).toEqual(expected);
      },
    ),
    { numRuns: 300, seed: 3 },
  );
});

test("a block with an empty line gets no prefixes", () => {
  for (const text of ["\n", "\na\n", "a\n\n", "a\n\nb\n"])
    expect(prefixLines(Buffer.from("<bob> "), Buffer.from(text))).toBeUndefined();
});

test("bytes that end without a newline are not plain lines", () => {
  for (const text of ["a", "a\nb", `${"x".repeat(40)}\n${"y".repeat(32)}`])
    expect(prefixPlain(Buffer.from("<bob> "), Buffer.from(text))).toBeUndefined();
});

test("there is room for as many lines as a chunk can have, after the longest name", () => {
  const lines = Buffer.from("a\n".repeat(64 * 1024));
  const prefix = `<${"語".repeat(64)}> `;
  const expected = prefixSlowly(prefix, lines);
  for (const found of [prefixPlain(Buffer.from(prefix), lines), prefixLines(Buffer.from(prefix), lines)])
    expect(Buffer.compare(copied(found)!, expected)).toBe(0);
});
