/** A TCP proxy before a Redis: its address stays when another server takes over, and it delays, holds or cuts what passes. */

interface Pair {
  readonly client: Bun.Socket<Side>;
  readonly server: Bun.Socket<Side>;
}

interface Side {
  other: Bun.Socket<Side> | undefined;
  /** Received and not passed on, with the time when it is due. */
  readonly waiting: { readonly bytes: Buffer; readonly dueMs: number }[];
}

export class HubProxy implements Disposable {
  readonly port: number;
  target: number;
  /** Of each direction. */
  delayMs = 0;
  #isHeld = false;
  readonly #sides = new Set<Side>();
  readonly #pairs = new Set<Pair>();
  readonly #listener: Bun.TCPSocketListener<Side>;

  constructor(target: number) {
    this.target = target;
    this.#listener = Bun.listen<Side>({
      hostname: "127.0.0.1",
      port: 0,
      socket: { ...this.#handlers(), open: (client) => this.#accept(client) },
    });
    this.port = this.#listener.port;
  }

  url(room = "lobby"): string {
    return `redis://127.0.0.1:${this.port}/${room}`;
  }

  /** Passes nothing on from now on, as a network does that is cut; or passes on what waits. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    for (const side of this.#sides) this.#flush(side);
  }

  /** Ends every connection, without what waits. */
  reset(): void {
    for (const { client, server } of this.#pairs) for (const socket of [client, server]) socket.terminate();
    this.#pairs.clear();
    this.#sides.clear();
  }

  #accept(client: Bun.Socket<Side>): void {
    client.data = this.#makeSide();
    const connecting = Bun.connect<Side>({
      hostname: "127.0.0.1",
      port: this.target,
      data: this.#makeSide(),
      socket: this.#handlers(),
    });
    const join = (server: Bun.Socket<Side>): void => {
      this.#pairs.add({ client, server });
      client.data.other = server;
      server.data.other = client;
      this.#flush(client.data);
    };
    connecting.then(join, () => client.terminate());
  }

  #makeSide(): Side {
    const side: Side = { other: undefined, waiting: [] };
    this.#sides.add(side);
    return side;
  }

  #handlers() {
    return {
      data: ({ data }: Bun.Socket<Side>, bytes: Buffer): void => {
        data.waiting.push({ bytes: Buffer.from(bytes), dueMs: performance.now() + this.delayMs });
        if (this.delayMs === 0) this.#flush(data);
        else setTimeout(() => this.#flush(data), this.delayMs);
      },
      drain: ({ data }: Bun.Socket<Side>): void => {
        if (data.other !== undefined) this.#flush(data.other.data);
      },
      close: ({ data }: Bun.Socket<Side>): void => {
        this.#sides.delete(data);
        data.other?.end();
      },
      error: (): void => {},
    };
  }

  #flush({ other, waiting }: Side): void {
    if (other === undefined) return;
    // A timer may fire a little before its time.
    const nowMs = performance.now() + 1;
    while (!this.#isHeld && waiting.length > 0 && waiting[0]!.dueMs <= nowMs) {
      const { bytes, dueMs } = waiting[0]!;
      const written = Math.max(0, other.write(bytes));
      if (written < bytes.length) {
        waiting[0] = { bytes: bytes.subarray(written), dueMs };
        return;
      }
      waiting.shift();
    }
  }

  [Symbol.dispose](): void {
    this.reset();
    this.#listener.stop(true);
  }
}
