/** How a screen of a given size is shared by bars, conversation, panel and composer. Sizes only. */

import type { WireArea } from "../wire/wire-areas.ts";

/** Below this size nothing can be read, and one line says so. */
export const smallestScreen = { columns: 20, rows: 4 } as const;

/** From this width on the peers have a panel. */
export const panelFromColumns = 100;

/** From this width on the wire is beside the conversation, and from that one the peers are there as well. */
const wireBesideFromColumns = 120;
const wireAndPeersFromColumns = 160;
/** The longest words of a call, with a time and a peer, need so many. */
const wireFewestColumns = 56;

export interface ScreenAreas {
  readonly tooSmall: boolean;
  readonly topBarRows: 0 | 1;
  readonly statusLineRows: 0 | 1;
  readonly composerRows: number;
  readonly conversation: { readonly columns: number; readonly rows: number };
  /** Where the wire panel is, if it is shown: beside the conversation, or in its place. */
  readonly wire: WireArea;
  /** Width of the peers' panel with its border; 0: there is none. One column is left free before it. */
  readonly panelColumns: number;
}

/**
 * All areas together are exactly `rows` high. The conversation keeps a row: the bars give way to a high composer. With
 * the wire beside it, the peers keep their panel only where there is room for all three.
 */
export function divideScreen(
  columns: number,
  rows: number,
  composerRows: number,
  showsWire = false,
): ScreenAreas {
  const tooSmall = columns < smallestScreen.columns || rows < smallestScreen.rows;
  const composer = Math.max(0, Math.min(composerRows, rows - 1));
  const statusLineRows = rows - composer >= 3 ? 1 : 0;
  const topBarRows = rows - composer - statusLineRows >= 2 ? 1 : 0;
  const beside = showsWire && columns >= wireBesideFromColumns;
  const hasPeers = columns >= (beside ? wireAndPeersFromColumns : panelFromColumns);
  const panelColumns = hasPeers ? (columns < 120 ? 34 : 36) : 0;
  const left = columns - (panelColumns === 0 ? 0 : panelColumns + 1);
  const wireColumns = beside ? Math.max(wireFewestColumns, Math.floor(left / 2)) : left;
  const middleRows = rows - composer - statusLineRows - topBarRows;
  return {
    tooSmall,
    topBarRows,
    statusLineRows,
    composerRows: composer,
    conversation: { columns: beside ? left - wireColumns - 1 : left, rows: middleRows },
    wire: { columns: wireColumns, rows: middleRows, beside },
    panelColumns,
  };
}
