/**
 * Pauses reading from peers while standard output has a backlog, so that no output is lost. In a room the pause ends if
 * the reader of standard output stalls, because the other members must not wait for it.
 */

import { stalledPeerMs } from "../../protocol/limits.ts";

interface GatePorts {
  /** The number of bytes written to standard output so far. */
  readonly written: () => number;
  /** True if other members would wait. */
  readonly hasRoom: () => boolean;
  readonly setPaused: (paused: boolean) => void;
}

export class ReadingGate {
  readonly #ports: GatePorts;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writtenBefore = 0;
  /** The reader stalled, so peers are read again. Output beyond the bound of the queue is dropped and counted. */
  #isGivenUp = false;

  constructor(ports: GatePorts) {
    this.#ports = ports;
  }

  /** Pauses reading because of a backlog. May be called again during the backlog. */
  close(): void {
    if (this.#isGivenUp) return;
    if (this.#timer === undefined) this.#watch();
    this.#ports.setPaused(true);
  }

  /** Resumes reading after the backlog. */
  open(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isGivenUp = false;
    this.#ports.setPaused(false);
  }

  #watch(): void {
    this.#writtenBefore = this.#ports.written();
    this.#timer = setTimeout(() => this.#checkProgress(), stalledPeerMs);
  }

  #checkProgress(): void {
    if (!this.#ports.hasRoom() || this.#ports.written() > this.#writtenBefore) return this.#watch();
    this.#isGivenUp = true;
    this.#ports.setPaused(false);
  }
}
