/**
 * Selects the rows of a conversation that are in view, and scrolls. Only entries in view are laid out. The view is
 * anchored to an entry, so that it does not move when entries are added below or dropped above. No colours and no keys.
 */

import type { Entry, EntryId } from "../../chat/log/entry.ts";
import type { ScrollbackModel } from "../../chat/log/scrollback.ts";
import type { RowColumns, RowShape } from "./entry-rows.ts";
import { type Layout, getLayout, completeShape } from "./row-layout.ts";
import { markRows } from "./row-marks.ts";
import type { Row } from "./row.ts";
import { type Selection, highlightSelection } from "./selection.ts";
import { type Match, type SearchHighlight, highlightRows, findRowOfMatch } from "./search-matches.ts";

/** `newest` follows new entries; otherwise the given row of an entry stays at the top. */
export type ScrollAnchor =
  | "newest"
  | {
      readonly entryId: EntryId;
      readonly rowOffset: number;
      /** The newest entry seen, or present when the view left the end. Newer entries count as new. */
      readonly seenId?: EntryId;
    };

export interface ConversationShape extends RowShape {
  /** Height of the conversation, at least 1. */
  readonly rows: number;
}

export interface RowSelection {
  /** At most `rows` of the request; fewer only when the conversation is shorter. */
  readonly rows: readonly Row[];
  /** Column widths. The name column widens with the labels laid out so far, and never narrows. */
  readonly columns: RowColumns;
  /** Entries above the view, partly or wholly. */
  readonly aboveCount: number;
  /** Entries below the view, partly or wholly; 0 when the newest row is in view. */
  readonly belowCount: number;
  /** Entries below the view that were added since it left the end. */
  readonly newCount: number;
}

interface RowRequest extends ConversationShape {
  readonly anchor: ScrollAnchor;
  /** The search term whose matches are highlighted. */
  readonly highlight?: SearchHighlight | undefined;
  /** Entries that are highlighted as a whole. */
  readonly chosen?: readonly EntryId[];
  /** Text that is highlighted while the mouse selects it. */
  readonly selection?: Selection | undefined;
  /** The person's name, highlighted in received messages; undefined: neither names nor links are marked. */
  readonly ourName?: string;
}

/** An entry by its index, and a row within it. */
interface Position {
  readonly index: number;
  readonly offset: number;
}

/**
 * The rows to draw. If the anchor's entry was dropped, the view starts at the oldest row. Laying out can widen the name
 * column; then the rows are selected again.
 */
export function selectRows(scrollback: ScrollbackModel, request: RowRequest): RowSelection {
  const layout = getLayout(scrollback, request);
  const selection = selectFromLayout(scrollback, layout, request);
  return layout.isFor(completeShape(scrollback, request)) ? selection : selectRows(scrollback, request);
}

function selectFromLayout(scrollback: ScrollbackModel, layout: Layout, request: RowRequest): RowSelection {
  const top = findTop(scrollback, layout, request, request.anchor);
  const rows: Row[] = [];
  let index = top.index;
  let offset = top.offset;
  while (index < scrollback.length && rows.length < request.rows) {
    const all = buildMarkedRows(scrollback, layout, index, request);
    const taken = all.slice(offset, offset + request.rows - rows.length);
    rows.push(...taken);
    if (offset + taken.length < all.length) break;
    index += 1;
    offset = 0;
  }
  const aboveCount = top.index + (top.offset > 0 ? 1 : 0);
  const belowCount = scrollback.length - index;
  const newCount = Math.min(belowCount, countNewer(scrollback, request.anchor));
  return { rows, columns: layout.columns, aboveCount, belowCount, newCount };
}

function buildMarkedRows(
  scrollback: ScrollbackModel,
  layout: Layout,
  index: number,
  { highlight, chosen, ourName, selection }: RowRequest,
): readonly Row[] {
  const rows = layout.rowsAt(index);
  const entry = scrollback.at(index);
  if (entry === undefined) return rows;
  if (chosen?.includes(entry.id) === true)
    return rows.map((row) => ({ ...row, isChosen: row.kind !== "rule" }));
  const marked = ourName === undefined ? rows : markRows(entry, rows, ourName);
  if (selection !== undefined) return highlightSelection(entry, marked, selection);
  return highlight === undefined ? marked : highlightRows(entry, marked, highlight);
}

/** Counts the entries that are newer than the newest one seen. */
function countNewer(scrollback: ScrollbackModel, anchor: ScrollAnchor): number {
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
  const layout = getLayout(scrollback, shape);
  const moved = moveBy(scrollback, layout, findTop(scrollback, layout, shape, anchor), rows);
  const lowest = findLowestTop(scrollback, layout, shape.rows);
  return isBefore(moved, lowest) ? makeAnchor(scrollback, layout, shape, moved, anchor) : "newest";
}

/**
 * An anchor with the match in view: the present one if the match is in view already, else one that centres it. The view
 * stays there when entries are added.
 */
