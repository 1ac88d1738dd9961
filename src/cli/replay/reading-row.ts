/** The progress of reading a large recording: one row on the terminal, which the first screen or line replaces. */

import { isatty } from "node:tty";
import { sentence, type Word } from "../../words/sentences/sentence.ts";
import { StandardOutput } from "../files/standard-output.ts";
import { beginRow, clearRow } from "../terminal/terminal-modes.ts";

/** Shows how much was read: from 0 to 1, where 1 clears the row. */
export type ShowReading = (share: number) => void;

/** Undefined if standard error is no terminal. Each row is written at once, since nothing else runs meanwhile. */
export function openReadingRow(path: string, word: Word): ShowReading | undefined {
  if (!isatty(2)) return undefined;
  const stderr = new StandardOutput(2);
  return (share) => {
    if (share >= 1) return stderr.printSequence(clearRow.whole);
    stderr.printSequence(beginRow);
    stderr.print(word(sentence("recording-read", { path, share })));
    stderr.printSequence(clearRow.rest);
  };
}
