/**
 * Which rows of a conversation are in view, and how the view moves. Only entries in view are laid out.
 * A view is anchored to an entry, so that it stays while lines come below and are dropped above.
 * No colours and no keys.
 */

import type { EntryId } from "../../chat/log/entry.ts";
import type { ScrollbackModel } from "../../chat/log/scrollback.ts";
import type { RowColumns, RowShape } from "./entry-rows.ts";
import { type Layout, layoutOf, shapeOf } from "./row-layout.ts";
import { markRows } from "./row-marks.ts";
import type { Row } from "./row.ts";
import { type Match, type SearchLight, lightRows, rowOfMatch } from "./search-matches.ts";

/** The newest rows, whatever comes; or an entry's row that stays the topmost one. */
export type ScrollAnchor =
  | "newest"
  | {
      readonly entryId: EntryId;
      readonly rowOffset: number;
      /** The newest entry that was in view, or was there when the view left the end: what is newer is new. */
      readonly seenId?: EntryId;
    };

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
  /** Of those, the ones that came since the view left the end. */
  readonly newCount: number;
}

interface RowRequest extends ConversationShape {
  readonly anchor: ScrollAnchor;
  /** What a search lights. */
  readonly light?: SearchLight | undefined;
  /** Entries that are lit whole. */
  readonly chosen?: readonly EntryId[];
  /** Lit where others say it; undefined: nothing in the text stands out. */
  readonly ourName?: string;
}

/** A row by the index of its entry, and its place in it. */
interface Position {
  readonly index: number;
  readonly offset: number;
}

/** The rows to draw. An anchor whose entry was dropped shows the oldest rows there are. */
export function selectRows(scrollback: ScrollbackModel, request: RowRequest): RowSelection {
  const layout = layoutOf(scrollback, request);
  const selection = selectLaidOut(scrollback, layout, request);
  return layout.isFor(shapeOf(scrollback, request)) ? selection : selectRows(scrollback, request);
}

function selectLaidOut(scrollback: ScrollbackModel, layout: Layout, request: RowRequest): RowSelection {
  const top = topPosition(scrollback, layout, request, request.anchor);
  const rows: Row[] = [];
  let index = top.index;
  let offset = top.offset;
  while (index < scrollback.length && rows.length < request.rows) {
    const all = markedRowsAt(scrollback, layout, index, request);
    const taken = all.slice(offset, offset + request.rows - rows.length);
    rows.push(...taken);
    if (offset + taken.length < all.length) break;
    index += 1;
    offset = 0;
  }
  const aboveCount = top.index + (top.offset > 0 ? 1 : 0);
  const belowCount = scrollback.length - index;
  const newCount = Math.min(belowCount, newerThan(scrollback, request.anchor));
  return { rows, columns: layout.columns, aboveCount, belowCount, newCount };
}

function markedRowsAt(
  scrollback: ScrollbackModel,
  layout: Layout,
  index: number,
  { light, chosen, ourName }: RowRequest,
): readonly Row[] {
  const rows = layout.rowsAt(index);
  const entry = scrollback.at(index);
  if (entry === undefined) return rows;
  if (chosen?.includes(entry.id) === true)
    return rows.map((row) => ({ ...row, chosen: row.kind !== "rule" }));
  const marked = ourName === undefined ? rows : markRows(entry, rows, ourName);
  return light === undefined ? marked : lightRows(entry, marked, light);
}

/** How many entries came after what the anchor has seen. */
function newerThan(scrollback: ScrollbackModel, anchor: ScrollAnchor): number {
  if (anchor === "newest" || anchor.seenId === undefined) return 0;
  const index = scrollback.indexOf(anchor.seenId);
  const isNewer = (scrollback.at(index)?.id ?? 0) > anchor.seenId;
  return Math.max(0, scrollback.length - index - (isNewer ? 0 : 1));
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
  return isBefore(moved, lowest) ? anchorAt(scrollback, layout, shape, moved, anchor) : "newest";
}

/** A view in which the match is to be seen: the one there is, if it is in it. It stays, though more lines come. */
export function anchorShowing(
  scrollback: ScrollbackModel,
  shape: ConversationShape,
  anchor: ScrollAnchor,
  match: Match,
): ScrollAnchor {
  const index = scrollback.indexOf(match.entryId);
  const entry = scrollback.at(index);
  if (entry === undefined) return anchor;
  const layout = layoutOf(scrollback, shape);
  const place = { index, offset: rowOfMatch(entry, layout.rowsAt(index), match) };
  const top = topPosition(scrollback, layout, shape, anchor);
  const isSeen = !isBefore(place, top) && !isBefore(bottomOf(scrollback, layout, shape, top), place);
  const moved = isSeen ? top : movedBy(scrollback, layout, place, -Math.floor(shape.rows / 2));
  const lowest = lowestTop(scrollback, layout, shape.rows);
  return anchorAt(scrollback, layout, shape, isBefore(moved, lowest) ? moved : lowest, anchor);
}

/** The newest entry of which a row is in view. */
export function lowestEntryInView(
  scrollback: ScrollbackModel,
  shape: ConversationShape,
  anchor: ScrollAnchor,
): EntryId | undefined {
  const layout = layoutOf(scrollback, shape);
  const top = topPosition(scrollback, layout, shape, anchor);
  return scrollback.at(bottomOf(scrollback, layout, shape, top).index)?.id;
}

function bottomOf(
  scrollback: ScrollbackModel,
  layout: Layout,
  shape: ConversationShape,
  top: Position,
): Position {
  return movedBy(scrollback, layout, top, shape.rows - 1);
}

/** The oldest row at the top of the view; `newest` when all of the conversation is in view. */
export function scrollToTop(
  scrollback: ScrollbackModel,
  shape: ConversationShape,
  anchor: ScrollAnchor = "newest",
): ScrollAnchor {
  if (scrollback.length === 0) return "newest";
  const layout = layoutOf(scrollback, shape);
  const lowest = lowestTop(scrollback, layout, shape.rows);
  const oldest = { index: 0, offset: 0 };
  return isBefore(oldest, lowest) ? anchorAt(scrollback, layout, shape, oldest, anchor) : "newest";
}

/** `before` has seen what it has; a view from the end has seen all. */
function anchorAt(
  scrollback: ScrollbackModel,
  layout: Layout,
  shape: ConversationShape,
  top: Position,
  before: ScrollAnchor,
): ScrollAnchor {
  const entry = scrollback.at(top.index);
  if (entry === undefined) return "newest";
  const last = before === "newest" ? scrollback.length - 1 : bottomOf(scrollback, layout, shape, top).index;
  const inView = scrollback.at(last)?.id ?? entry.id;
  const seenBefore = before === "newest" ? undefined : before.seenId;
  const seenId = seenBefore === undefined || inView > seenBefore ? inView : seenBefore;
  return { entryId: entry.id, rowOffset: top.offset, seenId };
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
