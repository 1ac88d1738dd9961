/** Prefixing lines quickly has the same result as slowly, and only plain lines pass as plain. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { LineStarter, startLines } from "../../src/protocol/lines/plain-bytes.ts";

const newline = 0x0a;
const starter = new LineStarter("duet/1 ");

function startSlowly(start: string, lines: Uint8Array): Buffer {
  const texts = Buffer.from(lines).toString("latin1").split("\n").slice(0, -1);
  const before = Buffer.from(start).toString("latin1");
  return Buffer.from(texts.map((text) => `${before}${text}\n`).join(""), "latin1");
}

function startPlainSlowly(start: string, lines: Uint8Array): Buffer | undefined {
  const isPlain = lines.every((byte) => byte === newline || (byte >= 0x20 && byte <= 0x7e));
  const isAnyEmpty = lines.some((byte, at) => byte === newline && (at === 0 || lines[at - 1] === newline));
  return isPlain && !isAnyEmpty ? startSlowly(start, lines) : undefined;
}

function copied(bytes: Uint8Array | undefined): Buffer | undefined {
  return bytes && Buffer.from(bytes);
}

test("plain lines are recognized with each byte at each position of a step and of a buffer", () => {
  for (let byte = 0; byte < 256; byte += 1) {
    for (let length = 1; length <= 34; length += 1) {
      for (let at = 0; at < length; at += 1) {
        for (let offset = 0; offset < 4; offset += 1) {
          const lines = new Uint8Array(new ArrayBuffer(48), offset, length + 1).fill(0x78);
          lines[at] = byte;
          lines[length] = newline;
          const found = copied(starter.startPlain(Buffer.from("<é> "), lines));
          if (!Bun.deepEquals(found, startPlainSlowly("<é> ", lines)))
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
      const found = copied(starter.startPlain(Buffer.from("<bob> "), lines));
      if (found !== undefined) plainOnes += 1;
      expect(found).toEqual(startPlainSlowly("<bob> ", lines));
    }),
    { numRuns: 2000, seed: 3 },
  );
  expect(plainOnes).toBeGreaterThan(200);
});

test("each line is prefixed with the same start, for any start and any offset of the view", () => {
  const line = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .map((text) => text.replaceAll("\n", "x"));
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1 }),
      fc.string({ unit: "grapheme" }),
      fc.nat(9),
      (lines, start, offset) => {
        const block = Buffer.from(lines.map((text) => `${text}\n`).join(""));
        const view = Buffer.concat([Buffer.alloc(offset, "x"), block]).subarray(offset);
        const expected = startSlowly(start, view);
        expect(copied(startLines(Buffer.from(start), view))).toEqual(expected);
        expect(copied(starter.startPlain(Buffer.from(start), view)) ?? expected).toEqual(expected);
      },
    ),
    { numRuns: 300, seed: 3 },
  );
});

test("lines are not plain if one begins with the reserved prefix", () => {
  const start = Buffer.from("<bob> ");
  for (const [text, isPlain] of [
    ["duet/1 {}\n", false],
    ["hello\nduet/1 \n", false],
    ["hello\nduet/1\n", true],
    ["a duet/1 {}\n", true],
    ["hello\nduet\n", true],
    // Bytes that remain in the buffer from longer lines are ignored.
    ["du\n", true],
  ] as const)
    expect([text, starter.startPlain(start, Buffer.from(text)) !== undefined]).toEqual([text, isPlain]);
});

test("the reserved prefix may have one byte or eight", () => {
  const start = Buffer.from("<bob> ");
  for (const [other, text, isPlain] of [
    ["/", "a/\n", true],
    ["/", "/\n", false],
    ["12345678", "1234567\n", true],
    ["12345678", "12345678\n", false],
    ["12345678", "a\n123456789\n", false],
  ] as const) {
    const found = new LineStarter(other).startPlain(start, Buffer.from(text));
    expect([other, text, found !== undefined]).toEqual([other, text, isPlain]);
  }
});

test("bytes without a final newline are rejected", () => {
  for (const text of ["a", "a\nb", `${"x".repeat(40)}\n${"y".repeat(32)}`])
    expect(starter.startPlain(Buffer.from("<bob> "), Buffer.from(text))).toBeUndefined();
});

test("the buffer has room for the most lines of one chunk with the longest name", () => {
  const lines = Buffer.from("a\n".repeat(32 * 1024));
  const start = `<${"語".repeat(64)}> `;
  const expected = startSlowly(start, lines);
  expect(Buffer.compare(starter.startPlain(Buffer.from(start), lines)!, expected)).toBe(0);
  expect(Buffer.compare(startLines(Buffer.from(start), lines), expected)).toBe(0);
});
