/**
 * A line being edited, and the edits that can be done to it: pure functions from state to state. Every cut is
 * between graphemes. It knows no keys and no questions: line-editor.ts binds them.
 */

import { composerMaxUnits, killRingMax, undoMax, undoMaxUnits } from "../../protocol/limits.ts";
import { boundaryAtOrAfter, boundaryAtOrBefore } from "./graphemes.ts";
import type { InputHistory } from "./input-history.ts";
import { rememberLine } from "./input-history.ts";

export interface LineState {
  readonly text: string;
  /** In UTF-16 units from the start, always where a grapheme begins or the text ends. */
  readonly cursor: number;
  /** What was killed, newest last, at most killRingMax. */
  readonly killRing: readonly string[];
  /** What the line was before each edit, newest last. */
  readonly undo: readonly Draft[];
  /** What the last key did, for the keys that go on with it. */
  readonly last: "insert" | "kill" | "yank" | "other";
  /** Where the text that the last Ctrl-Y brought begins, and which of the ring it is, counted from the newest. */
  readonly yank: { readonly start: number; readonly age: number };
  readonly history: InputHistory;
  /** Which line of the history is shown; its length: the new line. */
  readonly historyIndex: number;
  /** What was typed over lines of the history, and the new line while another is shown; by historyIndex. */
  readonly drafts: ReadonlyMap<number, string>;
  readonly pendingPaste: PendingPaste | undefined;
}

export interface Draft {
  readonly text: string;
  readonly cursor: number;
}

/** A paste that waits for an answer: its text is nowhere else. */
export interface PendingPaste {
  readonly text: string;
  readonly lines: number;
  /** It came longer than pasteMaxUnits. */
  readonly truncated: boolean;
  /** It fits the composer. */
  readonly editable: boolean;
}

export const emptyLine: LineState = {
  text: "",
  cursor: 0,
  killRing: [],
  undo: [],
  last: "other",
  yank: { start: 0, age: 0 },
  history: [],
  historyIndex: 0,
  drafts: new Map(),
  pendingPaste: undefined,
};

export function moveTo(state: LineState, cursor: number): LineState {
  return { ...state, cursor, last: "other" };
}

/** How much more the composer holds, in UTF-16 units. */
export function roomLeft(state: LineState): number {
  return composerMaxUnits - state.text.length;
}

/** Inserts before the cursor as much as there is room for. Words typed in a row are undone one by one. */
export function insertText(state: LineState, inserted: string): LineState {
  const fitting = inserted.slice(0, boundaryAtOrBefore(inserted, roomLeft(state)));
  if (fitting === "") return state;
  const before = state.text.slice(0, state.cursor);
  const goesOn = state.last === "insert" && !/\s$/.test(before.slice(-1));
  const undo = goesOn ? state.undo : withUndoStep(state);
  const text = before + fitting + state.text.slice(state.cursor);
  const cursor = boundaryAtOrAfter(text, state.cursor + fitting.length);
  return { ...state, text, cursor, undo, last: "insert" };
}

export function removeRange(state: LineState, start: number, end: number): LineState {
  if (start >= end) return { ...state, last: "other" };
  const text = state.text.slice(0, start) + state.text.slice(end);
  return { ...state, text, cursor: boundaryAtOrAfter(text, start), undo: withUndoStep(state), last: "other" };
}

/** Removes from the cursor to `to`, before or after it, into the kill ring; kills in a row make one entry. */
export function killTo(state: LineState, to: number): LineState {
  if (to === state.cursor) return state;
  const [start, end] = to < state.cursor ? [to, state.cursor] : [state.cursor, to];
  const killed = state.text.slice(start, end);
  const newest = state.last === "kill" ? (state.killRing.at(-1) ?? "") : "";
  const older = state.last === "kill" ? state.killRing.slice(0, -1) : state.killRing.slice(1 - killRingMax);
  const entry = to < state.cursor ? killed + newest : newest + killed;
  return { ...removeRange(state, start, end), killRing: [...older, entry], last: "kill" };
}

/** Inserts what was killed last. */
export function yank(state: LineState): LineState {
  const killed = state.killRing.at(-1);
  return killed === undefined ? state : yankEntry(state, killed, { start: state.cursor, age: 0 });
}

/** Replaces what was just yanked with what was killed before it, and so on round the ring. */
export function yankOlder(state: LineState): LineState {
  if (state.last !== "yank") return state;
  const { start } = state.yank;
  const age = (state.yank.age + 1) % state.killRing.length;
  const removed = removeRange(state, start, state.cursor);
  return yankEntry({ ...removed, undo: state.undo }, state.killRing.at(-1 - age) ?? "", { start, age });
}

/** The line as it was before the last edit. */
export function undo(state: LineState): LineState {
  const draft = state.undo.at(-1);
  if (draft === undefined) return state;
  return { ...state, ...draft, undo: state.undo.slice(0, -1), last: "other" };
}

/** Shows the line `step` older or newer; what was typed stays with the line it was typed into. */
export function walkHistory(state: LineState, step: -1 | 1): LineState {
  const index = state.historyIndex + step;
  if (index < 0 || index > state.history.length) return state;
  const drafts = new Map(state.drafts);
  if (state.text !== state.history[state.historyIndex]) drafts.set(state.historyIndex, state.text);
  else drafts.delete(state.historyIndex);
  const text = drafts.get(index) ?? state.history[index] ?? "";
  return { ...state, text, cursor: text.length, undo: [], last: "other", historyIndex: index, drafts };
}

/** An empty new line. It can be undone; `submitted` goes to the history instead. */
export function clearLine(state: LineState, submitted?: string): LineState {
  const history = submitted === undefined ? state.history : rememberLine(state.history, submitted);
  const undo = submitted === undefined ? withUndoStep(state) : [];
  const { killRing } = state;
  return { ...emptyLine, killRing, undo, history, historyIndex: history.length };
}

function yankEntry(state: LineState, killed: string, at: LineState["yank"]): LineState {
  const inserted = insertText({ ...state, last: "other" }, killed);
  return { ...inserted, undo: state.last === "yank" ? state.undo : inserted.undo, yank: at, last: "yank" };
}

function withUndoStep(state: LineState): readonly Draft[] {
  const steps = [...state.undo.slice(1 - undoMax), { text: state.text, cursor: state.cursor }];
  let units = 0;
  for (const step of steps) units += step.text.length;
  while (units > undoMaxUnits) units -= steps.shift()?.text.length ?? units;
  return steps;
}
