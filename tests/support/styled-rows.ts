/** Reads an xterm's screen as runs of equal style. */

import type { IBufferCell, Terminal } from "@xterm/headless";

/** Neighbouring cells of one style. A colour is a palette index, `#rrggbb`, or undefined for the default. */
export interface StyledRun {
  readonly text: string;
  readonly foreground: number | string | undefined;
  readonly background: number | string | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

/** The visible rows, each cut where its style changes, without trailing blank unstyled cells. */
export function styledRows(terminal: Terminal): StyledRun[][] {
  return Array.from({ length: terminal.rows }, (_, row) => styledRow(terminal, row));
}

function styledRow(terminal: Terminal, row: number): StyledRun[] {
  const buffer = terminal.buffer.active;
  const line = buffer.getLine(buffer.baseY + row);
  const runs: StyledRun[] = [];
  for (let column = 0; column < terminal.cols; column++) {
    const cell = line?.getCell(column);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const run = styleOf(cell);
    const last = runs.at(-1);
    if (last !== undefined && sameStyle(last, run))
      runs[runs.length - 1] = { ...last, text: last.text + run.text };
    else runs.push(run);
  }
  return withoutBlankEnd(runs);
}

function styleOf(cell: IBufferCell): StyledRun {
  return {
    text: cell.getChars() || " ",
    foreground: colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
    background: colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
  };
}

function colour(isDefault: boolean, isRgb: boolean, value: number): number | string | undefined {
  if (isDefault) return undefined;
  return isRgb ? `#${value.toString(16).padStart(6, "0")}` : value;
}

function sameStyle(one: StyledRun, other: StyledRun): boolean {
  return Bun.deepEquals({ ...one, text: "" }, { ...other, text: "" });
}

function withoutBlankEnd(runs: StyledRun[]): StyledRun[] {
  const last = runs.at(-1);
  if (last === undefined || last.background !== undefined || last.inverse || last.underline) return runs;
  const text = last.text.trimEnd();
  return text === "" ? runs.slice(0, -1) : [...runs.slice(0, -1), { ...last, text }];
}
