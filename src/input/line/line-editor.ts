/**
 * Binds readline's keys to edits of a line, and asks about a paste of several lines. The caller draws the state and
 * performs the actions.
 */

import { composerMaxUnits, pasteMaxUnits } from "../../protocol/limits.ts";
import {
  findNextBoundary,
  findNextWord,
  findPreviousBoundary,
  findPreviousField,
  findPreviousWord,
} from "./graphemes.ts";
import type { KeyEvent, PasteEvent, PressEvent } from "../keys/key-event.ts";
import type { LineState, PendingPaste } from "./line-state.ts";
import * as line from "./line-state.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

export type LineAction =
  /** The lines to send, separated by LF. Each line, the last one included, is sent with a newline. */
  | { readonly type: "submit"; readonly text: string }
  | { readonly type: "complete"; readonly isBackward: boolean }
  /** The state now has a pendingPaste: Enter or y sends it, e puts it into the line, n or Escape drops it. */
  | { readonly type: "ask-paste"; readonly text: string; readonly lines: number }
  /** Reports to the person that some of the input was dropped. */
  | { readonly type: "notice"; readonly notice: Sentence }
  /** The event is not for the line, but for the screen. */
  | { readonly type: "unused" };

interface LineResult {
  readonly state: LineState;
  readonly action?: LineAction;
}

const unused: LineAction = { type: "unused" };
const composerFull: LineAction = {
  type: "notice",
  notice: sentence("composer-full", { characters: composerMaxUnits }),
};

/** Applies an event to the line; returns the new state and what else is to be done. */
export function editLine(state: LineState, event: KeyEvent): LineResult {
  switch (event.type) {
    case "text":
      return state.pendingPaste === undefined
        ? insert(state, event.text)
        : answerText(state, state.pendingPaste, event.text);
    case "paste":
      return paste(state, event);
    case "key":
      return state.pendingPaste === undefined
        ? press(state, event)
        : answerKey(state, state.pendingPaste, event);
    case "focus":
    case "mouse":
    case "reply":
      return { state, action: unused };
  }
}

/** The chord of a key as written in bindings: C-, M- and S- for Ctrl, Alt and Shift, in this order. */
function formatChord(key: PressEvent): string {
  return `${key.ctrl ? "C-" : ""}${key.alt ? "M-" : ""}${key.shift ? "S-" : ""}${key.name}`;
}

const bindings: Readonly<Record<string, (state: LineState) => LineResult>> = bind({
  "left C-b": (state) => move(state, findPreviousBoundary(state.text, state.cursor)),
  "right C-f": (state) => move(state, findNextBoundary(state.text, state.cursor)),
  "M-b C-left M-left": (state) => move(state, findPreviousWord(state.text, state.cursor)),
  "M-f C-right M-right": (state) => move(state, findNextWord(state.text, state.cursor)),
  "home C-a": (state) => move(state, 0),
  "end C-e": (state) => move(state, state.text.length),
  "backspace S-backspace C-h": (state) => ({
    state: line.removeRange(state, findPreviousBoundary(state.text, state.cursor), state.cursor),
  }),
  delete: (state) => ({ state: deleteForward(state) }),
  "C-d": (state) => (state.text === "" ? { state, action: unused } : { state: deleteForward(state) }),
  "C-w": (state) => ({ state: line.killTo(state, findPreviousField(state.text, state.cursor)) }),
  "M-backspace C-backspace C-M-h": (state) => ({
    state: line.killTo(state, findPreviousWord(state.text, state.cursor)),
  }),
  "M-d C-delete": (state) => ({ state: line.killTo(state, findNextWord(state.text, state.cursor)) }),
  "C-u": (state) => ({ state: line.killTo(state, 0) }),
  "C-k": (state) => ({ state: line.killTo(state, state.text.length) }),
  "C-y": (state) => refuseOverflow(state, line.yank(state), state.killRing.at(-1) ?? ""),
  "M-y": (state) => ({ state: line.yankOlder(state) }),
  "C-_ C-/": (state) => ({ state: line.undo(state) }),
  "up C-p": (state) => ({ state: line.walkHistory(state, -1) }),
  "down C-n": (state) => ({ state: line.walkHistory(state, 1) }),
  "enter C-m C-j": (state) => submit(state, state.text),
  "M-enter S-enter": (state) => insert(state, "\n"),
  "tab C-i": (state) => ({ state, action: { type: "complete", isBackward: false } }),
  "S-tab": (state) => ({ state, action: { type: "complete", isBackward: true } }),
  "C-c": (state) => (state.text === "" ? { state, action: unused } : { state: line.clearLine(state) }),
});

