/** Connections in one queue for each address, the oldest first, and the address that has the most of them. */

export class AddressQueues<Connection> {
  readonly #queues = new Map<string, Set<Connection>>();
  /** The keys of addresses by the number of their connections: `#keys[2]` have two. */
  readonly #keys: Set<string>[] = [];
  #largest = 0;
  #size = 0;

  /** All connections. */
  get size(): number {
    return this.#size;
  }

  *values(): IterableIterator<Connection> {
    for (const queue of this.#queues.values()) yield* queue;
  }

  has(key: string, connection: Connection): boolean {
    return this.#queues.get(key)?.has(connection) === true;
  }

  /** Connections of one address. */
  countFrom(key: string): number {
    return this.#queues.get(key)?.size ?? 0;
  }

  /** An address that has at least as many connections as any other; undefined without connections. */
  get fullestKey(): string | undefined {
    return first(this.#keys[this.#largest]);
  }

  /** The connection of an address that was added first. */
  oldestOf(key: string): Connection | undefined {
    return first(this.#queues.get(key));
  }

  /** Adds a connection behind the others of its address; one that is there already becomes the last. */
  add(key: string, connection: Connection): void {
    this.remove(key, connection);
    const queue = this.#queues.get(key) ?? new Set();
    this.#queues.set(key, queue);
    queue.add(connection);
    this.#size += 1;
    this.#move(key, queue.size - 1, queue.size);
    this.#largest = Math.max(this.#largest, queue.size);
  }

  /** Removes a connection. False if it was not there. */
  remove(key: string, connection: Connection): boolean {
    const queue = this.#queues.get(key);
    if (queue?.delete(connection) !== true) return false;
    this.#size -= 1;
    this.#move(key, queue.size + 1, queue.size);
    if (queue.size === 0) this.#queues.delete(key);
    if (this.#keys[this.#largest]?.size === 0) this.#largest -= 1;
    return true;
  }

  #move(key: string, from: number, to: number): void {
    this.#keys[from]?.delete(key);
    if (to > 0) (this.#keys[to] ??= new Set()).add(key);
  }
}

function first<Value>(values: ReadonlySet<Value> | undefined): Value | undefined {
  return values?.values().next().value;
}
