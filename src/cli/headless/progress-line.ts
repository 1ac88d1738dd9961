/**
 * The progress of a raw transfer (`--raw -v`), on the terminal behind standard error: one row that is written again, and
 * cleared before anything else is printed and at the end. It is read from the counters of the sockets, so that a
 * transfer costs no more for it.
 */

import { fstatSync } from "node:fs";
import { isatty } from "node:tty";
import { type Sentence, sentence, type Word } from "../../words/sentences/sentence.ts";
import type { StandardOutput } from "../files/standard-output.ts";
import { beginRow, clearRow } from "../terminal/terminal-modes.ts";

/** Bytes that the kernel has taken, and bytes that were received. */
export interface TransferCounts {
  readonly sent: number;
  readonly received: number;
}

interface ProgressPorts {
  readonly stderr: Pick<StandardOutput, "print" | "printSequence">;
  readonly word: Word;
  readonly count: () => TransferCounts;
  /** False: there is nobody to send to or to receive from, so that nothing is shown. */
  readonly hasPeer: () => boolean;
  /** The size of what is sent; undefined: unknown. */
  readonly totalBytes: number | undefined;
  readonly nowMs?: () => number;
}

const intervalMs = 200;
/** The time over which a rate is measured, in intervals. */
const rateIntervals = 5;

interface Look extends TransferCounts {
  readonly atMs: number;
}

export class ProgressLine {
  readonly #ports: ProgressPorts;
  readonly #nowMs: () => number;
  /** The newest last. */
  #looks: Look[] = [];
  /** The row on the terminal. */
  #shown: string | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(ports: ProgressPorts) {
    this.#ports = ports;
    this.#nowMs = ports.nowMs ?? (() => performance.now());
    this.look();
  }

  /** Looks at the counters from now on, until `end`. */
  start(): void {
    this.#timer = setInterval(() => this.look(), intervalMs);
    this.#timer.unref();
  }

  /** Looks at the counters, and shows them once bytes have moved, as far as the row is another then. */
  look(): void {
    const now = { ...this.#ports.count(), atMs: this.#nowMs() };
    this.#looks = [...this.#looks, now].slice(-rateIntervals - 1);
    const { stderr, word } = this.#ports;
    const row = this.#describe(now).map(word).join(" · ");
    if (!this.#ports.hasPeer()) return this.clear();
    if (row === this.#shown || row === "") return;
    stderr.printSequence(beginRow);
    stderr.print(row);
    stderr.printSequence(clearRow.rest);
    this.#shown = row;
  }

  #describe(now: Look): readonly Sentence[] {
    const first = this.#looks[0] ?? now;
    const seconds = Math.max(0.001, (now.atMs - first.atMs) / 1000);
    const perSecond = (way: "sent" | "received"): number => (now[way] - first[way]) / seconds;
    const { totalBytes } = this.#ports;
    const sent = sentence("transfer-sent", { bytes: now.sent, totalBytes, perSecond: perSecond("sent") });
    const received = sentence("transfer-received", { bytes: now.received, perSecond: perSecond("received") });
    return [...(now.sent > 0 ? [sent] : []), ...(now.received > 0 ? [received] : [])];
  }

  /** Makes room for what is printed next; the row is back with the next look. */
  clear(): void {
    if (this.#shown !== undefined) this.#ports.stderr.printSequence(clearRow.whole);
    this.#shown = undefined;
  }

  end(): void {
    clearInterval(this.#timer);
    this.clear();
  }
}

/** True if standard error is a terminal. */
export function hasProgressTerminal(): boolean {
  return isatty(2);
}

/** The size of standard input, if it is a file; undefined for a pipe or a terminal. */
export function findInputSize(): number | undefined {
  const stat = fstatSync(0);
  return stat.isFile() ? stat.size : undefined;
}
