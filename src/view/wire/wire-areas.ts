/** Divides the wire panel among its head, the list of calls and the bytes of an open call. Sizes only. */

/** The area of the panel. Beside the conversation, a border and a space precede its text. */
export interface WireArea {
  readonly columns: number;
  readonly rows: number;
  readonly isBeside: boolean;
}

const borderColumns = 2;
/** The list has at least this many rows while a call is open. */
const listFewestRows = 2;

export function measureWireText({ columns, isBeside }: Pick<WireArea, "columns" | "isBeside">): number {
  return Math.max(1, columns - (isBeside ? borderColumns : 0));
}

/** From this height on, the head includes the state of a connection. */
const tallRows = 12;

export function countHeadRows(panelRows: number): number {
  return panelRows < tallRows ? 1 : 3;
}

export function countCallRows(panelRows: number, isOpen: boolean): number {
  const body = Math.max(1, panelRows - countHeadRows(panelRows));
  return isOpen ? Math.min(body, Math.max(listFewestRows, Math.floor(body / 3))) : body;
}

/** Rows for the bytes of an open call, below the rule. */
export function countDumpRows(panelRows: number): number {
  return Math.max(0, panelRows - countHeadRows(panelRows) - countCallRows(panelRows, true) - 1);
}
