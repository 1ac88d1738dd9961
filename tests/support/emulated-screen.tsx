/**
 * duet's screen, drawn by Ink on an emulator in this process, as on a real terminal but without a chat behind it: each
 * step is drawn when `settle` resolves.
 */

import { PassThrough } from "node:stream";
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import { type IBufferCell, type IBufferLine, Terminal as Xterm } from "@xterm/headless";
import { type Instance, render } from "ink";
import type { ReactNode } from "react";
import { KeyDecoder } from "../../src/input/keys/keys.ts";
import { followWidthTable } from "../../src/protocol/text/width.ts";
import { drawScreen } from "../../src/cli/terminal/terminal-modes.ts";
import { TerminalOutput, type TerminalSize } from "../../src/cli/terminal/terminal-output.ts";
import { createWidthQuery } from "../../src/cli/terminal/width-query.ts";

export type Emulator = "xterm.js" | "xterm.js with graphemes";

export function openEmulator(kind: Emulator, { columns, rows }: TerminalSize): Xterm {
  const xterm = new Xterm({ cols: columns, rows, allowProposedApi: true });
  if (kind === "xterm.js with graphemes") xterm.loadAddon(new UnicodeGraphemesAddon());
  return xterm;
}

export async function writeTo(xterm: Xterm, text: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => xterm.write(text, resolve));
}

const cleared = drawScreen({ hasMouse: false, hasLinks: false, title: undefined });

/** Asks the emulator for its widths, as duet does at the start, and follows its table. */
export async function followWidthsOf(kind: Emulator): Promise<void> {
  const xterm = openEmulator(kind, { columns: 80, rows: 4 });
  let isAnswered = false;
  const query = createWidthQuery((table) => {
    isAnswered = true;
    followWidthTable(table);
  });
  const decoder = new KeyDecoder();
  xterm.onData((reply) => {
    for (const event of decoder.push(Buffer.from(reply))) if (event.type === "reply") query.onReply(event);
  });
  await writeTo(xterm, `\x1b[?7l${query.getSequence()}`);
  xterm.dispose();
  if (!isAnswered) throw new Error(`${kind} did not answer`);
}

/** True if both look the same; an empty cell looks as a blank does. ASCII, which most cells are, is compared by code. */
function lookAlike(one: IBufferCell, two: IBufferCell): boolean {
  const [code, otherCode] = [one.getCode() || 0x20, two.getCode() || 0x20];
  if (code !== otherCode || one.getWidth() !== two.getWidth()) return false;
  if (one.isBgDefault() !== two.isBgDefault() || one.getBgColor() !== two.getBgColor()) return false;
  return code < 0x80 || one.getChars() === two.getChars();
}

export class EmulatedScreen implements AsyncDisposable {
  readonly xterm: Xterm;
  readonly size: TerminalSize;
  /** An emulator that only full redraws are written to. */
  readonly #redrawn: Xterm;
  /** The emulator that output is written to now. */
  #drawnOn: Xterm;
  /** A cell that each look at a cell overwrites. */
  readonly #cell: IBufferCell;
  readonly #output: TerminalOutput;
  readonly #ink: Instance;
  #bytes = "";
  #written: Promise<void> = Promise.resolve();

