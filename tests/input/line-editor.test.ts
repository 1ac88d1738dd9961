import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { rememberLine } from "../../src/input/line/input-history.ts";
import type { KeyEvent, PasteEvent } from "../../src/input/keys/key-event.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";
import type { LineAction } from "../../src/input/line/line-editor.ts";
import { editLine } from "../../src/input/line/line-editor.ts";
import type { LineState } from "../../src/input/line/line-state.ts";
import { emptyLine } from "../../src/input/line/line-state.ts";
import { composerMaxUnits, inputHistoryMax, pasteMaxUnits } from "../../src/protocol/limits.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";

const ctrl = (letter: string): string => String.fromCharCode(letter.toUpperCase().charCodeAt(0) & 0x1f);
const alt = (key: string): string => `\x1b${key}`;
const left = "\x1b[D";
const up = "\x1b[A";
const down = "\x1b[B";
const backspace = "\x7f";
const deleteKey = "\x1b[3~";
const undo = "\x1f";

interface Session {
  readonly state: LineState;
  readonly actions: readonly LineAction[];
}

function apply(state: LineState, events: readonly KeyEvent[]): Session {
  const actions: LineAction[] = [];
  let current = state;
  for (const event of events) {
    const result = editLine(current, event);
    current = result.state;
    if (result.action !== undefined) actions.push(result.action);
  }
  return { state: current, actions };
}

function type(keys: string, state: LineState = emptyLine): Session {
  return apply(state, new KeyDecoder().push(Buffer.from(keys)));
}

/** The line with `|` at the cursor. */
function drawn({ state }: Session): string {
  return `${state.text.slice(0, state.cursor)}|${state.text.slice(state.cursor)}`;
}

function paste(text: string, truncated = false): PasteEvent {
  return { type: "paste", text, isTruncated: truncated };
}

describe("moving", () => {
  test.each([
    ["by graphemes", "a👨‍👩‍👧e\u0301" + left + left, "a|👨‍👩‍👧e\u0301"],
    ["with Ctrl-B and Ctrl-F", "abc" + ctrl("b") + ctrl("b") + ctrl("f"), "ab|c"],
    ["by words", "one two-three" + alt("b") + alt("b"), "one |two-three"],
    ["by words forward", "one two" + ctrl("a") + alt("f"), "one| two"],
    ["by words with Ctrl and arrows", "one two" + "\x1b[1;5D\x1b[1;5D\x1b[1;5C", "one| two"],
    ["to the ends", "abc\x1b[Hx\x1b[Fy" + ctrl("a") + "z" + ctrl("e") + "w", "zxabcyw|"],
    ["not beyond the ends", "a" + left + left + left, "|a"],
    ["past a heart at the start of a word", "x ❤\uFE0Fabc" + alt("b"), "x ❤\uFE0F|abc"],
  ])("%s", (_, keys, expected) => {
    expect(drawn(type(keys))).toBe(expected);
  });
});

describe("deleting", () => {
  test.each([
    ["a family at once", "a👨‍👩‍👧" + backspace, "a|"],
    ["one flag of two", "🇫🇷🇩🇪" + backspace, "🇫🇷|"],
    ["the first flag of two", "🇫🇷🇩🇪" + ctrl("a") + deleteKey, "|🇩🇪"],
    ["a letter with its mark", "e\u0301" + backspace, "|"],
    ["a Chinese character", "你好" + ctrl("h"), "你|"],
    ["forward", "abc" + ctrl("a") + deleteKey + ctrl("d"), "|c"],
    ["a field with Ctrl-W", "see http://a.b/c  " + ctrl("w"), "see |"],
    ["a word with Alt-Backspace", "see a.b/c" + alt(backspace), "see a.b/|"],
    ["the word ahead", "one two" + ctrl("a") + alt("d"), "| two"],
    ["to the start", "one two" + left + ctrl("u"), "|o"],
    ["to the end", "one" + left + ctrl("k"), "on|"],
    ["the line with Ctrl-C, which undo restores", "one" + ctrl("c") + "x" + undo + undo, "one|"],
  ])("%s", (_, keys, expected) => {
    expect(drawn(type(keys))).toBe(expected);
  });

  test("two halves that become adjacent are one grapheme, and the cursor is not inside it", () => {
    expect(drawn(type("🇫x🇷" + left + backspace))).toBe("🇫🇷|");
  });
});

