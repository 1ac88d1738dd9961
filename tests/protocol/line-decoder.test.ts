/** Decoding bytes into lines: golden cases, every split, and the bound. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { anyCodePoint } from "../support/code-points.ts";
import { lineMaxBytes } from "../../src/protocol/limits.ts";
import { LineDecoder, type DecodedLine } from "../../src/protocol/lines/line-decoder.ts";
import { decodeSimply } from "../support/simple-lines.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** All lines of `bytes`, pushed in chunks that end at `cuts`, and then finished. */
function decodeInChunks(bytes: Uint8Array, cuts: readonly number[], maxBytes?: number): DecodedLine[] {
  const decoder = new LineDecoder(maxBytes);
  const lines: DecodedLine[] = [];
  let start = 0;
  for (const end of [...cuts, bytes.length]) {
    const reused = bytes.slice(start, end);
    lines.push(...decoder.push(reused));
    reused.fill(0x58);
    start = end;
  }
  return [...lines, ...decoder.finish()];
}

describe("golden lines", () => {
  const cases: readonly [string, Uint8Array, readonly DecodedLine[]][] = [
    ["a line ends at LF", encode("hello\n"), [{ text: "hello", bytes: 6, cutBytes: 0 }]],
    ["one CR before LF is part of the newline", encode("a\r\r\n"), [{ text: "a\r", bytes: 4, cutBytes: 0 }]],
    [
      "a CR within a line of a peer that ends lines by LF stays",
      encode("x\na\rb\n"),
      [
        { text: "x", bytes: 2, cutBytes: 0 },
        { text: "a\rb", bytes: 4, cutBytes: 0 },
      ],
    ],
    [
      "eight CRs before the first LF are text",
      encode("\r1\r2\r3\r4\r5\r6\r7\r\nx"),
      [
        { text: "1\r2\r3\r4\r5\r6\r7", bytes: 16, cutBytes: 0 },
        { text: "x", bytes: 1, cutBytes: 0 },
      ],
    ],
    [
      "without LF, CRs end lines",
      encode("a\rb\r\0c"),
      [
        { text: "a", bytes: 2, cutBytes: 0 },
        { text: "b", bytes: 2, cutBytes: 0 },
        { text: "c", bytes: 2, cutBytes: 0 },
      ],
    ],
    [
      "nine CRs before the first LF make each line end one",
      encode("\r\r\r\r\r\r\ra\r\rb\nc\r\nd\r\0e\n\rf"),
      [
        ...Array.from({ length: 7 }, () => ({ text: "", bytes: 1, cutBytes: 0 })),
        { text: "a", bytes: 2, cutBytes: 0 },
        { text: "", bytes: 1, cutBytes: 0 },
        { text: "b", bytes: 2, cutBytes: 0 },
        { text: "c", bytes: 2, cutBytes: 0 },
        { text: "d", bytes: 3, cutBytes: 0 },
        { text: "e", bytes: 3, cutBytes: 0 },
        { text: "f", bytes: 2, cutBytes: 0 },
      ],
    ],
    [
      "LF CR is one line end",
      encode("a\n\rb\n\r"),
      [
        { text: "a", bytes: 2, cutBytes: 0 },
        { text: "b", bytes: 3, cutBytes: 0 },
      ],
    ],
    [
      "an empty line is a line",
      encode("\n\r\n"),
      [
        { text: "", bytes: 1, cutBytes: 0 },
        { text: "", bytes: 2, cutBytes: 0 },
      ],
    ],
    ["FIN ends a line without a newline", encode("你好"), [{ text: "你好", bytes: 6, cutBytes: 0 }]],
    ["a byte order mark is text", encode("\uFEFFa\n"), [{ text: "\uFEFFa", bytes: 5, cutBytes: 0 }]],
    ["NUL is text", encode("a\0b\n"), [{ text: "a\0b", bytes: 4, cutBytes: 0 }]],
    [
      "an overlong form is one U+FFFD a byte",
      Uint8Array.of(0xc0, 0xaf, 0x0a),
      [{ text: "\uFFFD\uFFFD", bytes: 3, cutBytes: 0 }],
    ],
    [
      "a surrogate in UTF-8 is one U+FFFD a byte",
      Uint8Array.of(0xed, 0xa0, 0x80, 0x0a),
      [{ text: "\uFFFD\uFFFD\uFFFD", bytes: 4, cutBytes: 0 }],
    ],
    [
      "a character that LF interrupts is one U+FFFD",
      Uint8Array.of(0xf0, 0x9f, 0x98, 0x0a, 0x41, 0x0a),
      [
        { text: "\uFFFD", bytes: 4, cutBytes: 0 },
        { text: "A", bytes: 2, cutBytes: 0 },
      ],
    ],
    [
      "FIN in a character is one U+FFFD",
      Uint8Array.of(0x41, 0xe4, 0xbd),
      [{ text: "A\uFFFD", bytes: 3, cutBytes: 0 }],
    ],
  ];
  test.each(cases)("%s", (_, bytes, lines) => {
    expect(decodeInChunks(bytes, [])).toEqual([...lines]);
    expect(
      decodeInChunks(
        bytes,
        Array.from(bytes, (_byte, at) => at),
      ),
    ).toEqual([...lines]);
  });
});

test("input split in two at any byte gives the same lines", () => {
  const text = "plain\r\n你好\n\n👩‍👩‍👧 ok\n\uFEFFbom";
  const bytes = Uint8Array.from([...encode(text), ...Buffer.from("e4bd0afff4900aedbf80e080f08f", "hex")]);
  for (const maxBytes of [1, 2, 3, 4, 5, 7, 100]) {
    const whole = decodeInChunks(bytes, [], maxBytes);
    expect(whole).toEqual(decodeSimply(bytes, maxBytes));
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(decodeInChunks(bytes, [cut], maxBytes)).toEqual(whole);
  }
});

