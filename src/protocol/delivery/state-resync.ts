/** Whether the peer needs a presence resync: a presence frame was given up, and no welcome has replaced it. */

export class StateResync {
  #resyncedUpTo = 0;
  #isNeeded = false;

  get isNeeded(): boolean {
    return this.#isNeeded;
  }

  /** A frame was given up. Frames up to the last resync do not matter, since it replaced them. */
  onGivenUp({ number, isPresence }: { readonly number: number; readonly isPresence: boolean }): void {
    if (isPresence && number > this.#resyncedUpTo) this.#isNeeded = true;
  }

  /** A resync was enqueued: the frames after `upTo` contain the whole room. */
  onResynced(upTo: number): void {
    this.#resyncedUpTo = upTo;
    this.#isNeeded = false;
  }
}
