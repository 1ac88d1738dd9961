/** Whether a peer has missed news that nothing sent since makes up for: a frame that was to last was given up. No clock. */

export class MissedNews {
  #madeUpTo = 0;
  #isMissing = false;

  get isMissing(): boolean {
    return this.#isMissing;
  }

  /** What was made up for in any case, later news among it, is no loss any more. */
  givenUp({ number, isLasting }: { readonly number: number; readonly isLasting: boolean }): void {
    if (isLasting && number > this.#madeUpTo) this.#isMissing = true;
  }

  /** All that is told after `upTo` makes up for what was told before. */
  madeUp(upTo: number): void {
    this.#madeUpTo = upTo;
    this.#isMissing = false;
  }
}
