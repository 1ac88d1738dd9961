/**
 * Owns the terminal: sets its modes, lets Ink draw on it, reads its keys, suspends on Ctrl-Z and restores it at the
 * end. Handles the signals of job control; process/guard.ts handles the others.
 */

import { PassThrough } from "node:stream";
import { type Instance, render } from "ink";
import type { ReactNode } from "react";
import { endingSignals } from "../../words/parts/ending-signals.ts";
import type { KeyEvent } from "../../input/keys/key-event.ts";
import { cleanLines } from "../../protocol/text/text.ts";
import { type InputDecoder, pumpKeys } from "./key-pump.ts";
import { readIgnoredSignals } from "../process/ignored-signals.ts";
import { drainInput } from "./terminal-input.ts";
import { TerminalQueries, type TerminalQuery } from "./terminal-queries.ts";
import { supportsLinks } from "./terminal-colours.ts";
import {
  bellSequence,
  clipboardSequence,
  drawScreen,
  enterScreen,
  leaveScreen,
  notificationSequence,
  showCursor,
  type TerminalModes,
  titleSequence,
} from "./terminal-modes.ts";
import { WheelKeys } from "./wheel-keys.ts";
import { TerminalOutput, type TerminalSize } from "./terminal-output.ts";
import { openTerminalPort } from "./terminal-port.ts";

/** Delay between the last change of the window's size and the redraw. */
const resizeSettleMs = 30;
/** How long a full terminal may delay the start and the end of the program. */
const switchTimeoutMs = 250;
/** The shell cannot stop an orphaned process group. If the process still runs after this time, it draws again. */
const stopFailedMs = 100;
/** High enough that Ink never delays the echo of a key. PacedStore limits the rate of frames. */
const framesPerSecondMax = 120;

interface TerminalOptions {
  readonly decoder: InputDecoder;
  /** Queries to the terminal, with the readers of its replies. */
  readonly queries: readonly TerminalQuery[];
  /** Called for each key but replies. */
  readonly onKey: (event: KeyEvent) => void;
  /** The terminal hung up, or standard input was closed. */
  readonly onInputEnd: () => void;
  /** Called with true if the terminal takes no more, so that the store pauses, and with false when it does again. */
  readonly onBacklog?: (isBacklogged: boolean) => void;
  /** A component threw. */
  readonly onFault: (fault: unknown) => void;
}

/** Takes over the terminal on standard input and output, and draws `element` on it. Both must be terminals. */
export function mountTerminal(element: ReactNode, options: TerminalOptions): Terminal {
  return new Terminal(element, options);
}

export class Terminal {
  readonly #options: TerminalOptions;
  readonly #output: TerminalOutput;
  readonly #queries: TerminalQueries;
  readonly #hasLinks = supportsLinks(process.env);
  readonly #wheelKeys = new WheelKeys(process.env["TERM"]);
  readonly #ink: Instance;
  readonly #stopPump: () => void;
  #resizeTimer: ReturnType<typeof setTimeout> | undefined;
  #isSuspended = false;
  /** SIGTSTP was ignored when duet was started: nobody could continue it. */
  #isStopIgnored = false;
  #isRestored = false;
  #hasMouse = false;
  #title: string | undefined;

