/** Restores the terminal before a signal or a fault ends the process. */

import { sentence, type Word } from "../../words/sentences/sentence.ts";
import { exitFault, exitHangup, exitInterrupt, exitQuit, exitTerminated } from "./exit-code.ts";

type EndingSignal = "SIGHUP" | "SIGINT" | "SIGQUIT" | "SIGTERM";

const exitCodes: Readonly<Record<EndingSignal, number>> = {
  SIGHUP: exitHangup,
  SIGINT: exitInterrupt,
  SIGQUIT: exitQuit,
  SIGTERM: exitTerminated,
};

interface GuardOptions {
  /** Called for the first signal, to send goodbyes and exit with the code. A second signal exits at once. */
  readonly onSignal: (signal: EndingSignal, exitCode: number) => void;
  /** Restores the terminal. Synchronous and idempotent. */
  readonly restore: () => void;
  /** Prints a fault on standard error. Synchronous. */
  readonly print: (text: string) => void;
  readonly word: Word;
}

interface Guard extends Disposable {
  /** Restores the terminal, prints the fault in one sentence (with DUET_DEBUG also its stack) and exits with 70. */
  readonly fail: (fault: unknown) => never;
}

/** Handles HUP, INT, QUIT, TERM and uncaught exceptions until disposed. */
export function guardTerminal({ onSignal, restore, print, word }: GuardOptions): Guard {
  let isSignalled = false;
  const describe = (fault: unknown): string => describeFault(fault, word);
  const onEnding = (signal: EndingSignal): void => {
    const exitCode = exitCodes[signal];
    if (isSignalled) exit(exitCode);
    isSignalled = true;
    onSignal(signal, exitCode);
  };
  const exit = (exitCode: number, message = ""): never => {
    print(message + restoreAfterAll(restore, describe));
    process.exit(exitCode);
  };
  const fail = (fault: unknown): never => exit(exitFault, describe(fault));
  const signals = Object.keys(exitCodes) as EndingSignal[];
  for (const signal of signals) process.on(signal, onEnding);
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  return {
    fail,
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, onEnding);
      process.off("uncaughtException", fail);
      process.off("unhandledRejection", fail);
    },
  };
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
