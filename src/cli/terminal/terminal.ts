/**
 * Owns the terminal: takes it over, lets Ink draw on it, reads its keys, and gives it back on every way out.
 * It knows neither the chat nor what the screen shows. Signals other than those of job control are guard.ts's.
 */

import { PassThrough } from "node:stream";
import { type Instance, render } from "ink";
import type { ReactNode } from "react";
import type { KeyEvent } from "../../input/keys/key-event.ts";
import { type InputDecoder, pumpKeys } from "./key-pump.ts";
import {
  bellSequence,
  assertModes,
  clearScreen,
  enterScreen,
  leaveScreen,
  notificationSequence,
  showCursor,
  titleSequence,
} from "./terminal-modes.ts";
import { TerminalOutput, type TerminalSize } from "./terminal-output.ts";
import { openTerminalPort } from "./terminal-port.ts";

/** A window that is being dragged is drawn once it rests this long. */
const resizeSettleMs = 30;
/** How long a terminal that does not read may hold up the way in and out. */
const switchWithinMs = 250;
/** A process group that the shell cannot stop (an orphaned one) takes its screen back after this long. */
const stopFailedMs = 100;
/** Far above what is drawn: the store sets the pace, Ink adds no delay to a key's echo. */
const framesPerSecondMax = 120;

interface TerminalOptions {
  readonly decoder: InputDecoder;
  readonly onKey: (event: KeyEvent) => void;
  /** The terminal has hung up, or standard input was closed. */
  readonly onInputEnd: () => void;
  /** The terminal reads no more, or again: pause the store meanwhile. */
  readonly onBacklog?: (backlogged: boolean) => void;
  /** A component threw. */
  readonly onFault: (fault: unknown) => void;
}

/** Takes the terminal on standard input and output over and draws `element` on it. Both must be terminals. */
export function mountTerminal(element: ReactNode, options: TerminalOptions): Terminal {
  return new Terminal(element, options);
}

/** The terminal while it is ours. */
export class Terminal {
  readonly #options: TerminalOptions;
  readonly #output: TerminalOutput;
  readonly #ink: Instance;
  readonly #stopPump: () => void;
  #resizeTimer: ReturnType<typeof setTimeout> | undefined;
  #isSuspended = false;
  #isRestored = false;
  #mouse = false;
  #title: string | undefined;

  constructor(element: ReactNode, options: TerminalOptions) {
    this.#options = options;
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
      onKey: options.onKey,
      onEnd: options.onInputEnd,
    });
    try {
      this.#ink = this.#draw(element);
    } catch (fault) {
      // The caller has no terminal yet that it could restore.
      this.restore();
      throw fault;
    }
  }

  get size(): TerminalSize {
    return { columns: this.#output.columns, rows: this.#output.rows };
  }

  /** Draws every cell anew, whatever the terminal shows now. */
  redraw(): void {
    if (this.#isSuspended || this.#isRestored) return;
    const size = currentSize();
    clearTimeout(this.#resizeTimer);
    // Ink forgets its frame with relative moves that fit no screen we know: they must not be written.
    this.#output.discard();
    this.#ink.clear();
    this.#output.accept();
    this.#output.write(assertModes(this.#modes) + clearScreen);
    this.#output.resizeTo(size);
  }

  /** Ctrl-Z: gives the terminal back to the shell and stops; takes it again when continued. */
  suspend(): void {
    if (this.#isSuspended || this.#isRestored) return;
    this.#isSuspended = true;
    this.#leave();
    process.off("SIGTSTP", this.#onStop);
    // The whole group: `bun run` and the shell's job must stop with us.
    process.kill(0, "SIGTSTP");
    setTimeout(() => this.#isSuspended && this.#onContinue(), stopFailedMs);
  }

  /** Gives the terminal back for good and prints `farewell` on it. Synchronous; only the first call does anything. */
  restore(farewell = ""): void {
    if (this.#isRestored) return;
    this.#isRestored = true;
    clearTimeout(this.#resizeTimer);
    process.off("SIGCONT", this.#onContinue);
    process.off("SIGTSTP", this.#onStop);
    process.off("SIGWINCH", this.#onResize);
    this.#stopPump();
    const taken = this.#isSuspended || this.#leave(farewell);
    this.#output.close();
    process.stdin.pause();
    quietStandardError(!taken);
  }

  /** Mouse reports on or off; off, the terminal selects text as ever. */
  setMouse(enabled: boolean): void {
    this.#mouse = enabled;
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

  /** A notification of the desktop. The text must be clean. */
  notify(text: string): void {
    if (!this.#isSuspended) this.#output.write(notificationSequence(text));
  }

  /** Asks the terminal something: its answer comes as a key event of type `reply`, or never. */
  ask(question: string): void {
    if (!this.#isSuspended && !this.#isRestored) this.#output.write(question);
  }

  get #modes(): { readonly mouse: boolean; readonly title: string | undefined } {
    return { mouse: this.#mouse, title: this.#title };
  }

  #draw(element: ReactNode): Instance {
    const ink = render(element, {
      stdout: this.#output as unknown as NodeJS.WriteStream,
      // Ink reads no keys: it loses some and leaks replies (Ink 8.0.0).
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
    // Not stdout's own event: Bun 1.4.5 leaves it out when a window is back at its size, with its cells gone.
    process.on("SIGWINCH", this.#onResize);
    process.on("SIGCONT", this.#onContinue);
    process.on("SIGTSTP", this.#onStop);
  }

  #enter(): void {
    setRawMode(true);
    this.#output.writeNow(enterScreen(this.#modes), switchWithinMs);
  }

  #leave(farewell = ""): boolean {
    this.#output.discard();
    const taken = this.#output.writeNow(leaveScreen + farewell, switchWithinMs);
    setRawMode(false);
    return taken;
  }

  readonly #onResize = (): void => {
    clearTimeout(this.#resizeTimer);
    // Frames for the old size would only scroll the new one.
    if (!this.#isSuspended) this.#output.discard();
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
      // A SIGSTOP that nobody announced: the shell has left raw mode under us, which Bun believes is still on.
      setRawMode(false);
      setRawMode(true);
    }
    this.redraw();
  };
}

function currentSize(): TerminalSize {
  // A window resized while we were stopped sends no SIGWINCH, and Bun 1.4.5 goes on telling the size it knew.
  (process.stdout as { _refreshSize?: () => void })._refreshSize?.();
  // A PTY that nobody has given a size reports 0 by 0.
  return { columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 };
}

/** Keys as they are pressed, or lines edited and echoed by the terminal. A terminal that is gone has neither. */
function setRawMode(enabled: boolean): void {
  // Bun 1.4.5 emits the error of a terminal that has hung up; with nobody listening it would be a fault of ours.
  process.stdin.on("error", ignore);
  process.stdin.setRawMode(enabled);
  process.stdin.off("error", ignore);
}

function ignore(): void {}

/**
 * At exit restore-cursor (in Ink 8.0.0) shows the cursor on standard error, which is done already: it would dirty a
 * file there, and hang for ever on a terminal that reads nothing.
 */
function quietStandardError(isStuck: boolean): void {
  const write = process.stderr.write.bind(process.stderr) as (...written: unknown[]) => boolean;
  const isDropped = (text: unknown): boolean => text === showCursor || (isStuck && process.stderr.isTTY);
  process.stderr.write = (...written: unknown[]) => isDropped(written[0]) || write(...written);
}