  constructor(element: ReactNode, options: TerminalOptions) {
    this.#options = options;
    this.#queries = new TerminalQueries([this.#wheelKeys.query, ...options.queries]);
    this.#output = new TerminalOutput({
      port: openTerminalPort(),
      ...currentSize(),
      ...(options.onBacklog && { onBacklog: options.onBacklog }),
      onStale: () => this.redraw(),
    });
    this.#enter();
    this.#listen();
    this.#stopPump = pumpKeys({
      keyboard: process.stdin,
      decoder: options.decoder,
      onKey: (event) => this.#onKey(event),
      onEnd: options.onInputEnd,
    });
    try {
      this.#ink = this.#draw(element);
    } catch (fault) {
      // The caller has no Terminal yet to restore.
      this.restore();
      throw fault;
    }
  }

  get size(): TerminalSize {
    return { columns: this.#output.columns, rows: this.#output.rows };
  }

  /** Redraws every cell, whatever the terminal shows now. */
  redraw(): void {
    if (this.#isSuspended || this.#isRestored) return;
    const size = currentSize();
    clearTimeout(this.#resizeTimer);
    // Ink clears its frame with relative moves, which do not fit the current screen: they must not be written.
    this.#output.startDiscarding();
    this.#ink.clear();
    this.#output.stopDiscarding();
    this.#output.write(drawScreen(this.#modes));
    this.#output.resizeTo(size);
  }

  /** For Ctrl-Z: restores the terminal, stops the process, and takes over the terminal again when continued. */
  suspend(): void {
    if (this.#isSuspended || this.#isRestored || this.#isStopIgnored) return;
    this.#isSuspended = true;
    this.#leave();
    process.off("SIGTSTP", this.#onStop);
    // The whole process group, because `bun run` and the shell's job must stop too.
    process.kill(0, "SIGTSTP");
    setTimeout(() => this.#isSuspended && this.#onContinue(), stopFailedMs);
  }

  /** Restores the terminal for good and prints lines on it, each with its newline. Synchronous and idempotent. */
  restore(exitText = ""): void {
    if (this.#isRestored) return;
    this.#isRestored = true;
    clearTimeout(this.#resizeTimer);
    process.off("SIGCONT", this.#onContinue);
    process.off("SIGTSTP", this.#onStop);
    process.off("SIGWINCH", this.#onResize);
    this.#stopPump();
    const isWritten = this.#isSuspended || this.#leave(exitText);
    this.#output.close();
    process.stdin.pause();
    muteStandardError(!isWritten);
  }

  /** Turns mouse reports on or off. While they are on, the terminal's own selection of text does not work. */
  setMouse(enabled: boolean): void {
    this.#hasMouse = enabled;
    this.redraw();
  }

  setTitle(title: string): void {
    if (title === this.#title) return;
    this.#title = title;
    if (!this.#isSuspended) this.#output.write(titleSequence(title));
  }

  ringBell(): void {
    if (!this.#isSuspended) this.#output.write(bellSequence);
  }

  /** Shows a desktop notification. The text must be clean. */
  notify(text: string): void {
    if (!this.#isSuspended) this.#output.write(notificationSequence(text));
  }

  /** Sets the terminal's clipboard, if it takes OSC 52. The text must be clean but for LF and TAB. */
  setClipboard(text: string): void {
    if (!this.#isSuspended) this.#output.write(clipboardSequence(text));
  }

  /** Resolves when no reply of the terminal is under way: then `restore` need not wait for it. */
  async settle(): Promise<void> {
    await this.#queries.settle();
  }

  get #modes(): TerminalModes {
    return { hasMouse: this.#hasMouse, title: this.#title, hasLinks: this.#hasLinks };
  }

  #draw(element: ReactNode): Instance {
    const ink = render(element, {
      stdout: this.#output as unknown as NodeJS.WriteStream,
      // An empty stream, because Ink 8.0.0 loses some keys and prints replies of the terminal.
      stdin: new PassThrough() as unknown as NodeJS.ReadStream,
      interactive: true,
      exitOnCtrlC: false,
      patchConsole: false,
      incrementalRendering: true,
      maxFps: framesPerSecondMax,
    });
    ink.waitUntilExit().catch((fault: unknown) => this.#options.onFault(fault));
    return ink;
  }

  #listen(): void {
    // Not stdout's event: Bun 1.4.5 omits it if a window returns to its old size, though its cells are lost.
    process.on("SIGWINCH", this.#onResize);
    process.on("SIGCONT", this.#onContinue);
    const ignored = readIgnoredSignals();
    this.#isStopIgnored = ignored.has("SIGTSTP");
    if (!this.#isStopIgnored) process.on("SIGTSTP", this.#onStop);
    // signal-exit, which Ink 8.0.0 uses, ends the process at any of these that nothing else handles.
    for (const signal of [...endingSignals, "SIGXFSZ"] as const)
      if (ignored.has(signal)) process.on(signal, ignore);
  }

  #onKey(event: KeyEvent): void {
    if (event.type === "reply") return this.#queries.onReply(event);
    if (event.type === "focus" && event.isFocused) this.#askOnFocus();
    this.#options.onKey(event);
  }

  #askOnFocus(): void {
    if (this.#isSuspended || this.#isRestored) return;
    const sequence = this.#queries.takeSequence("focus");
    if (sequence !== "") this.#output.write(sequence, () => this.#queries.onSent());
  }

  #enter(): void {
    setRawMode(true);
    const sequence = enterScreen(this.#modes, this.#queries.takeSequence("entry"));
    this.#output.writeNow(sequence, switchTimeoutMs);
    this.#queries.onSent();
  }

  /** Returns false if the terminal did not take all of it. */
  #leave(exitText = ""): boolean {
    this.#output.startDiscarding();
    // Still in raw mode, in which LF alone moves straight down.
    const text = cleanLines(exitText).replaceAll("\n", "\r\n");
    const state = { hadWheelKeys: this.#wheelKeys.isOn, hasLinks: this.#hasLinks };
    const isWritten = this.#output.writeNow(leaveScreen(state) + text, switchTimeoutMs);
    drainInput(this.#queries, this.#options.decoder);
    setRawMode(false);
    return isWritten;
  }

  readonly #onResize = (): void => {
    clearTimeout(this.#resizeTimer);
    // Frames for the old size could scroll the new screen.
    if (!this.#isSuspended) this.#output.startDiscarding();
    this.#resizeTimer = setTimeout(() => this.redraw(), resizeSettleMs);
  };

  readonly #onStop = (): void => this.suspend();

  readonly #onContinue = (): void => {
    if (this.#isRestored) return;
    if (this.#isSuspended) {
      this.#isSuspended = false;
      process.on("SIGTSTP", this.#onStop);
      this.#enter();
    } else {
      // After SIGSTOP, which has no handler, the shell has turned raw mode off, but Bun assumes that it is on.
      setRawMode(false);
      setRawMode(true);
    }
    this.redraw();
  };
}

function currentSize(): TerminalSize {
  // A window resized while the process was stopped causes no SIGWINCH, and Bun 1.4.5 keeps reporting the old size.
  (process.stdout as { _refreshSize?: () => void })._refreshSize?.();
  // A PTY without a size reports 0 by 0.
  return { columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 };
}

/** In raw mode the terminal sends each key at once; otherwise it echoes and edits a line. */
function setRawMode(enabled: boolean): void {
  // Bun 1.4.5 emits an error if the terminal has hung up, which would be thrown if nothing listened for it.
  process.stdin.on("error", ignore);
  process.stdin.setRawMode(enabled);
  process.stdin.off("error", ignore);
}

function ignore(): void {}

/**
 * Drops the sequence that restore-cursor (in Ink 8.0.0) writes to standard error at exit. The cursor is shown already;
 * the sequence would pollute a file, and block the process on a terminal that takes no output.
 */
function muteStandardError(isStuck: boolean): void {
  const write = process.stderr.write.bind(process.stderr) as (...args: unknown[]) => boolean;
  const isDropped = (text: unknown): boolean => text === showCursor || (isStuck && process.stderr.isTTY);
  process.stderr.write = (...args: unknown[]) => isDropped(args[0]) || write(...args);
}
