/** Restores the terminal before a signal or a fault ends the process. */

import { constants } from "node:os";
import { deadlySignals, endingSignals, type EndingSignal } from "../../words/parts/ending-signals.ts";
import { sentence, type Word } from "../../words/sentences/sentence.ts";
import { exitFault } from "./exit-code.ts";
import { readIgnoredSignals } from "./ignored-signals.ts";

/** How long the process may take to die by a signal. */
const deathMaxMs = 1000;

interface GuardOptions {
  /** Called for the first signal, to send goodbyes and leave with the code. A second signal ends at once. */
  readonly onSignal: (signal: EndingSignal, exitCode: number) => void;
  /** Restores the terminal. Synchronous and idempotent. */
  readonly restore: () => void;
  /** Prints a fault on standard error. Synchronous. */
  readonly print: (text: string) => void;
  readonly word: Word;
}

export interface Guard extends Disposable {
  /** Restores the terminal, prints the fault in one sentence (with DUET_DEBUG also its stack) and exits with 70. */
  readonly fail: (fault: unknown) => never;
  /** Ends the process: with the code, or by the signal that was received, if it is a deadly one. */
  readonly leave: (exitCode: number) => never;
}

/**
 * Handles the signals that end duet, and uncaught exceptions, until disposed. A signal that was ignored when duet was
 * started stays ignored.
 */
export function guardTerminal({ onSignal, restore, print, word }: GuardOptions): Guard {
  let received: EndingSignal | undefined;
  const describe = (fault: unknown): string => describeFault(fault, word);
  const onEnding = (signal: EndingSignal): void => {
    const isFirst = received === undefined;
    received = signal;
    const exitCode = 128 + constants.signals[signal];
    if (!isFirst) exit(exitCode);
    onSignal(signal, exitCode);
  };
  const leave = (exitCode: number): never => {
    if (received !== undefined && isDeadly(received)) dieBy(received);
    process.exit(exitCode);
  };
  const exit = (exitCode: number, message = ""): never => {
    print(message + restoreAfterAll(restore, describe));
    return leave(exitCode);
  };
  const fail = (fault: unknown): never => {
    received = undefined;
    return exit(exitFault, describe(fault));
  };
  const ignored = readIgnoredSignals();
  const signals = endingSignals.filter((signal) => !ignored.has(signal));
  for (const signal of signals) process.on(signal, onEnding);
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  return {
    fail,
    leave,
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, onEnding);
      process.off("uncaughtException", fail);
      process.off("unhandledRejection", fail);
    },
  };
}

function isDeadly(signal: EndingSignal): boolean {
  return deadlySignals.some((deadly) => deadly === signal);
}

/** Sends the signal to this process once more, which it then does not handle. */
function dieBy(signal: EndingSignal): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // Another thread may take the signal a moment later.
  Bun.sleepSync(deathMaxMs);
}

/** Returns the description of a fault while restoring; empty if there was none. */
function restoreAfterAll(restore: () => void, describe: (fault: unknown) => string): string {
  try {
    restore();
    return "";
  } catch (fault) {
    return describe(fault);
  }
}

/** One sentence with a newline. Safe to print, even if a peer caused the text of the message. */
export function describeFault(fault: unknown, word: Word): string {
  const message = fault instanceof Error ? fault.message : String(fault);
  const line = `${word(sentence("fault", { message: escapeControls(message) }))}\n`;
  const stack = fault instanceof Error ? fault.stack : undefined;
  if (!process.env["DUET_DEBUG"] || stack === undefined) return line;
  return `${line}${stack.split("\n").map(escapeControls).join("\n")}\n`;
}

function escapeControls(text: string): string {
  return text.replace(/\p{C}/gu, (control) => `\\u{${control.codePointAt(0)!.toString(16)}}`);
}
