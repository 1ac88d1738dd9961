/** Which counters of sealed datagrams were received, of the latest replayWindow (compare RFC 6479). */

import { replayWindow } from "../limits.ts";

const wordBits = 32;
/** One word more than the window, since the newest word is filled gradually. */
const words = replayWindow / wordBits + 1;

export class ReplayWindow {
  /** A ring: the word of a counter is at its number modulo `words`. Made when a second counter is noted. */
  readonly #bits = new Uint32Array(words);
  #highest = -1;

  /** The highest counter that was noted; -1: none. */
  get highest(): number {
    return this.#highest;
  }

  /** True if the counter is neither noted nor older than the window. */
  isNew(counter: number): boolean {
    if (counter > this.#highest) return true;
    if (counter <= this.#highest - replayWindow) return false;
    return ((this.#bits[slotOf(counter)] ?? 0) & bitOf(counter)) === 0;
  }

  /** Notes a counter that is new. */
  note(counter: number): void {
    const word = Math.floor(counter / wordBits);
    const highestWord = Math.floor(this.#highest / wordBits);
    if (word > highestWord) {
      const cleared = Math.min(words, word - Math.max(highestWord, -1));
      for (let back = 0; back < cleared; back += 1) this.#bits[(word - back) % words] = 0;
    }
    this.#bits[slotOf(counter)]! |= bitOf(counter);
    this.#highest = Math.max(this.#highest, counter);
  }
}

function slotOf(counter: number): number {
  return Math.floor(counter / wordBits) % words;
}

function bitOf(counter: number): number {
  return 1 << (counter % wordBits);
}
