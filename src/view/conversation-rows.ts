/**
 * Which rows of a conversation are in view, and how the view moves. Only entries in view are laid out.
 * A view is anchored to an entry, so that it stays while lines come below and are dropped above.
 * No colours and no keys.
 */

import { laidOutRowsMax } from "../protocol/limits.ts";
import type { EntryId } from "../chat/entry.ts";
import {
  layoutEntry,
  nameMinColumns,
  type Row,
  type RowColumns,
  rowColumns,
  type RowShape,
} from "./entry-rows.ts";
import type { ScrollbackModel } from "../chat/screen-model.ts";
import { labelColumns } from "./speaker-label.ts";

/** The newest rows, whatever comes; or an entry's row that stays the topmost one. */
export type ScrollAnchor = "newest" | { readonly entryId: EntryId; readonly rowOffset: number };

export interface ConversationShape extends RowShape {
  /** Height of the conversation, at least 1. */
  readonly rows: number;
}

export interface RowSelection {
  /** At most the height; fewer only when there are no more. */
  readonly rows: readonly Row[];
  /** How the rows are shared: the name column grows with the speakers seen, and never shrinks. */
  readonly columns: RowColumns;
  /** Entries that are above the view, in part or whole. */
  readonly aboveCount: number;
  /** Entries that are below the view, in part or whole: 0 when the newest row is seen. */
  readonly belowCount: number;
}

/** A row by the index of its entry, and its place in it. */
interface Position {
  readonly index: number;
  readonly offset: number;
}

/** The rows to draw. An anchor whose entry was dropped shows the oldest rows there are. */
export function selectRows(
  scrollback: ScrollbackModel,
  request: ConversationShape & { readonly anchor: ScrollAnchor },
): RowSelection {
  const layout = layoutOf(scrollback, request);
  const selection = selectLaidOut(scrollback, layout, request);
  return layout.isFor(shapeOf(scrollback, request)) ? selection : selectRows(scrollback, request);
}

function selectLaidOut(
  scrollback: ScrollbackModel,
  layout: Layout,
  request: ConversationShape & { readonly anchor: ScrollAnchor },
): RowSelection {
  const top = topPosition(scrollback, layout, request, request.anchor);
  const rows: Row[] = [];
  let index = top.index;
  let offset = top.offset;
  while (index < scrollback.length && rows.length < request.rows) {
    const all = layout.rowsAt(index);
    const taken = all.slice(offset, offset + request.rows - rows.length);
    rows.push(...taken);
    if (offset + taken.length < all.length) break;
    index += 1;
    offset = 0;
  }
  const aboveCount = top.index + (top.offset > 0 ? 1 : 0);
  return { rows, columns: layout.columns, aboveCount, belowCount: scrollback.length - index };
}

/** The anchor `rows` further down (negative: up). At the end it becomes `newest`. */
export function scrollBy(
  scrollback: ScrollbackModel,
  shape: ConversationShape,
  anchor: ScrollAnchor,
  rows: number,
): ScrollAnchor {
  if (scrollback.length === 0) return "newest";
  const layout = layoutOf(scrollback, shape);
  const moved = movedBy(scrollback, layout, topPosition(scrollback, layout, shape, anchor), rows);
  const lowest = lowestTop(scrollback, layout, shape.rows);
  return isBefore(moved, lowest) ? anchorAt(scrollback, moved) : "newest";
}

/** The oldest row at the top of the view; `newest` when all of the conversation is in view. */
export function scrollToTop(scrollback: ScrollbackModel, shape: ConversationShape): ScrollAnchor {
  if (scrollback.length === 0) return "newest";
  const lowest = lowestTop(scrollback, layoutOf(scrollback, shape), shape.rows);
  const oldest = { index: 0, offset: 0 };
  return isBefore(oldest, lowest) ? anchorAt(scrollback, oldest) : "newest";
}

function anchorAt(scrollback: ScrollbackModel, { index, offset }: Position): ScrollAnchor {
  const entry = scrollback.at(index);
  return entry === undefined ? "newest" : { entryId: entry.id, rowOffset: offset };
}

function topPosition(
  scrollback: ScrollbackModel,
  layout: Layout,
  shape: ConversationShape,
  anchor: ScrollAnchor,
): Position {
  const lowest = lowestTop(scrollback, layout, shape.rows);
  if (anchor === "newest") return lowest;
  const index = scrollback.indexOf(anchor.entryId);
  const isHere = scrollback.at(index)?.id === anchor.entryId;
  const offset = isHere ? Math.min(anchor.rowOffset, layout.rowsAt(index).length - 1) : 0;
  return isBefore({ index, offset }, lowest) ? { index, offset } : lowest;
}

