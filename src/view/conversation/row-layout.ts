/** Caches the rows of entries, laid out on first use, up to a bound. conversation-rows.ts selects the rows in view. */

import type { Entry, EntryId, Receipt } from "../../chat/log/entry.ts";
import type { ScrollbackModel } from "../../chat/log/scrollback.ts";
import { laidOutRowsMax } from "../../protocol/limits.ts";
import { getWidthTable, type WidthTable } from "../../protocol/text/width.ts";
import { buildDividers } from "./dividers.ts";
import { type RowColumns, type RowShape, layoutEntry, nameMinColumns, divideRow } from "./entry-rows.ts";
import type { Row } from "./row.ts";
import { measureLabel } from "./author-label.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";

const layouts = new WeakMap<ScrollbackModel, Layout>();
/** The widest label laid out in each scrollback: the name column never narrows. */
const widestLabels = new WeakMap<ScrollbackModel, WidestLabel>();

interface WidestLabel {
  readonly columns: number;
  readonly widths: WidthTable;
}

/** The cached layout of a scrollback; a new one if its shape changed. */
export function getLayout(scrollback: ScrollbackModel, request: RowShape): Layout {
  const shape = completeShape(scrollback, request);
  const known = layouts.get(scrollback);
  if (known?.isFor(shape) === true) return known;
  const layout = new Layout(scrollback, shape);
  layouts.set(scrollback, layout);
  return layout;
}

/** The request completed with the present width of the name column, which grows while entries are laid out. */
export function completeShape(
  scrollback: ScrollbackModel,
  { columns, formatTime, formatDay = formatNoDay, words }: RowShape,
): Required<RowShape> {
  const widest = findWidestLabel(scrollback);
  const nameColumns = divideRow(columns, widest).name;
  return { columns, formatTime, formatDay, words, nameColumns, isOverBoth: scrollback.isOverBoth };
}

function formatNoDay(): string {
  return "";
}

function recordLabelWidth(scrollback: ScrollbackModel, columns: number): void {
  if (columns > findWidestLabel(scrollback))
    widestLabels.set(scrollback, { columns, widths: getWidthTable() });
}

/** Labels that were measured before the terminal's widths were known do not count. */
function findWidestLabel(scrollback: ScrollbackModel): number {
  const widest = widestLabels.get(scrollback);
  return widest?.widths === getWidthTable() ? widest.columns : nameMinColumns;
}

interface LaidOut {
  readonly text: string;
  readonly isGrowing: boolean;
  readonly note: Sentence | string | undefined;
  readonly receipt: Receipt | undefined;
  readonly rows: readonly Row[];
}

/** Rows by entry, up to a bound. An entry that changed is laid out again. */
export class Layout {
  readonly #scrollback: ScrollbackModel;
  readonly #shape: Required<RowShape>;
  readonly #kept = new Map<EntryId, LaidOut>();
  #keptRows = 0;
  readonly #widths = getWidthTable();

  constructor(scrollback: ScrollbackModel, shape: Required<RowShape>) {
    this.#scrollback = scrollback;
    this.#shape = shape;
  }

  get columns(): RowColumns {
    return divideRow(this.#shape.columns, this.#shape.nameColumns, this.#shape.isOverBoth);
  }

  isFor(shape: Required<RowShape>): boolean {
    if (this.#widths !== getWidthTable()) return false;
    const { columns, formatTime, formatDay, words, nameColumns, isOverBoth } = this.#shape;
    const isSameFormat =
      formatTime === shape.formatTime && formatDay === shape.formatDay && words === shape.words;
    const isSameWidth = columns === shape.columns && nameColumns === shape.nameColumns;
    return isSameFormat && isSameWidth && isOverBoth === shape.isOverBoth;
  }

  /** The rules above an entry, and its rows. */
  rowsAt(index: number): readonly Row[] {
    const entry = this.#scrollback.at(index);
    if (entry === undefined) return [];
    const rules = buildDividers(this.#scrollback, index, this.#shape);
    return rules.length === 0 ? this.#rowsOf(entry) : [...rules, ...this.#rowsOf(entry)];
  }

  #rowsOf(entry: Entry): readonly Row[] {
    const growing = entry.kind === "message" && entry.growing;
    const note = entry.kind === "message" ? entry.note : entry.hint;
    const receipt = entry.kind === "message" ? entry.receipt : undefined;
    const known = this.#kept.get(entry.id);
    if (known !== undefined) {
      const isSame = known.text === entry.text && known.isGrowing === growing && known.note === note;
      if (isSame && known.receipt === receipt) return known.rows;
      this.#forget(entry.id, known);
    }
    if (entry.kind === "message")
      recordLabelWidth(this.#scrollback, measureLabel(entry, this.#shape.words.line.you));
    const rows = layoutEntry(entry, this.#shape);
    this.#keep(entry.id, { text: entry.text, isGrowing: growing, note, receipt, rows });
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