function bind(
  rows: Readonly<Record<string, (state: LineState) => LineResult>>,
): Readonly<Record<string, (state: LineState) => LineResult>> {
  return Object.fromEntries(
    Object.entries(rows).flatMap(([chords, edit]) => chords.split(" ").map((chord) => [chord, edit])),
  );
}

function press(state: LineState, key: PressEvent): LineResult {
  const chord = formatChord(key);
  const edit = Object.hasOwn(bindings, chord) ? bindings[chord] : undefined;
  return edit === undefined ? { state, action: unused } : edit(state);
}

function move(state: LineState, cursor: number): LineResult {
  return { state: line.moveTo(state, cursor) };
}

function deleteForward(state: LineState): LineState {
  return line.removeRange(state, state.cursor, findNextBoundary(state.text, state.cursor));
}

function insert(state: LineState, text: string): LineResult {
  return refuseOverflow(state, line.insertText(state, text), text);
}

function refuseOverflow(before: LineState, after: LineState, wanted: string): LineResult {
  return wanted.length > line.measureRoom(before) ? { state: after, action: composerFull } : { state: after };
}

function submit(state: LineState, text: string): LineResult {
  return { state: line.clearLine(state, text), action: { type: "submit", text } };
}

/** A single line that fits is inserted like typed text; its trailing newline is dropped, so that only Enter sends. */
function paste(state: LineState, event: PasteEvent): LineResult {
  const text = (state.pendingPaste?.text ?? "") + event.text;
  const single = text.endsWith("\n") ? text.slice(0, -1) : text;
  const isEditable = single.length <= line.measureRoom(state);
  const lines = countLines(single);
  const isAsking = lines > 1 || !isEditable || event.isTruncated || state.pendingPaste !== undefined;
  if (!isAsking) return insert(state, single);
  if (text.length > pasteMaxUnits) return { state, action: pasteFull };
  const isTruncated = event.isTruncated || (state.pendingPaste?.isTruncated ?? false);
  const pendingPaste: PendingPaste = { text, lines, isTruncated, isEditable };
  return { state: { ...state, pendingPaste }, action: { type: "ask-paste", text, lines } };
}

const pasteFull: LineAction = {
  type: "notice",
  notice: sentence("two-pastes"),
};

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}

/** The first letter answers; the rest of the read is inserted. */
function answerText(state: LineState, pending: PendingPaste, text: string): LineResult {
  const answered = answer(state, pending, text.slice(0, 1).toLowerCase());
  if (answered === undefined) return { state };
  const rest = text.slice(1);
  if (rest === "") return answered;
  return { ...answered, state: insert(answered.state, rest).state };
}

function answerKey(state: LineState, pending: PendingPaste, key: PressEvent): LineResult {
  const letter = { enter: "y", escape: "n", "C-c": "n", "C-g": "n" }[formatChord(key)];
  if (letter !== undefined) return answer(state, pending, letter) ?? { state };
  return Object.hasOwn(bindings, formatChord(key)) ? { state } : { state, action: unused };
}

/** undefined: the letter is not an answer, and the question stays. */
function answer(state: LineState, pending: PendingPaste, letter: string): LineResult | undefined {
  const asked: LineState = { ...state, pendingPaste: undefined };
  if (letter === "y") return submit(asked, spliceLine(state, pending.text));
  if (letter === "n") return { state: asked, action: makeDroppedNotice(pending) };
  if (letter === "e" && pending.isEditable) return insert(asked, pending.text.replace(/\n$/, ""));
  return undefined;
}

/** The line with the paste at the cursor. A trailing newline of the paste at the end of the line is dropped. */
function spliceLine(state: LineState, pasted: string): string {
  const after = state.text.slice(state.cursor);
  const ending = after === "" && pasted.endsWith("\n") ? pasted.slice(0, -1) : pasted;
  return state.text.slice(0, state.cursor) + ending + after;
}

function makeDroppedNotice(pending: PendingPaste): LineAction {
  return { type: "notice", notice: sentence("paste-dropped", { lines: pending.lines }) };
}