describe("killing and yanking", () => {
  test.each([
    ["inserts the last kill", "one two" + ctrl("w") + ctrl("a") + ctrl("y"), "two|one "],
    [
      "joins consecutive kills in the order of the text",
      "a b c" + ctrl("w") + ctrl("w") + ctrl("y") + ctrl("y"),
      "a b cb c|",
    ],
    [
      "replaces the yanked text with an older kill",
      "one" + ctrl("u") + "two" + ctrl("u") + ctrl("y") + alt("y"),
      "one|",
    ],
    [
      "wraps around in the ring",
      "one" + ctrl("u") + "two" + ctrl("u") + ctrl("y") + alt("y") + alt("y"),
      "two|",
    ],
    ["Alt-Y alone does nothing", "one" + ctrl("u") + "x" + alt("y"), "x|"],
    ["is undone in one step", "a" + ctrl("u") + "b" + ctrl("u") + "c" + ctrl("y") + alt("y") + undo, "c|"],
  ])("%s", (_, keys, expected) => {
    expect(drawn(type(keys))).toBe(expected);
  });
});

test("typed words are undone one by one", () => {
  const letters = Array.from("one two", (text): KeyEvent => ({ type: "text", text }));
  const { state } = apply(emptyLine, letters);
  expect(drawn(type(undo, state))).toBe("one |");
  expect(drawn(type(undo + undo + undo, state))).toBe("|");
});

describe("history", () => {
  test("keeps an edit with the line in which it was made", () => {
    const before = type("one\rtwo\rdraft").state;
    expect(drawn(type(up, before))).toBe("two|");
    expect(drawn(type(up + up + up, before))).toBe("one|");
    expect(drawn(type(up + "!" + up + down, before))).toBe("two!|");
    expect(drawn(type(ctrl("p") + "!" + ctrl("n") + down, before))).toBe("draft|");
  });

  test("sends an edited old line, and keeps the old one unchanged", () => {
    const { state, actions } = type("one\rtwo\r" + up + up + "!\r");
    expect(actions.at(-1)).toEqual({ type: "submit", text: "one!" });
    expect(state.history).toEqual(["one", "two", "one!"]);
    expect(drawn(type(up + up + up, state))).toBe("one|");
  });

  test("skips empty lines and repetitions", () => {
    expect(type("a\r\r\ra\rb\ra\r").state.history).toEqual(["a", "b", "a"]);
  });

  test("holds inputHistoryMax lines and not one more", () => {
    let history: readonly string[] = [];
    for (let index = 0; index < inputHistoryMax; index += 1) history = rememberLine(history, `${index}`);
    expect(history).toHaveLength(inputHistoryMax);
    expect(history[0]).toBe("0");
    history = rememberLine(history, "new");
    expect([history.length, history[0], history.at(-1)]).toEqual([inputHistoryMax, "1", "new"]);
  });

  test("holds composerMaxUnits in all, and no line longer than that", () => {
    const half = "x".repeat(composerMaxUnits / 2);
    const two = rememberLine(rememberLine([], half), `${half.slice(1)}y`);
    expect(two).toHaveLength(2);
    expect(rememberLine(two, "z")).toEqual([`${half.slice(1)}y`, "z"]);
    expect(rememberLine(["a"], `${half}${half}z`)).toEqual(["a"]);
  });
});

describe("the editor returns as unused", () => {
  test.each([
    ["Ctrl-C on an empty line", ctrl("c")],
    ["Ctrl-D on an empty line", ctrl("d")],
    ["Ctrl-T", ctrl("t")],
    ["Ctrl-L", ctrl("l")],
    ["Ctrl-Z", ctrl("z")],
    ["Alt-1", alt("1")],
    ["Shift-Up", "\x1b[1;2A"],
    ["Ctrl-Home", "\x1b[1;5H"],
    ["Page-Up", "\x1b[5~"],
    ["F1", "\x1bOP"],
    ["the mouse", "\x1b[<64;1;1M"],
    ["focus", "\x1b[I"],
  ])("%s", (_, keys) => {
    const { state, actions } = type(keys);
    expect(actions).toEqual([{ type: "unused" }]);
    expect(state).toBe(emptyLine);
  });
});

test("Enter sends the line, Alt-Enter and Shift-Enter insert a newline", () => {
  const { state, actions } = type("a" + alt("\r") + "b\x1b[13;2uc\r");
  expect(actions).toEqual([{ type: "submit", text: "a\nb\nc" }]);
  expect(state.text).toBe("");
});

