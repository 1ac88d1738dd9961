/** Whether the peer's picture of the room needs a resync: a lasting frame was given up, and no welcome has replaced it. No clock. */

export class StateResync {
  #resyncedUpTo = 0;
  #isNeeded = false;

  get isNeeded(): boolean {
    return this.#isNeeded;
  }

  /** A frame was given up. Frames up to the last resync do not count: it replaced them. */
  onGivenUp({ number, isPresence }: { readonly number: number; readonly isPresence: boolean }): void {
    if (isPresence && number > this.#resyncedUpTo) this.#isNeeded = true;
  }

  /** The frames after `upTo` carry the whole state again. */
  onResynced(upTo: number): void {
    this.#resyncedUpTo = upTo;
    this.#isNeeded = false;
  }
}
