/** How a screen of a given size is shared by bars, conversation, panel and composer. Sizes only. */

/** Below this size nothing can be read, and one line says so. */
export const smallestScreen = { columns: 20, rows: 4 } as const;

/** From this width on the peers have a panel. */
export const panelFromColumns = 100;

export interface ScreenAreas {
  readonly tooSmall: boolean;
  readonly topBarRows: 0 | 1;
  readonly statusLineRows: 0 | 1;
  readonly composerRows: number;
  readonly conversation: { readonly columns: number; readonly rows: number };
  /** Width of the peers' panel with its border; 0: there is none. One column is left free before it. */
  readonly panelColumns: number;
}

/** All areas together are exactly `rows` high. The conversation keeps a row: the bars give way to a high composer. */
export function divideScreen(columns: number, rows: number, composerRows: number): ScreenAreas {
  const tooSmall = columns < smallestScreen.columns || rows < smallestScreen.rows;
  const composer = Math.max(0, Math.min(composerRows, rows - 1));
  const statusLineRows = rows - composer >= 3 ? 1 : 0;
  const topBarRows = rows - composer - statusLineRows >= 2 ? 1 : 0;
  const panelColumns = columns < panelFromColumns ? 0 : columns < 120 ? 34 : 36;
  const beside = panelColumns === 0 ? 0 : panelColumns + 1;
  return {
    tooSmall,
    topBarRows,
    statusLineRows,
    composerRows: composer,
    conversation: { columns: columns - beside, rows: rows - composer - statusLineRows - topBarRows },
    panelColumns,
  };
}
