import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type KeyEvent, pressKey } from "../../src/input/keys/key-event.ts";
import { KeyReader, pasteDelayMs } from "../../src/input/keys/key-reader.ts";

const typed = (text: string): KeyEvent => ({ type: "text", text });
const pasted = (text: string): KeyEvent => ({ type: "paste", text, isTruncated: false });
const bracketed = (text: string): string => `\x1b[200~${text}\x1b[201~`;
const enter = pressKey("enter");

/** The events of each read. */
function read(...reads: readonly string[]): readonly (readonly KeyEvent[])[] {
  const reader = new KeyReader();
  return reads.map((bytes) => (bytes === "silence" ? reader.flush() : reader.push(Buffer.from(bytes))));
}

describe("one read", () => {
  test.each([
    ["a line and its Enter are keys", "hello\r", [typed("hello"), enter]],
    ["Enter alone is a key, and so are many", "\r\r\r", [enter, enter, enter]],
    [
      "a line and the keys after it are keys",
      "hi\r\x03\x03",
      [typed("hi"), enter, pressKey("c", { ctrl: true }), pressKey("c", { ctrl: true })],
    ],
    ["several lines are a paste, without its last newline", "one\rtwo\r", [pasted("one\ntwo")]],
    ["a part of a line after an Enter is a paste", "one\rtw", [pasted("one\ntw")]],
    ["an Enter before a line is a paste", "\rone", [pasted("\none")]],
    ["CR LF is one newline", "one\r\ntwo\r\n\r\nthree", [pasted("one\ntwo\n\nthree")]],
    [
      "tabs and control characters of a paste are kept",
      "a\tb\r\x03\x1a\x7f c\0",
      [pasted("a\tb\n\x03\x1a\x7f c\0")],
    ],
    [
      "keys and reports of the terminal are no part of a paste",
      "one\r\x1b[I\x1b[12;40Rtwo\x1b[A",
      [
        pasted("one\ntwo"),
        { type: "focus", isFocused: true },
        { type: "reply", kind: "csi", body: "12;40R" },
        pressKey("up"),
      ],
    ],
    [
      "Alt-Enter is a key",
      "one\x1b\rtwo\r",
      [typed("one"), pressKey("enter", { alt: true }), typed("two"), enter],
    ],
    ["a bracketed paste is one", bracketed("one\rtwo\r"), [pasted("one\ntwo\n")]],
    ["keys before a bracketed paste are keys", `a${bracketed("b")}`, [typed("a"), pasted("b")]],
    ["Enter with a bracketed paste is a part of it", `${bracketed("one")}\r`, [pasted("one")]],
    ["a letter with a bracketed paste is a part of it", `${bracketed("one")}y`, [pasted("oney")]],
    [
      "what a paste ends early to be typed is a part of it",
      `${bracketed("one")}\rrm -rf\r\x03`,
      [pasted("one\nrm -rf\n\x03")],
    ],
  ] as const)("%s", (_, bytes, expected) => {
    expect(read(bytes)[0]).toEqual(expected as unknown as KeyEvent[]);
  });
});

describe("a paste without brackets", () => {
  test("goes on in the next reads until a silence, and keeps the newlines between them", () => {
    expect(read("one\rtwo\r", "three\r", "\r", "four", "silence", "five\r")).toEqual([
      [pasted("one\ntwo")],
      [pasted("\nthree")],
      [pasted("\n")],
      [pasted("\nfour")],
      [],
      [typed("five"), enter],
    ]);
  });

  test("is waited for as long as an incomplete sequence, or else pasteDelayMs", () => {
    const reader = new KeyReader();
    reader.push(Buffer.from("a\rb"));
    expect(reader.pendingDelayMs).toBe(pasteDelayMs);
    reader.flush();
    expect(reader.pendingDelayMs).toBeUndefined();
  });

  test("loses no newline at a silence that falls between its lines", () => {
    const focus = { type: "focus", isFocused: true } as const;
    expect(read("a\rb\r", "silence", "\x1b[I", "c\rd\r", "silence", "\r", "e\rf")).toEqual([
      [pasted("a\nb")],
      [],
      [focus],
      [pasted("\nc\nd")],
      [],
      [enter],
      [pasted("e\nf")],
    ]);
  });
});

test("no cut of a paste into reads makes a key of it, nor loses a character", () => {
  const piece = fc.constantFrom("a", "你", " ", "\t", "\r", "\r", "\x03", "\x15", "/quit", "y", "e\u0301");
  fc.assert(
    fc.property(fc.array(piece, { minLength: 2, maxLength: 40 }), fc.array(fc.nat(200)), (pieces, cuts) => {
      // The first read has lines, as when a terminal writes a paste at once.
      const whole = Buffer.from(`one\rtwo${pieces.join("")}end`);
      const places = [...new Set(cuts.map((cut) => 8 + (cut % (whole.length - 7))))].toSorted(
        (a, b) => a - b,
      );
      const reader = new KeyReader();
      const reads = [0, ...places].map((start, index) =>
        whole.subarray(start, places[index] ?? whole.length),
      );
      const events = [...reads.flatMap((bytes) => reader.push(bytes)), ...reader.flush()];
      expect(events.map(({ type }) => type)).toEqual(events.map(() => "paste"));
      const text = events.map((event) => (event.type === "paste" ? event.text : "")).join("");
      expect(text).toBe(whole.toString().replaceAll("\r", "\n"));
    }),
    { numRuns: 2000, seed: 8080 },
  );
});

test("only a key that was read by itself is alone", () => {
  const reader = new KeyReader();
  for (const [bytes, isAlone] of [
    ["y", true],
    ["y\r", false],
    ["\x1b[Iy", false],
    ["y", true],
  ] as const) {
    reader.push(Buffer.from(bytes));
    expect([bytes, reader.isAlone]).toEqual([bytes, isAlone]);
  }
});
