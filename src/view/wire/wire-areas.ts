/** Divides the wire panel among its head, the list of calls and the bytes of an open call. Sizes only. */

/** The area of the panel. Beside the conversation, a border and a space precede its text. */
export interface WireArea {
  readonly columns: number;
  readonly rows: number;
  readonly beside: boolean;
}

const borderColumns = 2;
/** The list has at least this many rows while a call is open. */
const listFewestRows = 2;

export function wireTextColumns({ columns, beside }: Pick<WireArea, "columns" | "beside">): number {
  return Math.max(1, columns - (beside ? borderColumns : 0));
}

/** From this height on, the head includes the state of a connection. */
const tallRows = 12;

export function headRows(panelRows: number): number {
  return panelRows < tallRows ? 1 : 3;
}

export function callRows(panelRows: number, isOpen: boolean): number {
  const body = Math.max(1, panelRows - headRows(panelRows));
  return isOpen ? Math.min(body, Math.max(listFewestRows, Math.floor(body / 3))) : body;
}

/** Rows for the bytes of an open call, below the rule. */
export function dumpRows(panelRows: number): number {
  return Math.max(0, panelRows - headRows(panelRows) - callRows(panelRows, true) - 1);
}
