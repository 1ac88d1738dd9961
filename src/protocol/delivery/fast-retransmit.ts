/**
 * Which tries have been overtaken: those that left before overtakenMax others which are known to have arrived. Tries are
 * numbered in the order they left. No clock.
 */

import { overtakenMax } from "../limits.ts";

export class Overtaking {
  /** The latest that arrived, descending. */
  readonly #arrived: number[] = [];

  /** A try arrived: of a frame that was sent once, for else nobody knows which try it was. */
  arrived(order: number): void {
    this.#arrived.push(order);
    this.#arrived.sort((one, other) => other - one);
    this.#arrived.length = Math.min(this.#arrived.length, overtakenMax);
  }

  isOvertaken(order: number): boolean {
    const last = this.#arrived[overtakenMax - 1];
    return last !== undefined && order < last;
  }
}
