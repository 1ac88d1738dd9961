/**
 * duet on a terminal of its own, with folders of its own, so that it neither sees nor joins other duets of this
 * machine.
 */

import { expect } from "bun:test";
import { duetCommand, Folder, sourceCommand } from "./duet.ts";
import { type ProgramExit, startInTerminal, type TestTerminal } from "./pty.ts";

export interface ScreenOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Shared by duets that are to find each other. */
  readonly folder?: Folder;
  /** The command that duet runs under: a namespace. */
  readonly under?: readonly string[];
  /** The lowest row of the first frame; by default the composer's. */
  readonly lowestRow?: RegExp;
  /** Options for Bun, before the program: `--preload FILE`. */
  readonly bunOptions?: readonly string[];
}

/** The modes of a terminal that no program has taken over. */
export const restoredModes = {
  alternateScreen: false,
  cursorHidden: false,
  bracketedPaste: false,
  focusReports: false,
  autowrap: true,
  mouse: "none",
  synchronized: false,
} as const;

/** Starts duet on a terminal and waits for its first frame. */
export async function startOnScreen(
  args: readonly string[],
  options: ScreenOptions = {},
): Promise<ScreenDuet> {
  const folder = options.folder ?? new Folder();
  const terminal = await startInTerminal(commandOf(args, options), {
    ...options,
    env: screenEnvironment(folder, options.env),
  });
  const duet = new ScreenDuet(terminal, options.folder === undefined ? folder : undefined);
  const lowestRow = options.lowestRow ?? /│/;
  try {
    await terminal.waitFor((seen) => isDrawn(seen, lowestRow), "the first frame");
  } catch (error) {
    // No caller can dispose it.
    await duet[Symbol.asyncDispose]();
    throw error;
  }
  return duet;
}

/** The command that starts duet, also for a shell on the terminal. */
export function commandOf(args: readonly string[], options: ScreenOptions = {}): readonly string[] {
  const { under = [], bunOptions } = options;
  return [...under, ...(bunOptions === undefined ? duetCommand : sourceCommand(bunOptions)), ...args];
}

/** The environment that isolates duet from others on this machine. */
export function screenEnvironment(
  { path }: Folder,
  added: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const folders = {
    XDG_STATE_HOME: `${path}/state`,
    XDG_DATA_HOME: `${path}/data`,
    XDG_CONFIG_HOME: `${path}/config`,
    HOME: path,
  };
  return { XDG_RUNTIME_DIR: path, TMPDIR: path, NODE_ENV: "production", USER: "ada", ...folders, ...added };
}

function isDrawn(terminal: TestTerminal, lowestRow: RegExp): boolean {
  const { synchronized, alternateScreen, bracketedPaste } = terminal.modes();
  return alternateScreen && bracketedPaste && !synchronized && lowestRow.test(terminal.screen().at(-1) ?? "");
}

export class ScreenDuet implements AsyncDisposable {
  readonly terminal: TestTerminal;
  readonly #ownFolder: Folder | undefined;

  constructor(terminal: TestTerminal, ownFolder: Folder | undefined) {
    this.terminal = terminal;
    this.#ownFolder = ownFolder;
  }

  /** Types a line and Enter, in one read. */
  say(line: string): void {
    this.terminal.write(`${line}\r`);
  }

  type(keys: string | Uint8Array): void {
    this.terminal.write(keys);
  }

  async sees(text: string | RegExp, timeoutMs?: number): Promise<void> {
    await this.terminal.waitForText(text, timeoutMs);
  }

  /** Waits until the composer's rows, the lowest of the screen, hold exactly these after their prompt. */
  async composes(...rows: readonly string[]): Promise<void> {
    const isThere = ({ screen }: TestTerminal): boolean => {
      const lowest = screen.call(this.terminal).slice(-rows.length);
      return lowest.every((row, index) => row.replace(/^.*? │.?/, "") === rows[index]);
    };
    await this.terminal.waitFor(isThere, `the composer to hold ${JSON.stringify(rows)}`);
  }

  /**
   * Waits until the screen equals this drawing, in which times are `hh:mm`, amounts `in` and `out`, and each key of
   * `names` stands for its value.
   */
  async shows(drawing: string, names: Readonly<Record<string, string | number>> = {}): Promise<void> {
    const expected = drawing.replace(/^\n/, "").replace(/\n$/, "");
    try {
      await this.terminal.waitFor(() => this.drawn(names) === expected, "the screen drawn in the test");
    } catch {
      expect(this.drawn(names)).toBe(expected);
    }
  }

  /** The screen as `shows` compares it: each row after a `┃`, without trailing blanks, times and amounts. */
  drawn(names: Readonly<Record<string, string | number>> = {}): string {
    const rows = this.terminal.screen().map((row) => `┃${row.trimEnd()}`);
    let text = rows
      .join("\n")
      // A time equal to the row above is left out; where the clock moved on meanwhile it is not.
      .replace(/^┃(?:\d\d:\d\d| {5})(?= +[^ │][^│]{0,22}│)/gm, "┃hh:mm")
      .replace(
        /↓ [\d.]+ \w+ ↑ [\d.]+ \w+(?:  rtt [\d.]+ m?s)?(?:  [▁-█]+(?: ↓[\d.]+ \w+\/s ↑[\d.]+ \w+\/s)?)?(?: +)?/,
        "↓ in ↑ out  ",
      );
    for (const [name, value] of Object.entries(names)) text = text.replaceAll(String(value), name);
    return text;
  }

  /** The port it listens on or is bound to, read from its bar. */
  async port(): Promise<number> {
    const bar = /(?:LISTEN|BOUND|ESTABLISHED|OPEN) 127\.0\.0\.1:(\d+)/;
    await this.sees(bar);
    return Number(bar.exec(this.terminal.screen()[0] ?? "")?.[1]);
  }

  /** Expects its end with this code, and the shell's terminal again with `farewell` alone. */
  async ends(code: number, farewell: readonly string[] = []): Promise<void> {
    expect(await this.terminal.waitForExit()).toEqual({ code, signal: null } satisfies ProgramExit);
    expect(this.terminal.modes()).toEqual(restoredModes);
    expect(this.terminal.isCooked()).toBe(true);
    expect(this.terminal.screen().filter((row) => row !== "")).toEqual([...farewell]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminal[Symbol.asyncDispose]();
    this.#ownFolder?.[Symbol.dispose]();
  }
}
