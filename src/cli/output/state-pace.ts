/**
 * The pace of printed changes of state. A peer causes several with each connection, so those beyond the pace of notices
 * are left out and counted; NDJSON and logs have all of them.
 */

import type { Output } from "../../chat/model/output.ts";
import { peerNoticesBurst, peerNoticesPerSecond } from "../../protocol/limits.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

/** The shortest interval between two counts. */
const countIntervalMs = 1000;

export class StatePace {
  #left = peerNoticesBurst;
  #atMs = 0;
  #leftOut = 0;
  #countedAtMs = 0;

  /** True if an output is to be printed. An output that is no peer's change of state always is. */
  mayPrint(output: Pick<Output, "type" | "atMs"> & { readonly peer?: unknown }): boolean {
    if (output.type !== "state" || output.peer === undefined) return true;
    const { atMs } = output;
    const earned = (Math.max(0, atMs - this.#atMs) * peerNoticesPerSecond) / 1000;
    this.#left = Math.min(peerNoticesBurst, this.#left + earned);
    this.#atMs = atMs;
    if (this.#left < 1) {
      this.#leftOut += 1;
      return false;
    }
    this.#left -= 1;
    return true;
  }

  /** The count of those left out, to be printed before an output of that time; undefined if there is none now. */
  takeLeftOut(atMs: number): Sentence | undefined {
    if (this.#leftOut === 0 || Math.abs(atMs - this.#countedAtMs) < countIntervalMs) return undefined;
    const lines = this.#leftOut;
    this.#leftOut = 0;
    this.#countedAtMs = atMs;
    return sentence("lines-left-out", { lines });
  }
}