/** The topmost row of a view that ends with the newest row. */
function lowestTop(scrollback: ScrollbackModel, layout: Layout, rows: number): Position {
  let missing = rows;
  for (let index = scrollback.length - 1; index >= 0; index -= 1) {
    const height = layout.rowsAt(index).length;
    if (height >= missing) return { index, offset: height - missing };
    missing -= height;
  }
  return { index: 0, offset: 0 };
}

/** Stops at the oldest row, and at the newest entry. */
function movedBy(scrollback: ScrollbackModel, layout: Layout, from: Position, rows: number): Position {
  let index = from.index;
  let offset = from.offset + rows;
  while (offset < 0 && index > 0) offset += layout.rowsAt(--index).length;
  while (index < scrollback.length - 1 && offset >= layout.rowsAt(index).length) {
    offset -= layout.rowsAt(index++).length;
  }
  return { index, offset: Math.max(0, offset) };
}

function isBefore(a: Position, b: Position): boolean {
  return a.index < b.index || (a.index === b.index && a.offset < b.offset);
}

const layouts = new WeakMap<ScrollbackModel, Layout>();
/** The widest label seen in each scrollback: what has made room for a name keeps it. */
const widestLabels = new WeakMap<ScrollbackModel, number>();

/** The kept layout of a scrollback, begun anew when the width is another, or a name's. */
function layoutOf(scrollback: ScrollbackModel, request: RowShape): Layout {
  const shape = shapeOf(scrollback, request);
  const known = layouts.get(scrollback);
  if (known?.isFor(shape) === true) return known;
  const layout = new Layout(scrollback, shape);
  layouts.set(scrollback, layout);
  return layout;
}

function shapeOf(scrollback: ScrollbackModel, { columns, formatTime }: RowShape): Required<RowShape> {
  const widest = widestLabels.get(scrollback) ?? nameMinColumns;
  return { columns, formatTime, nameColumns: rowColumns(columns, widest).name };
}

function noteLabel(scrollback: ScrollbackModel, label: number): void {
  if (label > (widestLabels.get(scrollback) ?? nameMinColumns)) widestLabels.set(scrollback, label);
}

interface LaidOut {
  readonly text: string;
  readonly growing: boolean;
  readonly note: string | undefined;
  readonly rows: readonly Row[];
}

/** Rows by entry, within a bound; an entry that has grown since is laid out anew. */
class Layout {
  readonly #scrollback: ScrollbackModel;
  readonly #shape: Required<RowShape>;
  readonly #kept = new Map<EntryId, LaidOut>();
  #keptRows = 0;

  constructor(scrollback: ScrollbackModel, shape: Required<RowShape>) {
    this.#scrollback = scrollback;
    this.#shape = shape;
  }

  get columns(): RowColumns {
    return rowColumns(this.#shape.columns, this.#shape.nameColumns);
  }

  isFor({ columns, formatTime, nameColumns }: Required<RowShape>): boolean {
    const shape = this.#shape;
    return columns === shape.columns && formatTime === shape.formatTime && nameColumns === shape.nameColumns;
  }

  rowsAt(index: number): readonly Row[] {
    const entry = this.#scrollback.at(index);
    if (entry === undefined) return [];
    const growing = entry.kind === "message" && entry.growing;
    const note = entry.kind === "message" ? entry.note : entry.hint;
    const known = this.#kept.get(entry.id);
    if (known !== undefined) {
      if (known.text === entry.text && known.growing === growing && known.note === note) return known.rows;
      this.#forget(entry.id, known);
    }
    if (entry.kind === "message") noteLabel(this.#scrollback, labelColumns(entry));
    const rows = layoutEntry(entry, this.#shape);
    this.#keep(entry.id, { text: entry.text, growing, note, rows });
    return rows;
  }

  #keep(id: EntryId, laidOut: LaidOut): void {
    this.#kept.set(id, laidOut);
    this.#keptRows += laidOut.rows.length;
    for (const [oldId, old] of this.#kept) {
      if (this.#keptRows <= laidOutRowsMax || oldId === id) break;
      this.#forget(oldId, old);
    }
  }

  #forget(id: EntryId, laidOut: LaidOut): void {
    this.#kept.delete(id);
    this.#keptRows -= laidOut.rows.length;
  }
}
