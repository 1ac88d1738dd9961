import { expect, test } from "bun:test";
import { createStreamCleaner } from "../../src/cli/files/stream-cleaner.ts";

const text = "\uFEFF你好\r\nplain\rmiddle\r\n\x1b]0;title\x07 é👩\n";
const shown = "<U+FEFF>你好\r\nplain␍middle\r\n␛]0;title␇ é👩\n";

test("a stream cut at any byte is shown as the whole", () => {
  const bytes = Buffer.from(text);
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const clean = createStreamCleaner();
    expect(clean("a:1", bytes.subarray(0, cut)) + clean("a:1", bytes.subarray(cut))).toBe(shown);
  }
});

test("the streams of two peers do not mix", () => {
  const clean = createStreamCleaner();
  const [first, second] = [Buffer.from("你"), Buffer.from("é")];
  expect(clean("a:1", first.subarray(0, 2))).toBe("");
  expect(clean("b:1", second)).toBe("é");
  expect(clean("a:1", first.subarray(2))).toBe("你");
});

test("a letter cut from its marks, joiner or modifier by segments is shown as the whole", () => {
  for (const word of [
    "नमस्ते",
    "क्\u200Cष",
    "မင်္ဂလာပါ",
    "น้ำ",
    "e\u0301",
    "👩\u200D👧",
    "👍🏽",
    "❤️",
    "1️⃣",
    "한글",
  ]) {
    const bytes = Buffer.from(`a ${word}b\n`);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const clean = createStreamCleaner();
      expect(clean("a:1", bytes.subarray(0, cut)) + clean("a:1", bytes.subarray(cut))).toBe(`a ${word}b\n`);
    }
  }
});

test("a mark that begins a line or a stream, or follows a control, gets a base", () => {
  const clean = createStreamCleaner();
  expect(clean("a:1", Buffer.from("\u0301a\n"))).toBe("\u25CC\u0301a\n");
  expect(clean("a:1", Buffer.from("\u0301b\x07"))).toBe("\u25CC\u0301b␇");
  expect(clean("a:1", Buffer.from("\u0301"))).toBe("\u25CC\u0301");
});
