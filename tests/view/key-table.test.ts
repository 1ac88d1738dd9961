/** The help is complete: every key that does something is in the table, and every key of the table does something. */

import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { expect, test } from "bun:test";
import { type PressEvent, pressKey } from "../../src/input/keys/key-event.ts";
import { keyTable, replayKeyTable, replayScreenKeys } from "../../src/input/keys/key-table.ts";
import { readReplayRequests } from "../../src/input/keys/replay-keys.ts";
import { editLine } from "../../src/input/line/line-editor.ts";
import {
  type LineState,
  emptyLine,
  insertText,
  killTo,
  moveTo,
  yank,
} from "../../src/input/line/line-state.ts";
import { pressOnScreen } from "../../src/view/screen/screen-keys.ts";
import { showHelp } from "../../src/view/screen/screen-overlays.ts";
import { type ScreenView, firstScreenState } from "../../src/view/screen/screen-state.ts";
import { firstWireState } from "../../src/view/wire/wire-state.ts";
import { formatTime, message, screenModel } from "../components/screen-fixture.ts";
import { english } from "../support/words.ts";

const entries = Array.from({ length: 50 }, (_, index) => message(index + 1, "bob", `line ${index + 1}`));
const view: ScreenView = {
  model: screenModel({ entries }),
  shape: { columns: 40, rows: 10, formatTime, words: english },
  columns: 40,
  topRow: 1,
  panel: { columns: 40, rows: 10, isBeside: false },
};

/** Lines on which every key of the composer has an effect. */
const typed = moveTo({ ...insertText(emptyLine, "one two three"), history: ["a", "b"], historyIndex: 1 }, 7);
const yanked = yank(killTo(moveTo(killTo(typed, 4), 0), 3));
const lines: readonly LineState[] = [typed, yanked];

const middle = { entryId: entries[20]!.id, rowOffset: 0 };
const screens = [
  firstScreenState,
  showHelp(firstScreenState),
  { ...firstScreenState, wire: { ...firstWireState, isShown: true } },
  { ...firstScreenState, anchors: { tcp: middle, udp: "newest" } as const },
];

function works(key: PressEvent): boolean {
  const edits = lines.some((line) => {
    const { state, action } = editLine(line, key);
    return action?.type !== "unused" && (action !== undefined || !Bun.deepEquals(state, line));
  });
  return (
    edits ||
    screens.some((screen) => {
      const { state, action } = pressOnScreen(screen, key, view);
      return action !== undefined || !Bun.deepEquals(state, screen);
    })
  );
}

const keyNames = [
  "enter",
  "tab",
  "backspace",
  "delete",
  "up",
  "down",
  "left",
  "right",
  "home",
  "end",
  "page-up",
  "page-down",
  "escape",
  "insert",
  "space",
  "f1",
  "f2",
  "f3",
  "f4",
  "f5",
  "f6",
  "f7",
  "f8",
  "f9",
  "f10",
  "f11",
  "f12",
];

const characters = "abcdefghijklmnopqrstuvwxyz0123456789_/-=[];',.".split("");

/**
 * Every key with each modifier, and with Ctrl and Alt. Characters only with Ctrl or Alt: on their own they are text.
 */
const everyChord = [
  ...keyNames.flatMap((name) => ["", "S-", "C-", "M-", "C-M-"].map((held) => held + name)),
  ...characters.flatMap((name) => ["C-", "M-", "C-M-"].map((held) => held + name)),
];

function keyOf(chord: string): PressEvent {
  const [, held = "", name = ""] = /^((?:[CMS]-)*)(.+)$/.exec(chord) ?? [];
  return pressKey(name, { ctrl: held.includes("C"), alt: held.includes("M"), shift: held.includes("S") });
}

test("every key that works is listed, and every listed key works", () => {
  const listed = keyTable.flatMap(({ chords }) => chords.split(" "));
  expect(listed.filter((chord) => !everyChord.includes(chord))).toEqual([]);
  const working = everyChord.filter((chord) => works(keyOf(chord)));
  // Shift is ignored with Escape and F1 to F4.
  const shifted = ["S-escape", "S-f1", "S-f2", "S-f3", "S-f4"];
  expect(working.filter((chord) => !listed.includes(chord))).toEqual(shifted);
  expect(listed.filter((chord) => !working.includes(chord))).toEqual([]);
  expect(listed.toSorted()).toEqual([...new Set(listed)].toSorted());
});

/** Actions that a replay ignores. */
const idleActions: ReadonlySet<string | undefined> = new Set(["address"]);

/** Handles keys as the replay does: its own first, then the screen's. */
function worksInReplay(chord: string): boolean {
  const key = keyOf(chord);
  const wishes = readReplayRequests(
    isTyped(chord) ? { type: "text", text: chord === "space" ? " " : chord } : key,
  );
  if (wishes !== undefined) return wishes.length > 0;
  return screens.some((screen) => {
    const { state, action } = pressOnScreen(screen, key, view);
    return action === undefined ? !Bun.deepEquals(state, screen) : !idleActions.has(action.type);
  });
}

function isTyped(chord: string): boolean {
  return chord === "space" || characters.includes(chord);
}

test("in a replay, every key that works is listed, and every listed key works", () => {
  const kept = keyTable.filter(({ keys }) => replayScreenKeys.has(keys));
  const listed = [...replayKeyTable, ...kept].flatMap(({ chords }) => chords.split(" "));
  const working = [...everyChord, ...characters].filter(worksInReplay);
  const shifted = ["S-escape", "S-f1", "S-f2", "S-f3", "S-f4"];
  expect(working.filter((chord) => !listed.includes(chord)).toSorted()).toEqual(shifted);
  // Enter and Ctrl-M are the same byte.
  const enters = ["C-m"];
  expect(listed.filter((chord) => !working.includes(chord))).toEqual(enters);
  expect(listed.toSorted()).toEqual([...new Set(listed)].toSorted());
});

test("every key and summary fits its column of the help", () => {
  for (const { keys, summary } of [...keyTable, ...replayKeyTable]) {
    expect([keys, measureColumns(keys) <= 9]).toEqual([keys, true]);
    expect([summary, measureColumns(summary) <= 15]).toEqual([summary, true]);
  }
});
