/** The quick look at bytes says of every one what a slow look says, and finds every line. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { lineEnds, plainLineEnds, startLines } from "../../src/protocol/plain-bytes.ts";

function plainEndsSlowly(bytes: Uint8Array): readonly number[] | undefined {
  if (!bytes.every((byte) => byte === 0x0a || (byte >= 0x20 && byte <= 0x7e))) return undefined;
  return Array.from(bytes, (byte, at) => (byte === 0x0a ? [at + 1] : [])).flat();
}

test("each byte, at each place of a word and of a buffer", () => {
  for (let byte = 0; byte < 256; byte += 1) {
    for (let length = 1; length <= 9; length += 1) {
      for (let at = 0; at < length; at += 1) {
        for (let offset = 0; offset < 4; offset += 1) {
          const bytes = new Uint8Array(new ArrayBuffer(16), offset, length).fill(0x78);
          bytes[at] = byte;
          const found = plainLineEnds(bytes);
          if (!Bun.deepEquals(found, plainEndsSlowly(bytes))) expect([byte, length, at, offset]).toEqual([]);
        }
      }
    }
  }
});

test("bytes of any kind, mostly plain ones with a few others beside each other", () => {
  const plain = fc.integer({ min: 0x20, max: 0x7e });
  const edge = fc.constantFrom(0x00, 0x09, 0x0a, 0x0d, 0x1f, 0x20, 0x7e, 0x7f, 0x80, 0xff);
  const byte = fc.oneof({ weight: 20, arbitrary: plain }, { weight: 1, arbitrary: edge });
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 80 }), (values) => {
      const bytes = Uint8Array.from(values);
      expect(plainLineEnds(bytes)).toEqual(plainEndsSlowly(bytes));
      expect(plainLineEnds(bytes) ?? lineEnds(bytes)).toEqual(lineEnds(bytes));
    }),
    { numRuns: 2000, seed: 3 },
  );
});

test("each line is put after the same start, whatever the start and wherever the view begins", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => text.replaceAll("\n", ""));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), fc.string(), fc.nat(9), (lines, start, offset) => {
      const block = Buffer.from(lines.map((text) => `${text}\n`).join(""));
      const view = Buffer.concat([Buffer.alloc(offset, "x"), block]).subarray(offset);
      const expected = lines.map((text) => `${start}${text}\n`).join("");
      expect(startLines(start, view, lineEnds(view)).toString()).toBe(Buffer.from(expected).toString());
    }),
    { numRuns: 300, seed: 3 },
  );
});