describe("pasting", () => {
  test("inserts a single line as typed text, without its newline", () => {
    expect(drawn(apply(type("a" + left).state, [paste("one\ttwo\n")]))).toBe("one\ttwo|a");
  });

  const asked = apply(type("ab" + left).state, [paste("one\ntwo\n")]);

  test("asks before several lines, and leaves the line unchanged", () => {
    expect(asked.actions).toEqual([{ type: "ask-paste", text: "one\ntwo\n", lines: 2 }]);
    expect(drawn(asked)).toBe("a|b");
    const busy = type("xyz".slice(0, 1) + up + ctrl("u") + "\x1b[5~", asked.state);
    expect(drawn(busy)).toBe("a|b");
    expect(busy.state.pendingPaste).toEqual(asked.state.pendingPaste);
    expect(busy.actions).toEqual([{ type: "unused" }]);
  });

  test.each(["y", "Y", "\r"])("%j sends the lines where the cursor is", (key) => {
    const { state, actions } = type(key, asked.state);
    expect(actions).toEqual([{ type: "submit", text: "aone\ntwo\nb" }]);
    expect([state.text, state.pendingPaste]).toEqual(["", undefined]);
  });

  test("into an empty line sends the paste, without an empty line after it", () => {
    const { actions } = apply(emptyLine, [paste("one\n\ntwo\n"), ...new KeyDecoder().push(Buffer.from("y"))]);
    expect(actions.at(-1)).toEqual({ type: "submit", text: "one\n\ntwo" });
  });

  test("e edits it as one line", () => {
    expect(drawn(type("e", asked.state))).toBe("aone\ntwo|b");
  });

  test.each(["n", "\x1b[27u", ctrl("c")])("%j drops it and says so", (key) => {
    const dropped = type(key, asked.state);
    expect(dropped.actions).toEqual([{ type: "notice", notice: sentence("paste-dropped", { lines: 2 }) }]);
    expect(drawn(dropped)).toBe("a|b");
  });

  test("inserts text typed after the answer", () => {
    expect(drawn(type("nxy", asked.state))).toBe("axy|b");
  });

  test("appends a second paste to a pending one", () => {
    const both = apply(asked.state, [paste("three")]);
    expect(both.actions).toEqual([{ type: "ask-paste", text: "one\ntwo\nthree", lines: 3 }]);
  });

  test("keeps a pending paste when a second one would exceed the limit", () => {
    const largest = apply(emptyLine, [paste(`\n${"x".repeat(pasteMaxUnits - 2)}`)]);
    const filled = apply(largest.state, [paste("y")]);
    expect(filled.actions.map((action) => action.type)).toEqual(["ask-paste"]);
    expect(filled.state.pendingPaste?.text.length).toBe(pasteMaxUnits);
    const over = apply(filled.state, [paste("z")]);
    expect(over.actions).toEqual([{ type: "notice", notice: sentence("two-pastes") }]);
    expect(over.state.pendingPaste?.text.length).toBe(pasteMaxUnits);
  });

  test("sends a paste that does not fit the composer whole, and does not offer to edit it", () => {
    const long = "x".repeat(composerMaxUnits + 1);
    const { state, actions } = apply(emptyLine, [paste(long)]);
    expect(actions.map((action) => action.type)).toEqual(["ask-paste"]);
    expect(type("e", state).state.pendingPaste?.isEditable).toBe(false);
    const sent = type("y", state);
    expect(sent.actions).toEqual([{ type: "submit", text: long }]);
    expect(sent.state.history).toEqual([]);
  });
});

test("the composer holds composerMaxUnits, and reports text beyond that", () => {
  const full = apply(emptyLine, [paste("x".repeat(composerMaxUnits - 1)), { type: "text", text: "y" }]);
  expect([full.state.text.length, full.actions]).toEqual([composerMaxUnits, []]);
  const over = type("z", full.state);
  expect(over.state.text.length).toBe(composerMaxUnits);
  expect(over.actions.map((action) => action.type)).toEqual(["notice"]);
});

test("after any keys the cursor is between graphemes, and undo is finite", () => {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const key = fc.oneof(
    fc.constantFrom(
      "a",
      " ",
      "你",
      "👨",
      "\u200D",
      "👩",
      "🇫",
      "🇷",
      "e\u0301",
      "\u0301",
      "\uFE0F",
      "한",
      "ᄀ",
      "ᅡ",
    ),
    fc.constantFrom(
      left,
      "\x1b[C",
      up,
      down,
      backspace,
      deleteKey,
      undo,
      alt("b"),
      alt("f"),
      alt("d"),
      alt("y"),
    ),
    fc.constantFrom("a", "e", "u", "k", "w", "y").map(ctrl),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 40 }), (keys) => {
      const { state } = type(keys.join(""), type("old 🇫🇷\r").state);
      const starts = Array.from(segmenter.segment(state.text), ({ index }) => index);
      expect([...starts, state.text.length]).toContain(state.cursor);
      expect(type(undo.repeat(keys.length + 1), state).state.undo).toEqual([]);
    }),
    { numRuns: 1000, seed: 8080 },
  );
});
