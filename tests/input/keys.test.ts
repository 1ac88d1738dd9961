import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { KeyEvent } from "../../src/input/keys/key-event.ts";
import { pressKey } from "../../src/input/keys/key-event.ts";
import { escapeDelayMs, KeyDecoder, sequenceDelayMs, unendedDelayMs } from "../../src/input/keys/keys.ts";

const ctrl = { ctrl: true };
const alt = { alt: true };
const shift = { shift: true };

function typed(text: string): KeyEvent {
  return { type: "text", text };
}

function pasted(text: string): KeyEvent {
  return { type: "paste", text, isTruncated: false };
}

/** Joins runs of text, which may be split: every cut of the bytes must give the same events. */
function joined(events: readonly KeyEvent[]): readonly KeyEvent[] {
  const result: KeyEvent[] = [];
  for (const event of events) {
    const last = result.at(-1);
    if (event.type === "text" && last?.type === "text")
      result[result.length - 1] = typed(last.text + event.text);
    else result.push(event);
  }
  return result;
}

function decode(...parts: readonly (string | Uint8Array)[]): readonly KeyEvent[] {
  const decoder = new KeyDecoder();
  return joined(parts.flatMap((part) => decoder.push(Buffer.from(part))));
}

/** The events of the bytes, after checking every cut in two and one byte at a time. */
function decodeEverySplit(input: string): readonly KeyEvent[] {
  const bytes = Buffer.from(input);
  const whole = decode(bytes);
  for (let cut = 1; cut < bytes.length; cut += 1) {
    expect(decode(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(whole);
  }
  expect(decode(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  return whole;
}

const dialects: readonly (readonly [name: string, bytes: string, events: readonly KeyEvent[]])[] = [
  ["a line and Enter in one read", "hello\r", [typed("hello"), pressKey("enter")]],
  ["LF is Enter too", "a\nb\n", [typed("a"), pressKey("enter"), typed("b"), pressKey("enter")]],
  [
    "CR LF is one Enter",
    "a\r\nb\r\r\n",
    [typed("a"), pressKey("enter"), typed("b"), pressKey("enter"), pressKey("enter")],
  ],
  ["text of several bytes a character", "é你好👨‍👩‍👧🇫🇷", [typed("é你好👨‍👩‍👧🇫🇷")]],
  [
    "Backspace is not Ctrl-H",
    "\x7f\b\x1b\x7f",
    [pressKey("backspace"), pressKey("h", ctrl), pressKey("backspace", alt)],
  ],
  [
    "control keys",
    "\x01\x03\x14\x1a\x1f\x00",
    ["a", "c", "t", "z", "_", "space"].map((name) => pressKey(name, ctrl)),
  ],
  ["Tab and back", "\t\x1b[Z", [pressKey("tab"), pressKey("tab", shift)]],
  [
    "xterm's cursor keys",
    "\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F",
    ["up", "down", "right", "left", "home", "end"].map((name) => pressKey(name)),
  ],
  [
    "application cursor keys",
    "\x1bOA\x1bOD\x1bOH\x1bOF",
    ["up", "left", "home", "end"].map((name) => pressKey(name)),
  ],
  [
    "held modifiers",
    "\x1b[1;5D\x1b[1;3C\x1b[1;2A\x1b[1;6H",
    [
      pressKey("left", ctrl),
      pressKey("right", alt),
      pressKey("up", shift),
      pressKey("home", { ctrl: true, shift: true }),
    ],
  ],
  [
    "numbered keys",
    "\x1b[1~\x1b[2~\x1b[3~\x1b[4~\x1b[5~\x1b[6~\x1b[3;5~",
    [
      ...["home", "insert", "delete", "end", "page-up", "page-down"].map((name) => pressKey(name)),
      pressKey("delete", ctrl),
    ],
  ],
  [
    "xterm's function keys",
    "\x1bOP\x1bOS\x1b[15~\x1b[24~\x1b[1;2P",
    [pressKey("f1"), pressKey("f4"), pressKey("f5"), pressKey("f12"), pressKey("f1", shift)],
  ],
  ["the Linux console's function keys", "\x1b[[A\x1b[[Ex", [pressKey("f1"), pressKey("f5"), typed("x")]],
  [
    "rxvt",
    "\x1b[7~\x1b[8~\x1b[a\x1bOa\x1b[5^\x1b[5$\x1b[5@\x1b[11~\x1b\x1b[A",
    [
      pressKey("home"),
      pressKey("end"),
      pressKey("up", shift),
      pressKey("up", ctrl),
      pressKey("page-up", ctrl),
      pressKey("page-up", shift),
      pressKey("page-up", { ctrl: true, shift: true }),
      pressKey("f1"),
      pressKey("up", alt),
    ],
  ],
  ["the keypad in application mode", "\x1bOM\x1bOp\x1bOy\x1bOn", [pressKey("enter"), typed("09.")]],
  [
    "Alt sent as ESC before a key",
    "\x1bb\x1b1\x1bB\x1b\r\x1b é\x1bé",
    [
      pressKey("b", alt),
      pressKey("1", alt),
      pressKey("b", { alt: true, shift: true }),
      pressKey("enter", alt),
      pressKey("space", alt),
      typed("é"),
      pressKey("é", alt),
    ],
  ],
  [
    "modifyOtherKeys",
    "\x1b[27;5;13~\x1b[27;2;65~\x1b[27;5;105~",
    [pressKey("enter", ctrl), typed("A"), pressKey("i", ctrl)],
  ],
  [
    "CSI u",
    "\x1b[97u\x1b[97;2u\x1b[97:65;2u\x1b[13;2u\x1b[27u\x1b[127;5u\x1b[98;3u\x1b[95;5u\x1b[233;1;233u\x1b[57414u\x1b[57404u",
    [
      typed("aAA"),
      pressKey("enter", shift),
      pressKey("escape"),
      pressKey("backspace", ctrl),
      pressKey("b", alt),
      pressKey("_", ctrl),
      typed("é"),
      pressKey("enter"),
      typed("5"),
    ],
  ],
  [
    "locks do not change a key, keys of the window system are dropped",
    "\x1b[1;129A\x1b[97;9ux",
    [pressKey("up"), typed("x")],
  ],
  ["a release is no press", "\x1b[97;1:3u\x1b[1;1:3Ax", [typed("x")]],
  [
    "focus",
    "\x1b[I\x1b[O",
    [
      { type: "focus", isFocused: true },
      { type: "focus", isFocused: false },
    ],
  ],
  [
    "the mouse",
    "\x1b[<64;10;5M\x1b[<0;1;1m",
    [
      {
        type: "mouse",
        action: "wheel-up",
        button: 0,
        column: 9,
        row: 4,
        ctrl: false,
        alt: false,
        shift: false,
      },
      {
        type: "mouse",
        action: "release",
        button: 0,
        column: 0,
        row: 0,
        ctrl: false,
        alt: false,
        shift: false,
      },
    ],
  ],
  ["a mouse far beyond every screen", "\x1b[<0;19007199254740991;1Mx", [typed("x")]],
  ["a mouse that nobody asked for", "\x1b[M !Zx\x1b[35;3;4Mx", [typed("xx")]],
  [
    "OSC replies",
    "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\a\x1b]10;rgb:0/0/0\x07b",
    [
      { type: "reply", kind: "osc", body: "11;rgb:1e1e/1e1e/1e1e" },
      typed("a"),
      { type: "reply", kind: "osc", body: "10;rgb:0/0/0" },
      typed("b"),
    ],
  ],
  [
    "DCS, device attributes, cursor and mode reports",
    "\x1bP1$r0m\x1b\\\x1b[?62;22c\x1b[12;40R\x1b[?2026;2$y\x1b[0n",
    [
      { type: "reply", kind: "dcs", body: "1$r0m" },
      ...["?62;22c", "12;40R", "?2026;2$y", "0n"].map((body): KeyEvent => ({
        type: "reply",
        kind: "csi",
        body,
      })),
    ],
  ],
  ["sequences that nobody knows", "\x1b[1;2;3 qa\x1b[99~b\x1b[57441uc\x1bOzd", [typed("abcd")]],
  [
    "a paste",
    "a\x1b[200~one\r\ntwo\rthree\n\x1b[A\x03\x1b[20\x1b[201~b",
    [typed("a"), pasted("one\ntwo\nthree\n\x1b[A\x03\x1b[20"), typed("b")],
  ],
  ["a paste of wide characters", "\x1b[200~你好👨‍👩‍👧\x1b[201~", [pasted("你好👨‍👩‍👧")]],
  ["an empty paste, and an end without a start", "\x1b[200~\x1b[201~\x1b[201~x", [pasted(""), typed("x")]],
  [
    "Ctrl-C inside broken sequences",
    "\x1b[12\x03\x1b]11;\x03\x1bO\x03\x1b[M!\x03",
    Array.from({ length: 4 }, () => pressKey("c", ctrl)),
  ],
  ["a sequence broken off by the next", "\x1b[1;\x1b[A\x1b]0;x\x1b[B", [pressKey("up"), pressKey("down")]],
  ["Escape twice and a letter", "\x1b\x1ba", [pressKey("escape"), pressKey("a", alt)]],
  ["controls of eight bits in UTF-8", "a\u0085\u009bb", [typed("ab")]],
];

describe("each terminal's encoding, at every cut", () => {
  test.each(dialects.map(([name, bytes, events]) => ({ name, bytes, events })))(
    "$name",
    ({ bytes, events }) => {
      expect(decodeEverySplit(bytes)).toEqual(events);
    },
  );
});

test("a chord on a layout without Latin letters is that of the key's place on a US keyboard", () => {
  const chord = (sequence: string): unknown => decode(Buffer.from(`\x1b[${sequence}u`))[0];
  // kitty: code, shifted, base layout key.
  expect(chord("1089::99;5")).toEqual(pressKey("c", { ctrl: true }));
  expect(chord("1090:1058:116;6")).toEqual(pressKey("t", { ctrl: true, shift: true }));
  expect(chord("1076::108;3")).toEqual(pressKey("l", { alt: true }));
  expect(chord("38:49:49;3")).toEqual(pressKey("1", { alt: true }));
  // A Latin layout has its own letters: Ctrl-C of Dvorak is on the place of I.
  expect(chord("99::105;5")).toEqual(pressKey("c", { ctrl: true }));
  // German: the key of - is on the place of /, and - is what is written on it.
  expect(chord("45:95:47;5")).toEqual(pressKey("-", { ctrl: true }));
  // The sign that Shift makes is the chord's: Ctrl-_ undoes on a US and on a German keyboard.
  expect(chord("45:95;6")).toEqual(pressKey("_", { ctrl: true }));
  expect(chord("45:95:47;6")).toEqual(pressKey("_", { ctrl: true }));
  expect(chord("1089;5")).toEqual(pressKey("с", { ctrl: true }));
  // Without Ctrl and Alt the layout types.
  expect(chord("1089::99")).toEqual({ type: "text", text: "с" });
});

test("invalid UTF-8 becomes U+FFFD, and the bytes around it survive", () => {
  expect(decode(Uint8Array.of(0x61, 0xff, 0x62, 0xe4, 0xb8, 0x63))).toEqual([typed("a\ufffdb\ufffdc")]);
});

/** How far ssh may part a sequence. */
const partedMaxMs = 100;

test("a sequence that is parted by up to 100 ms is one sequence, wherever it is cut", () => {
  const cut = dialects.flatMap(([, sequence]) => {
    const bytes = Buffer.from(sequence);
    return Array.from({ length: bytes.length - 1 }, (_, index) => bytes.subarray(0, index + 1));
  });
  const delays = cut.map((bytes) => {
    const decoder = new KeyDecoder();
    decoder.push(bytes);
    return decoder.pendingDelayMs;
  });
  const pending = delays.filter((delayMs) => delayMs !== undefined);
  expect(pending.length).toBeGreaterThan(200);
  expect(Math.min(...pending)).toBeGreaterThan(partedMaxMs);
});

describe("after silence", () => {
  function afterSilence(bytes: string | Uint8Array): {
    delayMs: number | undefined;
    events: readonly KeyEvent[];
  } {
    const decoder = new KeyDecoder();
    const before = decoder.push(Buffer.from(bytes));
    const delayMs = decoder.pendingDelayMs;
    const events = [...before, ...decoder.flush(), ...decoder.push(Buffer.from("\x03"))];
    expect(decoder.isPending).toBe(false);
    expect(events.at(-1)).toEqual(pressKey("c", ctrl));
    return { delayMs, events: events.slice(0, -1) };
  }

  test("a lone ESC is Escape, and two are two", () => {
    expect(afterSilence("\x1b")).toEqual({ delayMs: escapeDelayMs, events: [pressKey("escape")] });
    expect(afterSilence("\x1b\x1b").events).toEqual([pressKey("escape"), pressKey("escape")]);
  });

  test("a report whose ESC came too early is no text, but a bracket is that is typed after Escape", () => {
    const afterEscape = (...reads: readonly string[]): readonly KeyEvent[] => {
      const decoder = new KeyDecoder();
      const escape = [...decoder.push(Buffer.from("\x1b")), ...decoder.flush()];
      expect(escape).toEqual([pressKey("escape")]);
      return joined(reads.flatMap((read) => decoder.push(Buffer.from(read))));
    };
    expect(afterEscape("[I")).toEqual([{ type: "focus", isFocused: true }]);
    expect(afterEscape("[O")).toEqual([{ type: "focus", isFocused: false }]);
    expect(afterEscape("[200~a\rb\x1b[201~c")).toEqual([pasted("a\nb"), typed("c")]);
    expect(afterEscape("[<64;1;1M")).toMatchObject([{ type: "mouse" }]);
    expect(afterEscape("[", "I")).toEqual([typed("[I")]);
    expect(afterEscape("x", "[I")).toEqual([typed("x[I")]);
    expect(afterEscape("[Input")).toEqual([typed("[Input")]);
    expect(afterEscape("[O\x1b[I")).toMatchObject([{ isFocused: false }, { isFocused: true }]);
  });

  test("ESC and an introducer are Alt with that character", () => {
    expect(afterSilence("\x1b[")).toEqual({ delayMs: sequenceDelayMs, events: [pressKey("[", alt)] });
    expect(afterSilence("\x1bO").events).toEqual([pressKey("o", { alt: true, shift: true })]);
    expect(afterSilence("\x1b]").events).toEqual([pressKey("]", alt)]);
  });

  test("an incomplete sequence, reply or character is given up", () => {
    expect(afterSilence("\x1b[1;5")).toEqual({ delayMs: sequenceDelayMs, events: [] });
    expect(afterSilence("\x1b]11;rgb")).toEqual({ delayMs: unendedDelayMs, events: [] });
    expect(afterSilence(Uint8Array.of(0xe4, 0xb8)).events).toEqual([typed("\ufffd")]);
  });

  test("an unterminated paste is returned, and later bytes are typed", () => {
    expect(afterSilence("\x1b[200~lost\x1b[20")).toEqual({
      delayMs: unendedDelayMs,
      events: [pasted("lost\x1b[20")],
    });
    expect(afterSilence(Buffer.from("\x1b[200~你").subarray(0, -1)).events).toEqual([pasted("\ufffd")]);
  });

  test("nothing is pending after complete keys", () => {
    const decoder = new KeyDecoder();
    decoder.push(Buffer.from("a\x1b[A\x1b[200~x\x1b[201~"));
    expect(decoder.pendingDelayMs).toBeUndefined();
  });
});

test("a control sequence of 256 bytes or more is dropped whole, at every cut", () => {
  for (const length of [254, 255, 256, 257, 600]) {
    const bytes = Buffer.from(`\x1b[?${"1".repeat(length - 2)}cx`);
    const whole = decode(bytes);
    expect(whole.length).toBe(length <= 256 ? 2 : 1);
    for (const size of [1, 100, 255]) {
      const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, index * size + size),
      );
      expect(decode(...parts)).toEqual(whole);
    }
  }
});

test("a paste at the limit is whole, a longer one is cut and marked", () => {
  for (const size of [1, 3, 100]) {
    const decoder = new KeyDecoder(4);
    const bytes = Buffer.from("\x1b[200~abcd\x1b[201~\x1b[200~abcde\x1b[201~\x1b[200~abc😀\x1b[201~x");
    const events: KeyEvent[] = [];
    for (let at = 0; at < bytes.length; at += size)
      events.push(...decoder.push(bytes.subarray(at, at + size)));
    expect(events).toEqual([
      { type: "paste", text: "abcd", isTruncated: false },
      { type: "paste", text: "abcd", isTruncated: true },
      { type: "paste", text: "abc\ufffd", isTruncated: true },
      typed("x"),
    ]);
  }
});

test("any bytes, cut anywhere, give the same events, without throwing or typing a control character", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc
      .constantFrom(
        "\x1b",
        "\x1b[",
        "\x1b]11;",
        "\x1bP",
        "\x1b[200~",
        "\x1b[201~",
        "\x1b[M",
        "\x1b[[",
        "1;5",
        "u",
        "~",
        "$",
        "\r",
        "\n",
        "你",
        "👨‍👩‍👧",
        "\x9b",
      )
      .map((text) => Uint8Array.from(Buffer.from(text))),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
      (pieces, sizes) => {
        const bytes = Buffer.concat(pieces);
        const parts: Buffer[] = [];
        for (let at = 0; at < bytes.length;) {
          const { value: size } = sizes.next();
          parts.push(bytes.subarray(at, at + size));
          at += size;
        }
        const whole = decode(bytes);
        expect(decode(...parts)).toEqual(whole);
        const texts = whole.filter((event) => event.type === "text").map((event) => event.text);
        expect(texts.join("")).not.toMatch(/\p{Cc}/u);
        const decoder = new KeyDecoder();
        decoder.push(bytes);
        decoder.flush();
        expect(decoder.isPending).toBe(false);
      },
    ),
    { numRuns: 1500, seed: 8080 },
  );
});
