/** Encoded frames that wait for their first transmission, in order, and the memory they take. */

export class UnsentLines<Item extends { readonly line: string }> {
  #items: Item[] = [];
  #first = 0;
  #units = 0;

  get isEmpty(): boolean {
    return this.#first === this.#items.length;
  }

  /** UTF-16 units of all lines. */
  get units(): number {
    return this.#units;
  }

  /** The line to send next. */
  get next(): Item | undefined {
    return this.#items[this.#first];
  }

  add(item: Item): void {
    this.#items.push(item);
    this.#units += item.line.length;
  }

  /** Removes the next line. */
  take(): void {
    this.#units -= this.next?.line.length ?? 0;
    this.#first += 1;
    if (this.#first < 1024 && this.#first < this.#items.length) return;
    this.#items = this.#items.slice(this.#first);
    this.#first = 0;
  }

  takeAll(): readonly Item[] {
    const items = this.#items.slice(this.#first);
    this.#items = [];
    this.#first = 0;
    this.#units = 0;
    return items;
  }
}
