/** A plain TCP client of a test's own, which keeps the received bytes and can stop reading. */

import { Bell } from "./wait.ts";

/** Connects to a port of 127.0.0.1. Disposing it resets the connection. */
export async function startClient(port: number): Promise<RawClient> {
  const client = new RawClient();
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    allowHalfOpen: true,
    socket: {
      data(_socket, bytes) {
        client.received.push(Buffer.from(bytes));
        client.receivedBytes += bytes.length;
        client.bell.ring();
      },
      drain: () => client.flush(),
      end() {
        client.ended = true;
        client.bell.ring();
      },
      close() {
        client.ended = true;
        client.closed = true;
        client.bell.ring();
      },
      error() {},
    },
  });
  client.attach(socket);
  return client;
}

/** How many members a hub's banner counts for a silent client: the members, the host and the client. */
export async function countMembers(port: number): Promise<number> {
  using late = await startClient(port);
  await late.waitForText("Type a line");
  return Number(/, (\d+) here/.exec(late.text)?.[1]);
}

export class RawClient implements Disposable {
  readonly received: Buffer[] = [];
  receivedBytes = 0;
  readonly bell = new Bell();
  /** FIN was received. */
  ended = false;
  closed = false;
  #socket: Bun.Socket<undefined> | undefined;
  #waiting = Buffer.alloc(0);
  #wantsEnd = false;
  port = 0;

  attach(socket: Bun.Socket<undefined>): void {
    this.#socket = socket;
    this.port = socket.localPort;
  }

  get text(): string {
    return Buffer.concat(this.received).toString();
  }

  write(content: string | Uint8Array): void {
    this.#waiting = Buffer.concat([this.#waiting, Buffer.from(content)]);
    this.flush();
  }

  /** Sends FIN after all written bytes; reading continues. */
  end(): void {
    this.#wantsEnd = true;
    this.flush();
  }

  flush(): void {
    const taken = this.#waiting.length === 0 ? 0 : (this.#socket?.write(this.#waiting) ?? 0);
    this.#waiting = this.#waiting.subarray(Math.max(0, taken));
    if (this.#wantsEnd && this.#waiting.length === 0) this.#socket?.shutdown();
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  async waitFor(condition: () => boolean, what: string, timeoutMs?: number): Promise<void> {
    await this.bell.waitFor(condition, what, timeoutMs, () => this.text);
  }

  async waitForText(text: string, timeoutMs?: number): Promise<void> {
    await this.waitFor(() => this.text.includes(text), `the text ${text}`, timeoutMs);
  }

  [Symbol.dispose](): void {
    this.#socket?.terminate();
  }
}
