/**
 * Who reads standard output sets the pace of the peers, since nothing of what they say is to be lost; but a reader
 * that has stopped altogether does not stop a room for long. It knows neither what is written nor to whom.
 */

import { stalledPeerMs } from "../../protocol/limits.ts";

/** What the gate looks at and moves. */
interface GateEnds {
  /** Bytes that have left so far. */
  readonly written: () => number;
  /** Others would wait: there is a room. */
  readonly hasRoom: () => boolean;
  readonly setPaused: (paused: boolean) => void;
}

export class ReadingGate {
  readonly #ends: GateEnds;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writtenBefore = 0;
  /** Nobody reads: what comes is queued as far as it fits, and then dropped and counted. */
  #givenUp = false;

  constructor(ends: GateEnds) {
    this.#ends = ends;
  }

  /** Too much waits to be written. Called again for each output while that lasts. */
  close(): void {
    if (this.#givenUp) return;
    if (this.#timer === undefined) this.#watch();
    this.#ends.setPaused(true);
  }

  /** There is room again. */
  open(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#givenUp = false;
    this.#ends.setPaused(false);
  }

  #watch(): void {
    this.#writtenBefore = this.#ends.written();
    this.#timer = setTimeout(() => this.#look(), stalledPeerMs);
  }

  #look(): void {
    if (!this.#ends.hasRoom() || this.#ends.written() > this.#writtenBefore) return this.#watch();
    this.#givenUp = true;
    this.#ends.setPaused(false);
  }
}
