/** How the wire panel is shared by its head, the calls and the bytes of an open one. Sizes only. */

/** The panel as divideScreen gives it. Beside the conversation it has a border and a space before its text. */
export interface WireArea {
  readonly columns: number;
  readonly rows: number;
  readonly beside: boolean;
}

const borderColumns = 2;
/** An open call leaves the list at least so many rows. */
const listFewestRows = 2;

export function wireTextColumns({ columns, beside }: Pick<WireArea, "columns" | "beside">): number {
  return Math.max(1, columns - (beside ? borderColumns : 0));
}

/** From this height on the panel has room for what is known of a connection. */
const tallRows = 12;

/** Rows above the calls. */
export function headRows(panelRows: number): number {
  return panelRows < tallRows ? 1 : 3;
}

/** Rows for calls. */
export function callRows(panelRows: number, isOpen: boolean): number {
  const body = Math.max(1, panelRows - headRows(panelRows));
  return isOpen ? Math.min(body, Math.max(listFewestRows, Math.floor(body / 3))) : body;
}

/** Rows for the bytes of an open call, below a rule. */
export function dumpRows(panelRows: number): number {
  return Math.max(0, panelRows - headRows(panelRows) - callRows(panelRows, true) - 1);
}
