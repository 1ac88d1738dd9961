/**
 * A real terminal for tests: the program runs on a PTY, and an xterm interprets its output. Tests wait for output
 * and never sleep.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import { Terminal as Xterm } from "@xterm/headless";
import { styledRows, type StyledRun } from "./styled-rows.ts";
import { Bell, within } from "./wait.ts";

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  /** Added to the test's own environment, without variables that change how programs draw (CI, NO_COLOR, …). */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Makes `pauseReading` work, with python3; `resize` then does not reach the program. */
  readonly pausable?: boolean;
  /** The terminal reports its background (OSC 11), which xterm without a window does not. */
  readonly background?: string;
  /** How long each reply of the terminal is under way, as over a slow ssh. */
  readonly replyDelayMs?: number;
}

export interface TerminalModes {
  readonly alternateScreen: boolean;
  readonly cursorHidden: boolean;
  readonly bracketedPaste: boolean;
  readonly focusReports: boolean;
  readonly autowrap: boolean;
  readonly mouse: "none" | "x10" | "vt200" | "drag" | "any";
  /** Between `?2026h` and `?2026l`: a frame is half drawn. */
  readonly synchronized: boolean;
}

export interface ProgramExit {
  readonly code: number | null;
  readonly signal: string | null;
}

const relayPath = new URL("fixtures/pty-relay.py", import.meta.url).pathname;
const frameEnd = "\x1b[?2026l";
/** The most that is typed at once. */
const pieceBytes = 65_536;
const missedDrainMs = 20;
const keptOutputMax = 4 * 1024 * 1024;
/** The wait for the last output after the process ended; it is used up only where a child holds the terminal open. */
const lastOutputMs = 2000;
const unwantedVariables =
  /^(CI|CONTINUOUS_INTEGRATION|BUILD_.*|RUN_ID|GITHUB_.*|NO_COLOR|FORCE_COLOR|NODE_ENV|DEV|INK_.*|DUET_.*|COLORTERM|COLORFGBG|ACCESSIBLE|TERM_PROGRAM.*|TMUX|STY|LC_.*|LANGUAGE|BUN_.*)$/;

/**
 * The environment of a program on a test's terminal. Its settings and state are in private folders, removed after
 * the test run.
 */
export function terminalEnvironment(added: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !unwantedVariables.test(name));
  // As `bun run start` sets them, so that duet names this command, whatever the tests were started with.
  const start = { npm_lifecycle_event: "start", npm_execpath: process.execPath };
  const fixed = { TERM: "xterm-256color", LANG: "C.UTF-8", ...start, ...privateFolders() };
  return { ...Object.fromEntries(kept), ...fixed, ...added } as Record<string, string>;
}

let privatePath: string | undefined;

/** Folders for settings and state (XDG Base Directory): one parent for each test process. */
function privateFolders(): Record<string, string> {
  if (privatePath === undefined) {
    const path = mkdtempSync(join(tmpdir(), "duet-xdg-"));
    process.once("exit", () => rmSync(path, { recursive: true, force: true }));
    privatePath = path;
  }
  return {
    XDG_STATE_HOME: join(privatePath, "state"),
    XDG_DATA_HOME: join(privatePath, "data"),
    XDG_CONFIG_HOME: join(privatePath, "config"),
  };
}

/** Chunks that end where a frame ends (`?2026l`), as far as its end is complete in these bytes. */
function* framesOf(bytes: Buffer): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(frameEnd, start);
    const end = found === -1 ? bytes.length : found + frameEnd.length;
    yield bytes.subarray(start, end);
    start = end;
  }
}

/**
 * Starts `command` on a terminal of its own, 80×24 by default. Disposing it kills the program and hangs up the
 * terminal.
 */
export async function startInTerminal(
  command: readonly string[],
  options: TerminalOptions = {},
): Promise<TestTerminal> {
  return new TestTerminal(command, options);
}