  constructor(element: ReactNode, kind: Emulator, size: TerminalSize) {
    this.size = size;
    this.xterm = openEmulator(kind, size);
    this.#redrawn = openEmulator(kind, size);
    this.#drawnOn = this.xterm;
    this.#cell = this.xterm.buffer.active.getNullCell();
    this.#output = new TerminalOutput({
      ...size,
      port: {
        write: (bytes) => {
          this.#take(Buffer.from(bytes));
          return bytes.length;
        },
        close: () => {},
      },
    });
    this.#output.write(cleared);
    this.#ink = render(element, {
      stdout: this.#output as unknown as NodeJS.WriteStream,
      stdin: new PassThrough() as unknown as NodeJS.ReadStream,
      interactive: true,
      exitOnCtrlC: false,
      patchConsole: false,
      incrementalRendering: true,
      maxFps: 120,
    });
  }

  /** What was written to the terminal so far. */
  get bytes(): string {
    return this.#bytes;
  }

  /** Resolves when all changes so far are on the emulator. */
  async settle(): Promise<void> {
    await this.#ink.waitUntilRenderFlush();
    await this.#written;
  }

  /**
   * Compares the screen with a full redraw, as by Ctrl-L (cli/terminal/terminal.ts), on an emulator of its own: the screen
   * itself keeps what the frames so far have drawn. Returns the first difference that can be seen: a cell's text, width
   * or background, or the cursor; undefined: none.
   */
  async compareWithRedraw(): Promise<string | undefined> {
    await this.settle();
    this.#drawnOn = this.#redrawn;
    this.#output.startDiscarding();
    this.#ink.clear();
    this.#output.stopDiscarding();
    this.#output.write(cleared);
    // What `resizeTo` makes Ink do, without the components' own renderings of the same size, which change nothing.
    this.#output.listeners("resize")[0]!();
    await this.settle();
    this.#drawnOn = this.xterm;
    return this.#findDifference();
  }

  rows(): readonly string[] {
    const { active } = this.xterm.buffer;
    return Array.from(
      { length: this.size.rows },
      // components/paint/columns.ts ends a joiner at the end of a text with a selector.
      (_, row) => active.getLine(row)?.translateToString(true).replaceAll("\u200D\uFE0E", "\u200D") ?? "",
    );
  }

  /** The text of a cell; of an empty one, a blank. */
  charsAt(row: number, column: number): string {
    return this.#lineOf(row).getCell(column, this.#cell)?.getChars() || " ";
  }

  /** The first column before `end` whose cell has this text; -1: none. */
  findChars(row: number, chars: string, end: number): number {
    const line = this.#lineOf(row);
    for (let column = 0; column < end; column += 1)
      if (line.getCell(column, this.#cell)?.getChars() === chars) return column;
    return -1;
  }

  /** The background colours of a row; -1 is the terminal's own. */
  backgroundsOf(row: number): ReadonlySet<number> {
    const line = this.#lineOf(row);
    const colours = new Set<number>();
    for (let column = 0; column < this.size.columns; column += 1) {
      const cell = line.getCell(column, this.#cell)!;
      colours.add(cell.isBgDefault() ? -1 : cell.getBgColor());
    }
    return colours;
  }

  #lineOf(row: number): IBufferLine {
    return this.xterm.buffer.active.getLine(row)!;
  }

  #findDifference(): string | undefined {
    const [shown, redrawn] = [this.xterm.buffer.active, this.#redrawn.buffer.active];
    const cells = [shown.getNullCell(), redrawn.getNullCell()] as const;
    for (let row = 0; row < this.size.rows; row += 1) {
      const [line, redrawnLine] = [shown.getLine(row)!, redrawn.getLine(row)!];
      for (let column = 0; column < this.size.columns; column += 1) {
        const one = line.getCell(column, cells[0])!;
        const two = redrawnLine.getCell(column, cells[1])!;
        if (lookAlike(one, two)) continue;
        return `row ${row}, column ${column}:\n${line.translateToString()}\n${redrawnLine.translateToString()}`;
      }
    }
    const isSame = shown.cursorX === redrawn.cursorX && shown.cursorY === redrawn.cursorY;
    return isSame
      ? undefined
      : `cursor ${shown.cursorX},${shown.cursorY} and ${redrawn.cursorX},${redrawn.cursorY}`;
  }

  #take(bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString();
    this.#bytes += text;
    // A PTY writes CR LF for LF (ONLCR).
    const xterm = this.#drawnOn;
    this.#written = this.#written.then(() => writeTo(xterm, text.replaceAll("\n", "\r\n")));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ink.unmount();
    this.#output.close();
    this.xterm.dispose();
    this.#redrawn.dispose();
  }
}