test("any bytes in any chunks give the lines of the reference decoder", () => {
  const telling = fc.constantFrom(
    0x0a,
    0x0d,
    0x41,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc2,
    0xe0,
    0xe4,
    0xed,
  );
  const byte = fc.oneof(telling, fc.constantFrom(0xef, 0xf0, 0xf4, 0xf5, 0xff), fc.nat(255));
  const text = fc.string({ unit: anyCodePoint }).map((value) => Array.from(encode(value)));
  const bytes = fc
    .array(
      fc.oneof(
        byte.map((one) => [one]),
        text,
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.flat());
  const cuts = fc.array(fc.nat(60), { maxLength: 8 });
  fc.assert(
    fc.property(bytes, cuts, fc.integer({ min: 1, max: 20 }), (values, places, maxBytes) => {
      const input = Uint8Array.from(values);
      const sorted = places.filter((place) => place <= input.length).sort((a, b) => a - b);
      expect(decodeInChunks(input, sorted, maxBytes)).toEqual(decodeSimply(input, maxBytes));
    }),
    { seed: 8080, numRuns: 3000 },
  );
});

describe("the bound", () => {
  test("a line of exactly lineMaxBytes is complete, one byte more is cut", () => {
    const decoder = new LineDecoder();
    const text = "x".repeat(lineMaxBytes);
    expect(decoder.push(encode(`${text}\n`))).toEqual([{ text, bytes: lineMaxBytes + 1, cutBytes: 0 }]);
    expect(decoder.push(encode(`${text}y\nz\n`))).toEqual([
      { text, bytes: lineMaxBytes + 2, cutBytes: 1 },
      { text: "z", bytes: 2, cutBytes: 0 },
    ]);
  });

  test("a character across the bound is cut off as a whole", () => {
    expect(new LineDecoder(4).push(encode("你好\n"))).toEqual([{ text: "你", bytes: 7, cutBytes: 3 }]);
  });

  test("an unfinished line reports that it has exceeded the bound", () => {
    const decoder = new LineDecoder(4);
    decoder.push(encode("abcd"));
    expect([decoder.unfinished, decoder.unfinishedBytes, decoder.isCutting]).toEqual(["abcd", 4, false]);
    decoder.push(encode("e"));
    expect([decoder.unfinished, decoder.unfinishedBytes, decoder.isCutting]).toEqual(["abcd", 5, true]);
    expect(decoder.push(encode("f\n"))).toEqual([{ text: "abcd", bytes: 7, cutBytes: 2 }]);
    expect([decoder.unfinished, decoder.unfinishedBytes, decoder.isCutting]).toEqual(["", 0, false]);
  });

  test("100 MB without a newline keep no more than the bound", () => {
    const decoder = new LineDecoder();
    const piece = new Uint8Array(100_000).fill(0x41);
    for (let count = 0; count < 1000; count++) expect(decoder.push(piece)).toBeEmpty();
    expect(decoder.unfinished).toBe("A".repeat(lineMaxBytes));
    expect(decoder.finish()[0]?.cutBytes).toBe(100_000_000 - lineMaxBytes);
  });
});

describe("the unfinished line", () => {
  test("contains neither half a character nor a CR that may be half a newline", () => {
    const decoder = new LineDecoder();
    expect(decoder.push(encode("by LF\n"))).toHaveLength(1);
    decoder.push(Uint8Array.of(0x41, 0xe4, 0xbd));
    expect([decoder.unfinished, decoder.unfinishedBytes]).toEqual(["A", 3]);
    decoder.push(Uint8Array.of(0xa0, 0x0d));
    expect([decoder.unfinished, decoder.unfinishedBytes]).toEqual(["A你", 5]);
    expect(decoder.push(encode("b"))).toBeEmpty();
    expect(decoder.unfinished).toBe("A你\rb");
  });

  test("closed by silence, keeps half a character for the bytes that follow", () => {
    const decoder = new LineDecoder();
    decoder.push(Uint8Array.of(0x41, 0xe4, 0xbd));
    expect(decoder.close()).toEqual([{ text: "A", bytes: 1, cutBytes: 0 }]);
    expect(decoder.close()).toBeEmpty();
    expect(decoder.push(Uint8Array.of(0xa0, 0x0a))).toEqual([{ text: "你", bytes: 4, cutBytes: 0 }]);
  });

  test("closed by silence with CRs in it, is several lines, and from then on each CR ends one", () => {
    const decoder = new LineDecoder();
    expect(decoder.push(encode("a\rb\r"))).toBeEmpty();
    expect(decoder.close().map(({ text }) => text)).toEqual(["a", "b"]);
    expect(decoder.push(encode("\nc\r")).map(({ text }) => text)).toEqual(["c"]);
  });

  test("closed by silence while it is cut, reports the cut bytes and begins again", () => {
    const decoder = new LineDecoder(3);
    decoder.push(encode("abcdef"));
    expect(decoder.close()).toEqual([{ text: "abc", bytes: 6, cutBytes: 3 }]);
    expect(decoder.push(encode("gh\n"))).toEqual([{ text: "gh", bytes: 3, cutBytes: 0 }]);
  });

  test("is absent before the first byte and after a newline", () => {
    const decoder = new LineDecoder();
    expect([decoder.close(), decoder.finish()]).toEqual([[], []]);
    decoder.push(encode("a\n"));
    expect([decoder.close(), decoder.finish(), decoder.unfinished]).toEqual([[], [], ""]);
  });
});
