/** Divides a screen of a given size among bars, conversation, panels and composer. Sizes only. */

import type { WireArea } from "../wire/wire-areas.ts";

/** A smaller screen shows only one line that asks for more room. */
export const smallestScreen = { columns: 20, rows: 4 } as const;

/** From this width on, the peers have a panel. */
export const panelFromColumns = 100;

/** From these widths on, the wire panel is beside the conversation, and then the peers' panel as well. */
const wireBesideFromColumns = 120;
const wireAndPeersFromColumns = 160;
/** Fits the longest description of a call, with its time and peer. */
const wireFewestColumns = 56;

export interface ScreenAreas {
  readonly isTooSmall: boolean;
  readonly topBarRows: 0 | 1;
  readonly statusLineRows: 0 | 1;
  readonly composerRows: number;
  readonly conversation: { readonly columns: number; readonly rows: number };
  /** The place of the wire panel, if it is open: beside the conversation, or instead of it. */
  readonly wire: WireArea;
  /** Width of the peers' panel with its border; 0: there is none. A blank column precedes it. */
  readonly panelColumns: number;
}

/**
 * The areas add up to `rows`. The conversation keeps at least one row: a high composer displaces the bars. Beside the
 * wire panel, the peers keep theirs only if there is room for all three. `arePeersHidden`: the person hid theirs.
 */
export function divideScreen(
  columns: number,
  rows: number,
  composerRows: number,
  isWireShown = false,
  arePeersHidden = false,
): ScreenAreas {
  const isTooSmall = columns < smallestScreen.columns || rows < smallestScreen.rows;
  const composer = Math.max(0, Math.min(composerRows, rows - 1));
  const statusLineRows = rows - composer >= 3 ? 1 : 0;
  const topBarRows = rows - composer - statusLineRows >= 2 ? 1 : 0;
  const isBeside = isWireShown && columns >= wireBesideFromColumns;
  const peersFromColumns = isBeside ? wireAndPeersFromColumns : panelFromColumns;
  const hasPeers = columns >= peersFromColumns && !arePeersHidden;
  const panelColumns = hasPeers ? (columns < 120 ? 34 : 36) : 0;
  const left = columns - (panelColumns === 0 ? 0 : panelColumns + 1);
  const wireColumns = isBeside ? Math.max(wireFewestColumns, Math.floor(left / 2)) : left;
  const middleRows = rows - composer - statusLineRows - topBarRows;
  return {
    isTooSmall,
    topBarRows,
    statusLineRows,
    composerRows: composer,
    conversation: { columns: isBeside ? left - wireColumns - 1 : left, rows: middleRows },
    wire: { columns: wireColumns, rows: middleRows, isBeside },
    panelColumns,
  };
}
