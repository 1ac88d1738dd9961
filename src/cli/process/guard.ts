/**
 * Sees to it that no way out leaves the terminal broken: signals, and faults of ours.
 * It knows neither the screen nor the sockets: `restore` and `onSignal` do.
 */

import { sentence, type Word } from "../../words/sentences/sentence.ts";
import { exitFault, exitHangup, exitInterrupt, exitTerminated } from "./exit-code.ts";

type EndingSignal = "SIGHUP" | "SIGINT" | "SIGTERM";

const exitCodes: Readonly<Record<EndingSignal, number>> = {
  SIGHUP: exitHangup,
  SIGINT: exitInterrupt,
  SIGTERM: exitTerminated,
};

interface GuardOptions {
  /** The first signal: say goodbye to the peers, then exit with the code. A second one exits at once. */
  readonly onSignal: (signal: EndingSignal, exitCode: number) => void;
  /** Gives the terminal back: synchronous, and harmless when called again. */
  readonly restore: () => void;
  /** Words what the person is told. */
  readonly word: Word;
}

interface Guard extends Disposable {
  /** A fault of ours: restores, says so in one sentence (with DUET_DEBUG its stack) and exits 70. */
  readonly fail: (fault: unknown) => never;
}

/** Takes charge of the signals and of what nobody caught, until disposed. */
export function guardTerminal({ onSignal, restore, word }: GuardOptions): Guard {
  let signalled = false;
  const describe = (fault: unknown): string => describeFault(fault, word);
  const onEnding = (signal: EndingSignal): void => {
    const exitCode = exitCodes[signal];
    if (signalled) exitRestored(restore, describe, exitCode);
    signalled = true;
    onSignal(signal, exitCode);
  };
  const fail = (fault: unknown): never => exitRestored(restore, describe, exitFault, describe(fault));
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

function exitRestored(
  restore: () => void,
  describe: (fault: unknown) => string,
  exitCode: number,
  lastWords = "",
): never {
  let said = lastWords;
  try {
    restore();
  } catch (fault) {
    said += describe(fault);
  }
  // Through the stream, not descriptor 2: restoring has made it drop what a terminal nobody reads would never take.
  if (said !== "") process.stderr.write(said);
  process.exit(exitCode);
}

/** One sentence, safe to print whatever a peer may have put into the message. */
export function describeFault(fault: unknown, word: Word): string {
  const message = fault instanceof Error ? fault.message : String(fault);
  const told = `${word(sentence("fault", { message: escapeControls(message) }))}\n`;
  const stack = fault instanceof Error ? fault.stack : undefined;
  if (!process.env["DUET_DEBUG"] || stack === undefined) return told;
  return `${told}${stack.split("\n").map(escapeControls).join("\n")}\n`;
}

function escapeControls(text: string): string {
  return text.replace(/\p{C}/gu, (control) => `\\u{${control.codePointAt(0)!.toString(16)}}`);
}