export function scrollToMatch(
  scrollback: ScrollbackModel,
  shape: ConversationShape,
  anchor: ScrollAnchor,
  match: Match,
): ScrollAnchor {
  const index = scrollback.indexOf(match.entryId);
  const entry = scrollback.at(index);
  if (entry === undefined) return anchor;
  const layout = getLayout(scrollback, shape);
  const place = { index, offset: findRowOfMatch(entry, layout.rowsAt(index), match) };
  const top = findTop(scrollback, layout, shape, anchor);
  const isSeen = !isBefore(place, top) && !isBefore(findBottom(scrollback, layout, shape, top), place);
  const moved = isSeen ? top : moveBy(scrollback, layout, place, -Math.floor(shape.rows / 2));
  const lowest = findLowestTop(scrollback, layout, shape.rows);
  return makeAnchor(scrollback, layout, shape, isBefore(moved, lowest) ? moved : lowest, anchor);
}

/**
 * The entry that a row of the view shows, counted from the top of the conversation's area; the nearest if the row is
 * beyond the conversation. undefined: there is no entry. `textColumn`: the column at which texts begin.
 */
export function findRowAt(
  scrollback: ScrollbackModel,
  shape: ConversationShape,
  anchor: ScrollAnchor,
  row: number,
):
  | {
      readonly entry: Entry;
      readonly rows: readonly Row[];
      readonly row: number;
      readonly textColumn: number;
    }
  | undefined {
  const layout = getLayout(scrollback, shape);
  const top = findTop(scrollback, layout, shape, anchor);
  const blankRows = shape.rows - countRows(scrollback, layout, top, shape.rows);
  const down = Math.max(0, Math.min(row, shape.rows - 1) - blankRows);
  const { index, offset } = moveBy(scrollback, layout, top, down);
  const entry = scrollback.at(index);
  if (entry === undefined) return undefined;
  const rows = layout.rowsAt(index);
  const textColumn = shape.columns - layout.columns.text;
  return { entry, rows, row: Math.min(offset, rows.length - 1), textColumn };
}

/** The rows from `top` on, at most `most`. A short conversation is at the bottom of its area. */
function countRows(scrollback: ScrollbackModel, layout: Layout, top: Position, most: number): number {
  let rows = -top.offset;
  for (let index = top.index; index < scrollback.length && rows < most; index += 1)
    rows += layout.rowsAt(index).length;
  return Math.min(rows, most);
}

/** The newest entry with a row in view. */
export function findLowestInView(
  scrollback: ScrollbackModel,
  shape: ConversationShape,
  anchor: ScrollAnchor,
): EntryId | undefined {
  const layout = getLayout(scrollback, shape);
  const top = findTop(scrollback, layout, shape, anchor);
  return scrollback.at(findBottom(scrollback, layout, shape, top).index)?.id;
}

function findBottom(
  scrollback: ScrollbackModel,
  layout: Layout,
  shape: ConversationShape,
  top: Position,
): Position {
  return moveBy(scrollback, layout, top, shape.rows - 1);
}

/** An anchor at the oldest row; `newest` if the whole conversation fits. */
export function scrollToTop(
  scrollback: ScrollbackModel,
  shape: ConversationShape,
  anchor: ScrollAnchor = "newest",
): ScrollAnchor {
  if (scrollback.length === 0) return "newest";
  const layout = getLayout(scrollback, shape);
  const lowest = findLowestTop(scrollback, layout, shape.rows);
  const oldest = { index: 0, offset: 0 };
  return isBefore(oldest, lowest) ? makeAnchor(scrollback, layout, shape, oldest, anchor) : "newest";
}

/**
 * Anchors the view at `top`. `seenId` is the newest entry in view, or that of `before` if it is newer; a view that
 * followed the end has seen every entry.
 */
function makeAnchor(
  scrollback: ScrollbackModel,
  layout: Layout,
  shape: ConversationShape,
  top: Position,
  before: ScrollAnchor,
): ScrollAnchor {
  const entry = scrollback.at(top.index);
  if (entry === undefined) return "newest";
  const last = before === "newest" ? scrollback.length - 1 : findBottom(scrollback, layout, shape, top).index;
  const inView = scrollback.at(last)?.id ?? entry.id;
  const seenBefore = before === "newest" ? undefined : before.seenId;
  const seenId = seenBefore === undefined || inView > seenBefore ? inView : seenBefore;
  return { entryId: entry.id, rowOffset: top.offset, seenId };
}

function findTop(
  scrollback: ScrollbackModel,
  layout: Layout,
  shape: ConversationShape,
  anchor: ScrollAnchor,
): Position {
  const lowest = findLowestTop(scrollback, layout, shape.rows);
  if (anchor === "newest") return lowest;
  const index = scrollback.indexOf(anchor.entryId);
  const isHere = scrollback.at(index)?.id === anchor.entryId;
  const offset = isHere ? Math.min(anchor.rowOffset, layout.rowsAt(index).length - 1) : 0;
  return isBefore({ index, offset }, lowest) ? { index, offset } : lowest;
}

/** The top row of a view whose last row is the newest one. */
function findLowestTop(scrollback: ScrollbackModel, layout: Layout, rows: number): Position {
  let missing = rows;
  for (let index = scrollback.length - 1; index >= 0; index -= 1) {
    const height = layout.rowsAt(index).length;
    if (height >= missing) return { index, offset: height - missing };
    missing -= height;
  }
  return { index: 0, offset: 0 };
}

/** Moves by `rows`, not above the oldest row and not beyond the newest entry. */
function moveBy(scrollback: ScrollbackModel, layout: Layout, from: Position, rows: number): Position {
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