export class TestTerminal implements AsyncDisposable {
  /** Settles when the program has ended and all its output has been read. */
  readonly exited: Promise<ProgramExit>;
  readonly #xterm: Xterm;
  readonly #process: Bun.Subprocess;
  readonly #bell = new Bell();
  readonly #closed = Promise.withResolvers<void>();
  readonly #decoder = new TextDecoder();
  #output = "";
  #bytes = 0;
  #taken = Promise.withResolvers<void>();
  readonly #undrawn: Uint8Array[] = [];
  /** Settles once all output read so far is drawn. */
  #drawn: Promise<void> = Promise.resolve();
  #cursorHidden = false;
  #title = "";
  #repliesUnderWay = 0;
  #replies = 0;

  constructor(command: readonly string[], options: TerminalOptions) {
    const { columns = 80, rows = 24, pausable = false } = options;
    this.#xterm = this.#openScreen(columns, rows);
    const relay = pausable ? ["python3", relayPath, String(columns), String(rows)] : [];
    this.#process = Bun.spawn([...relay, ...command], {
      cwd: options.cwd ?? process.cwd(),
      env: terminalEnvironment(options.env),
      // Inline: a terminal made beforehand is not the program's controlling terminal (Bun 1.4.5).
      terminal: {
        cols: columns,
        rows,
        data: (_terminal, bytes) => this.#received(bytes),
        exit: () => this.#closed.resolve(),
        drain: () => this.#taken.resolve(),
      },
    });
    this.#xterm.onData((reply) => this.#reply(reply, options.replyDelayMs));
    this.#xterm.parser.registerOscHandler(11, (question) => {
      if (question !== "?" || options.background === undefined) return false;
      this.#reply(`\x1b]11;${options.background}\x1b\\`, options.replyDelayMs);
      return true;
    });
    this.#xterm.onTitleChange((title) => (this.#title = title));
    this.exited = this.#waitForExit();
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** The rows as text, without trailing blanks. */
  screen(): string[] {
    const buffer = this.#xterm.buffer.active;
    return Array.from(
      { length: this.#xterm.rows },
      (_, row) => buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? "",
    );
  }

  /** The rows as runs of equal style. */
  styledScreen(): StyledRun[][] {
    return styledRows(this.#xterm);
  }

  /** The cursor's zero-based place, and whether it is visible. */
  cursor(): { readonly row: number; readonly column: number; readonly visible: boolean } {
    const { cursorX, cursorY } = this.#xterm.buffer.active;
    return { row: cursorY, column: cursorX, visible: !this.#cursorHidden };
  }

  /** The window title, as last set. */
  title(): string {
    return this.#title;
  }

  modes(): TerminalModes {
    const { modes, buffer } = this.#xterm;
    return {
      alternateScreen: buffer.active.type === "alternate",
      cursorHidden: this.#cursorHidden,
      bracketedPaste: modes.bracketedPasteMode,
      focusReports: modes.sendFocusMode,
      autowrap: modes.wraparoundMode,
      mouse: modes.mouseTrackingMode,
      synchronized: modes.synchronizedOutputMode,
    };
  }

  /** Whether the terminal's line discipline echoes and edits lines: raw mode is off. */
  isCooked(): boolean {
    const canonical = 0x2;
    return ((this.#process.terminal?.localFlags ?? 0) & canonical) !== 0;
  }

  /** The number of replies that have reached the program's side, and of those that are still under way. */
  get replies(): { readonly arrived: number; readonly underWay: number } {
    return { arrived: this.#replies, underWay: this.#repliesUnderWay };
  }

  /** The program's output with escapes; the newest 4 MiB of it. */
  output(): string {
    return this.#output;
  }

  /** Bytes the program has written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Types: sends the bytes to the program as a keyboard's. */
  write(text: string | Uint8Array): void {
    if (!this.#process.terminal?.closed) this.#process.terminal?.write(text);
  }

  /**
   * Types a long text in chunks, each once the one before is drained: Bun 1.4.5 moves its whole queue at each
   * partial write. It also misses some calls of `drain`, so that the next chunk is written after missedDrainMs
   * without one.
   */
  async writeAll(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      this.#taken = Promise.withResolvers();
      this.write(bytes.subarray(start, start + pieceBytes));
      await Promise.race([this.#taken.promise, Bun.sleep(missedDrainMs)]);
    }
  }

  resize(columns: number, rows: number): void {
    this.#xterm.resize(columns, rows);
    this.#process.terminal?.resize(columns, rows);
  }

  /** From now on the program's output is not read. Only with `pausable`. */
  pauseReading(): void {
    process.kill(this.pid, "SIGSTOP");
  }

  resumeReading(): void {
    process.kill(this.pid, "SIGCONT");
  }

  /** Signals the program alone (with `pausable`: the relay). */
  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  /** Hangs up, as a closed terminal window does. */
  hangUp(): void {
    this.#process.terminal?.close();
  }

  /**
   * Checks the condition on each complete frame once xterm has drawn it, however the kernel cut the output; the
   * timeout error shows the screen.
   */
  async waitFor(condition: (terminal: this) => boolean, what: string, timeoutMs?: number): Promise<void> {
    await this.#bell.waitFor(
      () => !this.#xterm.modes.synchronizedOutputMode && condition(this),
      what,
      timeoutMs,
      () => this.#describe(),
    );
  }

  async waitForText(text: string | RegExp, timeoutMs?: number): Promise<void> {
    const isThere = (row: string): boolean =>
      typeof text === "string" ? row.includes(text) : text.test(row);
    await this.waitFor(() => this.screen().some(isThere), `the text ${text}`, timeoutMs);
  }

  /** Like `exited`, but throws in time when the program does not end. */
  async waitForExit(timeoutMs?: number): Promise<ProgramExit> {
    try {
      return await within(this.exited, "the program's end", timeoutMs);
    } catch (error) {
      throw new Error(`${String(error)}\n${this.#describe()}`, { cause: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill("SIGKILL");
    await this.#process.exited;
    this.#process.terminal?.close();
    this.#xterm.dispose();
  }

  #openScreen(columns: number, rows: number): Xterm {
    const xterm = new Xterm({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
    xterm.loadAddon(new UnicodeGraphemesAddon());
    const watch = (final: "h" | "l"): void => {
      xterm.parser.registerCsiHandler({ prefix: "?", final }, (parameters) => {
        if (parameters.includes(25)) this.#cursorHidden = final === "l";
        return false;
      });
    };
    watch("h");
    watch("l");
    return xterm;
  }

  #reply(reply: string, delayMs: number | undefined): void {
    const deliver = (): void => {
      this.#replies += 1;
      this.write(reply);
    };
    if (delayMs === undefined) return deliver();
    this.#repliesUnderWay += 1;
    setTimeout(() => {
      this.#repliesUnderWay -= 1;
      deliver();
      this.#bell.ring();
    }, delayMs);
  }

  #received(bytes: Uint8Array): void {
    const copy = Buffer.from(bytes);
    this.#bytes += copy.length;
    this.#output = (this.#output + this.#decoder.decode(copy, { stream: true })).slice(-keptOutputMax);
    this.#undrawn.push(...framesOf(copy));
    this.#drawn = this.#drawn.then(() => this.#draw());
  }

  /**
   * Draws the waiting output frame by frame, so that waiting tests see each frame, however many one read contained.
   */
  async #draw(): Promise<void> {
    for (let frame; (frame = this.#undrawn.shift()) !== undefined;) {
      await new Promise<void>((resolve) => this.#xterm.write(frame, resolve));
      this.#bell.ring();
    }
  }

  async #waitForExit(): Promise<ProgramExit> {
    await this.#process.exited;
    // The last output may still arrive, or a child may hold the terminal open for ever.
    await within(this.#closed.promise, "the end of its output", lastOutputMs).catch(() => {});
    await this.#drawn;
    return { code: this.#process.exitCode, signal: this.#process.signalCode as string | null };
  }

  #describe(): string {
    const rule = "─".repeat(this.#xterm.cols);
    return [rule, ...this.screen(), rule, `exit ${this.#process.exitCode}, ${this.#bytes} bytes`].join("\n");
  }
}
