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
  readonly undo: readonly Edit[];
  /** The last edit: some keys continue it. */
  readonly last: "insert" | "kill" | "yank" | "row" | "history" | "other";
  /** The start of the yanked text, and its age in the kill ring, counted from the newest. */
  readonly yank: { readonly start: number; readonly age: number };
  /** The column that a move by rows keeps, while the last edit is one. */
  readonly rowColumn: number;
  readonly history: InputHistory;
  /** The index of the line shown; the history's length for the new line. */
  readonly historyIndex: number;
  /** Edited lines of the history, and the new line while another is shown; by historyIndex. */
  readonly drafts: ReadonlyMap<number, Draft>;
  readonly pendingPaste: PendingPaste | undefined;
}

interface Edit {
  readonly text: string;
  readonly cursor: number;
}

/** A line that is not shown at present, with its undo. */
type Draft = Pick<LineState, "text" | "cursor" | "undo">;

/** A paste that is too long for the composer, and waits for an answer. Its text is not in the line. */
export interface PendingPaste {
  readonly text: string;
  readonly lines: number;
  /** The paste was longer than pasteMaxUnits, and is cut. */
  readonly isTruncated: boolean;
  /** The line when the question was asked: a letter answers only if nothing was typed since. */
  readonly askedAt: string;
}

export const emptyLine: LineState = {
  text: "",
  cursor: 0,
  killRing: [],
  undo: [],
  last: "other",
  yank: { start: 0, age: 0 },
  rowColumn: 0,
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

/** Inserts a paste as one step of undo; what is typed after it is another. */
export function insertPaste(state: LineState, pasted: string): LineState {
  const inserted = insertText({ ...state, last: "other" }, pasted);
  return inserted.text === state.text ? inserted : { ...inserted, last: "other" };
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
  const edit = state.undo.at(-1);
  if (edit === undefined) return state;
  return { ...state, ...edit, undo: state.undo.slice(0, -1), last: "other" };
}

/** Shows the next older or newer line. A line that was edited keeps its edits and their undo. */
export function walkHistory(state: LineState, step: -1 | 1): LineState {
  const index = state.historyIndex + step;
  if (index < 0 || index > state.history.length) return state;
  const drafts = new Map(state.drafts);
  const { text, cursor } = state;
  // Deleted first, so that the newest drafts are the last ones of the map.
  drafts.delete(state.historyIndex);
  if (text !== (state.history[state.historyIndex] ?? "") || state.undo.length > 0)
    drafts.set(state.historyIndex, { text, cursor, undo: state.undo });
  const written = state.history[index] ?? "";
  const shown = drafts.get(index) ?? { text: written, cursor: written.length, undo: [] };
  return { ...state, ...shown, last: "history", historyIndex: index, drafts: boundUndo(drafts) };
}

/** All drafts together keep as much undo as one line does; that of the oldest is dropped first. */
function boundUndo(drafts: ReadonlyMap<number, Draft>): ReadonlyMap<number, Draft> {
  const bounded: [number, Draft][] = [];
  let left = undoMaxUnits;
  for (const [index, draft] of [...drafts].toReversed()) {
    left -= draft.undo.reduce((units, { text }) => units + text.length, 0);
    bounded.push([index, left < 0 ? { ...draft, undo: [] } : draft]);
  }
  return new Map(bounded.toReversed());
}

/** Starts an empty line. Undo restores the old one, unless it was `submitted` and so added to the history. */
export function clearLine(state: LineState, submitted?: string): LineState {
  const history = submitted === undefined ? state.history : rememberLine(state.history, submitted);
  const undo = submitted === undefined ? addUndoStep(state) : [];
  const { killRing, pendingPaste } = state;
  return { ...emptyLine, killRing, undo, history, historyIndex: history.length, pendingPaste };
}

function yankEntry(state: LineState, killed: string, at: LineState["yank"]): LineState {
  const inserted = insertText({ ...state, last: "other" }, killed);
  return { ...inserted, undo: state.last === "yank" ? state.undo : inserted.undo, yank: at, last: "yank" };
}

function addUndoStep(state: LineState): readonly Edit[] {
  const steps = [...state.undo.slice(1 - undoMax), { text: state.text, cursor: state.cursor }];
  let units = 0;
  for (const step of steps) units += step.text.length;
  while (units > undoMaxUnits) units -= steps.shift()?.text.length ?? units;
  return steps;
}
