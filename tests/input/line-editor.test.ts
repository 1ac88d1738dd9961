import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { rememberLine } from "../../src/input/line/input-history.ts";
import type { KeyEvent, PasteEvent } from "../../src/input/keys/key-event.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";
import type { LineAction } from "../../src/input/line/line-editor.ts";
import { editLine } from "../../src/input/line/line-editor.ts";
import type { LineState } from "../../src/input/line/line-state.ts";
import { emptyLine } from "../../src/input/line/line-state.ts";
import { composerMaxUnits, inputHistoryMax, pasteMaxUnits, undoMaxUnits } from "../../src/protocol/limits.ts";
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

/** Each Enter ends a read: lines in one read would be a paste. */
function type(keys: string, state: LineState = emptyLine): Session {
  const decoder = new KeyDecoder();
  return apply(
    state,
    keys.split(/(?<=\r)/).flatMap((read) => decoder.push(Buffer.from(read))),
  );
}

/** Each letter in a read of its own. */
function typeLetters(text: string, state: LineState): LineState {
  return apply(
    state,
    Array.from(text, (letter): KeyEvent => ({ type: "text", text: letter })),
  ).state;
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
  const state = typeLetters("one two", emptyLine);
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

test("Home, End, Ctrl-U and Ctrl-K end at the line, and from there go on to the next", () => {
  const { state } = type("one" + alt("\r") + "two" + alt("\r") + "three" + up);
  expect(drawn(type("", state))).toBe("one\ntwo|\nthree");
  expect(drawn(type(ctrl("a"), state))).toBe("one\n|two\nthree");
  expect(drawn(type(left + ctrl("e"), state))).toBe("one\ntwo|\nthree");
  expect(drawn(type(ctrl("u"), state))).toBe("one\n|\nthree");
  expect(drawn(type(ctrl("u") + ctrl("u"), state))).toBe("one|\nthree");
  expect(drawn(type(ctrl("k"), state))).toBe("one\ntwo|three");
  expect(drawn(type(ctrl("k") + ctrl("k"), state))).toBe("one\ntwo|");
});

describe("rows", () => {
  const columns = 10;
  const press = (keys: string, state: LineState): LineState => {
    const events = new KeyDecoder().push(Buffer.from(keys));
    return events.reduce((line, event) => editLine(line, event, { columns, isAlone: true }).state, state);
  };
  const { state: before } = apply(type("old\r").state, [paste("one two three four\nx\nfive six")]);

  test("↑ and ↓ move between rows, wrapped ones too, and keep the column", () => {
    expect(drawn({ state: press(up, before), actions: [] })).toBe("one two three four\nx|\nfive six");
    expect(drawn({ state: press(up + up, before), actions: [] })).toBe("one two three fo|ur\nx\nfive six");
    expect(drawn({ state: press(up + up + down + down, before), actions: [] })).toBe(
      "one two three four\nx\nfive six|",
    );
  });

  test("from the first row ↑ goes to the history, and ↓ comes back to the draft as it was left", () => {
    const away = press(up.repeat(4), before);
    expect(away.text).toBe("old");
    const back = press(down, away);
    expect([back.text, back.cursor]).toEqual([before.text, press(up.repeat(3), before).cursor]);
    expect(press(undo, back).text).toBe("");
  });

  test("↑ goes on through the history, past the rows of a recalled text", () => {
    const { state } = apply(before, [{ type: "key", name: "enter", ctrl: false, alt: false, shift: false }]);
    expect(press(up, state).text).toBe(before.text);
    expect(press(up + up, state).text).toBe("old");
    expect(press(up + left + up, state)).toMatchObject({ text: before.text, last: "row" });
  });
});

test("a draft and edited old lines keep their undo while others are shown, within undoMaxUnits", () => {
  const before = typeLetters("draft more", type("one\rtwo\r").state);
  expect(drawn(type(up + up + down + down + undo, before))).toBe("draft |");
  expect(drawn(type(up + "!" + up + down + undo, before))).toBe("two|");
  expect(drawn(type(up + "!" + undo + down + undo + undo, before))).toBe("|");
  const half = "x".repeat(composerMaxUnits - 10);
  let { state } = apply(type("one\rtwo\r").state, [paste(half)]);
  for (const key of "abcde") state = type(` ${key}`, state).state;
  const large = state.undo.length;
  expect(type(up + down, state).state.undo).toHaveLength(large);
  const other = apply(type(up, state).state, [paste(half), { type: "text", text: " a b c d e" }]).state;
  const both = type(up + down + down, other).state;
  const units = [...both.drafts.values(), both]
    .flatMap((draft) => draft.undo)
    .reduce((sum, { text }) => sum + text.length, 0);
  expect(both.text).toBe(state.text);
  expect(units).toBeLessThanOrEqual(2 * undoMaxUnits);
});

describe("pasting", () => {
  test("inserts a block where the cursor is, without its last newline, and sends nothing", () => {
    expect(drawn(apply(type("a" + left).state, [paste("one\ttwo\n")]))).toBe("one\ttwo|a");
    const { state, actions } = apply(type("ab" + left).state, [paste("one\n\n two\n")]);
    expect([drawn({ state, actions }), actions]).toEqual(["aone\n\n two|b", []]);
    expect(type("\r", state).actions).toEqual([{ type: "submit", text: "aone\n\n twob" }]);
  });

  test("is undone at once, and what was typed after it before", () => {
    const { state } = apply(type("ab").state, [paste("one\ntwo")]);
    const typed = typeLetters("c d", state);
    expect(drawn(type(undo + undo, typed))).toBe("abone\ntwo|");
    expect(drawn(type(undo + undo + undo, typed))).toBe("ab|");
  });

  const long = "x".repeat(composerMaxUnits - 1) + "\ny";
  const asked = apply(type("ab" + left).state, [paste(long)]);

  test("asks about one that is too long for the composer, and leaves the line unchanged", () => {
    expect([drawn(asked), asked.actions]).toEqual(["a|b", []]);
    expect(asked.state.pendingPaste).toMatchObject({ lines: 2, isTruncated: false });
  });

  test("sends it where the cursor is after y alone", () => {
    for (const key of ["y", "Y"]) {
      const { state, actions } = type(key, asked.state);
      expect(actions).toEqual([{ type: "submit", text: `a${long}b` }]);
      expect([state.text, state.pendingPaste]).toEqual(["", undefined]);
    }
  });

  test("takes no letter for an answer that was read or typed with others: it is text", () => {
    const glued = editLine(asked.state, { type: "text", text: "y" }, { columns: 80, isAlone: false });
    expect([drawn({ state: glued.state, actions: [] }), glued.action]).toEqual(["ay|b", undefined]);
    expect(drawn(type("yes", asked.state))).toBe("ayes|b");
    const typed = apply(
      asked.state,
      Array.from("/quity", (text): KeyEvent => ({ type: "text", text })),
    );
    expect([drawn(typed), typed.actions]).toEqual(["a/quity|b", []]);
    expect(typed.state.pendingPaste).toBe(asked.state.pendingPaste);
    expect(type("y", type("\x7f".repeat(6), typed.state).state).actions).toHaveLength(1);
  });

  test("sends nothing at Enter, but runs a command, which keeps the paste", () => {
    const refused = type("\r", asked.state);
    expect(refused.actions).toEqual([{ type: "notice", notice: sentence("paste-unanswered") }]);
    expect([drawn(refused), refused.state.pendingPaste]).toEqual(["a|b", asked.state.pendingPaste]);
    const command = type("\x03" + "/quit\r", asked.state);
    expect(command.actions).toEqual([{ type: "submit", text: "/quit" }]);
    expect(command.state.pendingPaste).toBe(asked.state.pendingPaste);
  });

  test.each(["n", "\x1b[27u", ctrl("c") + ctrl("c"), ctrl("g")])("%j drops it and says so", (key) => {
    const dropped = type(key, asked.state);
    expect(dropped.actions).toEqual([{ type: "notice", notice: sentence("paste-dropped", { lines: 2 }) }]);
    expect(dropped.state.pendingPaste).toBeUndefined();
  });

  test("appends a second paste to a pending one", () => {
    const both = apply(asked.state, [paste("three")]);
    expect(both.state.pendingPaste?.text).toBe(`${long}three`);
  });

  test("keeps a pending paste when a second one would exceed the limit", () => {
    const largest = apply(emptyLine, [paste(`\n${"x".repeat(pasteMaxUnits - 2)}`)]);
    const filled = apply(largest.state, [paste("y")]);
    expect(filled.actions).toEqual([]);
    expect(filled.state.pendingPaste?.text.length).toBe(pasteMaxUnits);
    const over = apply(filled.state, [paste("z")]);
    expect(over.actions).toEqual([{ type: "notice", notice: sentence("two-pastes") }]);
    expect(over.state.pendingPaste?.text.length).toBe(pasteMaxUnits);
  });

  test("takes composerMaxUnits, and asks about one more", () => {
    expect(apply(emptyLine, [paste("x".repeat(composerMaxUnits))]).state.pendingPaste).toBeUndefined();
    const over = apply(emptyLine, [paste("x".repeat(composerMaxUnits + 1))]);
    expect([over.state.text, over.state.pendingPaste?.lines]).toEqual(["", 1]);
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
