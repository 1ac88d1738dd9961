/**
 * Binds readline's keys to edits of a text of several rows, and asks about a paste that is too long for it. The caller
 * draws the state and performs the actions.
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
import { isCommandLine } from "../../chat/commands/command-table.ts";
import { measureColumn, moveByRow } from "./line-rows.ts";
import * as line from "./line-state.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

export type LineAction =
  /** The text to send. A newline follows it. */
  | { readonly type: "submit"; readonly text: string }
  | { readonly type: "complete"; readonly isBackward: boolean }
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

/** What an edit depends on, apart from the state. */
interface EditContext {
  /** The width of a row, in columns. */
  readonly columns: number;
  /** The terminal's input held nothing but this event. */
  readonly isAlone: boolean;
}

/** A line in one row. */
const oneRow: EditContext = { columns: Number.POSITIVE_INFINITY, isAlone: true };

/** Applies an event to the line; returns the new state and what else is to be done. */
export function editLine(state: LineState, event: KeyEvent, context: EditContext = oneRow): LineResult {
  switch (event.type) {
    case "text":
      return answerText(state, event.text, context) ?? insert(state, event.text);
    case "paste":
      return paste(state, event);
    case "key":
      return answerKey(state, event) ?? press(state, event, context);
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

type Binding = (state: LineState, context: EditContext) => LineResult;

const bindings: Readonly<Record<string, Binding>> = bind({
  "left C-b": (state) => move(state, findPreviousBoundary(state.text, state.cursor)),
  "right C-f": (state) => move(state, findNextBoundary(state.text, state.cursor)),
  "M-b C-left M-left": (state) => move(state, findPreviousWord(state.text, state.cursor)),
  "M-f C-right M-right": (state) => move(state, findNextWord(state.text, state.cursor)),
  "home C-a": (state) => move(state, findLineStart(state)),
  "end C-e": (state) => move(state, findLineEnd(state)),
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
  "C-u": (state) => ({ state: line.killTo(state, findKillStart(state)) }),
  "C-k": (state) => ({ state: line.killTo(state, findKillEnd(state)) }),
  "C-y": (state) => refuseOverflow(state, line.yank(state), state.killRing.at(-1) ?? ""),
  "M-y": (state) => ({ state: line.yankOlder(state) }),
  "C-_ C-/": (state) => ({ state: line.undo(state) }),
  "up C-p": (state, context) => ({ state: moveByRowOrLine(state, -1, context) }),
  "down C-n": (state, context) => ({ state: moveByRowOrLine(state, 1, context) }),
  "enter C-m": (state) => submit(state, state.text),
  "M-enter S-enter C-j": (state) => insert(state, "\n"),
  "tab C-i": (state) => ({ state, action: { type: "complete", isBackward: false } }),
  "S-tab": (state) => ({ state, action: { type: "complete", isBackward: true } }),
  "C-c": (state) => (state.text === "" ? { state, action: unused } : { state: line.clearLine(state) }),
});

function bind(rows: Readonly<Record<string, Binding>>): Readonly<Record<string, Binding>> {
  return Object.fromEntries(
    Object.entries(rows).flatMap(([chords, edit]) => chords.split(" ").map((chord) => [chord, edit])),
  );
}

function press(state: LineState, key: PressEvent, context: EditContext): LineResult {
  const chord = formatChord(key);
  const edit = Object.hasOwn(bindings, chord) ? bindings[chord] : undefined;
  return edit === undefined ? { state, action: unused } : edit(state, context);
}

function move(state: LineState, cursor: number): LineResult {
  return { state: line.moveTo(state, cursor) };
}

/** ↑ and ↓ move by rows; from the first and the last row, and on from a line of the history, through the history. */
function moveByRowOrLine(state: LineState, step: -1 | 1, { columns }: EditContext): LineState {
  if (state.last === "history") return line.walkHistory(state, step);
  const column = state.last === "row" ? state.rowColumn : measureColumn(state.text, state.cursor, columns);
  const cursor = moveByRow(state.text, state.cursor, step, columns, column);
  if (cursor === undefined) return line.walkHistory(state, step);
  return { ...line.moveTo(state, cursor), last: "row", rowColumn: column };
}

function findLineStart({ text, cursor }: LineState): number {
  return cursor === 0 ? 0 : text.lastIndexOf("\n", cursor - 1) + 1;
}

function findLineEnd({ text, cursor }: LineState): number {
  const newline = text.indexOf("\n", cursor);
  return newline < 0 ? text.length : newline;
}

/** The start of the line, and from there the end of the line before. */
function findKillStart(state: LineState): number {
  const start = findLineStart(state);
  return start === state.cursor ? findPreviousBoundary(state.text, start) : start;
}

/** The end of the line, and from there the start of the next line. */
function findKillEnd(state: LineState): number {
  const end = findLineEnd(state);
  return end === state.cursor ? findNextBoundary(state.text, end) : end;
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

/** A paste that fits is inserted, without its last newline, so that only Enter sends; any other is asked about. */
function paste(state: LineState, event: PasteEvent): LineResult {
  const { pendingPaste } = state;
  const text = (pendingPaste?.text ?? "") + event.text;
  const block = text.endsWith("\n") ? text.slice(0, -1) : text;
  const isFitting = block.length <= line.measureRoom(state) && !event.isTruncated;
  if (pendingPaste === undefined && isFitting) return { state: line.insertPaste(state, block) };
  if (text.length > pasteMaxUnits) return { state, action: pasteFull };
  const isTruncated = event.isTruncated || (pendingPaste?.isTruncated ?? false);
  const asked = { text, lines: countLines(block), isTruncated, askedAt: state.text };
  return { state: { ...state, pendingPaste: asked } };
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

/** A letter answers if nothing else is typed with it or before it; undefined: the text is none. */
function answerText(state: LineState, text: string, { isAlone }: EditContext): LineResult | undefined {
  const { pendingPaste } = state;
  if (pendingPaste === undefined || !isAlone) return undefined;
  if (state.text !== "" && state.text !== pendingPaste.askedAt) return undefined;
  const answered: LineState = { ...state, pendingPaste: undefined };
  const letter = text.toLowerCase();
  if (letter === "y") return submit(answered, spliceLine(state, pendingPaste.text));
  return letter === "n" ? { state: answered, action: makeDroppedNotice(pendingPaste) } : undefined;
}

/** While a paste waits, Escape drops it, and Enter sends nothing but commands; undefined: another key. */
function answerKey(state: LineState, key: PressEvent): LineResult | undefined {
  const { pendingPaste } = state;
  if (pendingPaste === undefined) return undefined;
  const chord = formatChord(key);
  if (chord === "enter" || chord === "C-m")
    return isCommandLine(state.text) ? undefined : { state, action: pasteUnanswered };
  const isDropping = chord === "escape" || chord === "C-g" || (chord === "C-c" && state.text === "");
  if (!isDropping) return undefined;
  return { state: { ...state, pendingPaste: undefined }, action: makeDroppedNotice(pendingPaste) };
}

const pasteUnanswered: LineAction = { type: "notice", notice: sentence("paste-unanswered") };

/** The line with the paste at the cursor. A trailing newline of the paste at the end of the line is dropped. */
function spliceLine(state: LineState, pasted: string): string {
  const after = state.text.slice(state.cursor);
  const ending = after === "" && pasted.endsWith("\n") ? pasted.slice(0, -1) : pasted;
  return state.text.slice(0, state.cursor) + ending + after;
}

function makeDroppedNotice(pending: PendingPaste): LineAction {
  return { type: "notice", notice: sentence("paste-dropped", { lines: pending.lines }) };
}
