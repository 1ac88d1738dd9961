/**
 * A line being edited, and its edits: pure functions from state to state. Cuts are always between graphemes.
 * line-editor.ts binds keys to the edits.
 */

import { composerMaxUnits, killRingMax, undoMax, undoMaxUnits } from "../../protocol/limits.ts";
import { findBoundaryAtOrAfter, findBoundaryAtOrBefore } from "./graphemes.ts";
import type { InputHistory } from "./input-history.ts";
import { rememberLine } from "./input-history.ts";

export interface LineState {
  readonly text: string;
  /** In UTF-16 units from the start; always at the start of a grapheme or the end of the text. */
  readonly cursor: number;
  /** The killed texts, newest last, at most killRingMax. */
  readonly killRing: readonly string[];
  /** The line before each edit, newest last. */
  readonly undo: readonly Draft[];
  /** The last edit: some keys continue it. */
  readonly last: "insert" | "kill" | "yank" | "other";
  /** The start of the yanked text, and its age in the kill ring, counted from the newest. */
  readonly yank: { readonly start: number; readonly age: number };
  readonly history: InputHistory;
  /** The index of the line shown; the history's length for the new line. */
  readonly historyIndex: number;
  /** Edited lines of the history, and the new line while another is shown; by historyIndex. */
  readonly drafts: ReadonlyMap<number, string>;
  readonly pendingPaste: PendingPaste | undefined;
}

interface Draft {
  readonly text: string;
  readonly cursor: number;
}

/** A paste that waits for an answer. Its text is not in the line yet. */
export interface PendingPaste {
  readonly text: string;
  readonly lines: number;
  /** The paste was longer than pasteMaxUnits, and is cut. */
  readonly isTruncated: boolean;
  /** The paste fits the composer. */
  readonly isEditable: boolean;
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

/** The room left in the composer, in UTF-16 units. */
export function measureRoom(state: LineState): number {
  return composerMaxUnits - state.text.length;
}

/** Inserts as much of the text as fits before the cursor. Undo removes typed words one by one. */
export function insertText(state: LineState, inserted: string): LineState {
  const fitting = inserted.slice(0, findBoundaryAtOrBefore(inserted, measureRoom(state)));
  if (fitting === "") return state;
  const before = state.text.slice(0, state.cursor);
  const isContinued = state.last === "insert" && !/\s$/.test(before.slice(-1));
  const undo = isContinued ? state.undo : addUndoStep(state);
  const text = before + fitting + state.text.slice(state.cursor);
  const cursor = findBoundaryAtOrAfter(text, state.cursor + fitting.length);
  return { ...state, text, cursor, undo, last: "insert" };
}

export function removeRange(state: LineState, start: number, end: number): LineState {
  if (start >= end) return { ...state, last: "other" };
  const text = state.text.slice(0, start) + state.text.slice(end);
  return {
    ...state,
    text,
    cursor: findBoundaryAtOrAfter(text, start),
    undo: addUndoStep(state),
    last: "other",
  };
}

/**
 * Moves the text between the cursor and `to`, before or after it, into the kill ring. Consecutive kills make one entry.
 */
export function killTo(state: LineState, to: number): LineState {
  if (to === state.cursor) return state;
  const [start, end] = to < state.cursor ? [to, state.cursor] : [state.cursor, to];
  const killed = state.text.slice(start, end);
  const newest = state.last === "kill" ? (state.killRing.at(-1) ?? "") : "";
  const older = state.last === "kill" ? state.killRing.slice(0, -1) : state.killRing.slice(1 - killRingMax);
  const entry = to < state.cursor ? killed + newest : newest + killed;
  return { ...removeRange(state, start, end), killRing: [...older, entry], last: "kill" };
}

/** Inserts the newest entry of the kill ring. */
export function yank(state: LineState): LineState {
  const killed = state.killRing.at(-1);
  return killed === undefined ? state : yankEntry(state, killed, { start: state.cursor, age: 0 });
}

/** Replaces the text just yanked with the entry before it, around the ring. */
export function yankOlder(state: LineState): LineState {
  if (state.last !== "yank") return state;
  const { start } = state.yank;
  const age = (state.yank.age + 1) % state.killRing.length;
  const removed = removeRange(state, start, state.cursor);
  return yankEntry({ ...removed, undo: state.undo }, state.killRing.at(-1 - age) ?? "", { start, age });
}

/** Restores the line as it was before the last edit. */
export function undo(state: LineState): LineState {
  const draft = state.undo.at(-1);
  if (draft === undefined) return state;
  return { ...state, ...draft, undo: state.undo.slice(0, -1), last: "other" };
}

/** Shows the next older or newer line. Edits stay with the line in which they were made. */
export function walkHistory(state: LineState, step: -1 | 1): LineState {
  const index = state.historyIndex + step;
  if (index < 0 || index > state.history.length) return state;
  const drafts = new Map(state.drafts);
  if (state.text !== state.history[state.historyIndex]) drafts.set(state.historyIndex, state.text);
  else drafts.delete(state.historyIndex);
  const text = drafts.get(index) ?? state.history[index] ?? "";
  return { ...state, text, cursor: text.length, undo: [], last: "other", historyIndex: index, drafts };
}

/** Starts an empty line. Undo restores the old one, unless it was `submitted` and so added to the history. */
export function clearLine(state: LineState, submitted?: string): LineState {
  const history = submitted === undefined ? state.history : rememberLine(state.history, submitted);
  const undo = submitted === undefined ? addUndoStep(state) : [];
  const { killRing } = state;
  return { ...emptyLine, killRing, undo, history, historyIndex: history.length };
}

function yankEntry(state: LineState, killed: string, at: LineState["yank"]): LineState {
  const inserted = insertText({ ...state, last: "other" }, killed);
  return { ...inserted, undo: state.last === "yank" ? state.undo : inserted.undo, yank: at, last: "yank" };
}

function addUndoStep(state: LineState): readonly Draft[] {
  const steps = [...state.undo.slice(1 - undoMax), { text: state.text, cursor: state.cursor }];
  let units = 0;
  for (const step of steps) units += step.text.length;
  while (units > undoMaxUnits) units -= steps.shift()?.text.length ?? units;
  return steps;
}
