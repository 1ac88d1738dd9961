/**
 * A scripted peer on a real socket, and the bytes on its wire in a readable order: `→` to duet, `←` from duet.
 * Frames that depend on timers (pings, acknowledgements, retransmissions) are left out, unless a test waits for
 * them.
 */

import { Bell } from "../support/wait.ts";

const timed = ["ping", "pong", "ack"] as const;

interface Way {
  send(bytes: Uint8Array): void;
  /** Sends FIN. */
  shutdown(): void;
  /** Sends RST, over TCP. */
  reset(): void;
}

export class Wire implements Disposable {
  readonly log: string[] = [];
  readonly #bell = new Bell();
  readonly #way: Way;
  /** Lines of the stream, or datagrams, that no test has taken yet; the last line of a stream may be incomplete. */
  #pieces: Buffer[] = [];
  readonly #taken = new Set<string>();
  readonly #isStream: boolean;
  /** The local port. */
  port = 0;
  /** Duet's port; over UDP known once it has sent. */
  peerPort = 0;
  closed: "" | "FIN" | "closed" = "";

  constructor(isStream: boolean, way: Way) {
    this.#isStream = isStream;
    this.#way = way;
  }

  get text(): string {
    return this.log.join("\n");
  }

  /** Sends to duet. */
  send(...lines: readonly (string | Uint8Array)[]): void {
    for (const line of lines) {
      this.log.push(`→ ${shown(Buffer.from(line))}`);
      this.#way.send(Buffer.from(line));
    }
  }

  /** Sends a duet/1 frame to duet. */
  sendFrame(fields: Readonly<Record<string, unknown>>): void {
    this.send(`duet/1 ${JSON.stringify(fields)}${this.#isStream ? "\n" : ""}`);
  }

  /** Logs duet's bytes up to the first matching line or datagram, and returns that one. */
  async takes(pattern: RegExp | string): Promise<string> {
    const isIt = (piece: Buffer): boolean =>
      typeof pattern === "string" ? piece.toString().includes(pattern) : pattern.test(piece.toString());
    await this.#bell.waitFor(
      () => this.#pieces.some(isIt),
      `the bytes ${pattern}`,
      undefined,
      () => [...this.log, ...this.#pieces.map(shown)].join("\n"),
    );
    const pieces = this.#pieces.splice(0, this.#pieces.findIndex(isIt) + 1);
    this.#write(pieces, String(pattern));
    return pieces.at(-1)!.toString();
  }

  /**
   * Waits for two pieces that may arrive in either order, and logs them in this one, after all others that have
   * arrived.
   */
  async takesBoth(first: string, second: string): Promise<void> {
    const find = (pattern: string): Buffer | undefined =>
      this.#pieces.find((piece) => piece.toString().includes(pattern));
    await this.#bell.waitFor(
      () => find(first) !== undefined && find(second) !== undefined,
      `the bytes ${first} and ${second}`,
      undefined,
      () => [...this.log, ...this.#pieces.map(shown)].join("\n"),
    );
    const both = [find(first)!, find(second)!];
    const others = this.#pieces.splice(0).filter((piece) => !both.includes(piece));
    this.#write(others, "");
    this.#write(both, `${first} ${second}`);
  }

  /** Waits for the next frame of this type; returns its fields. */
  async takesFrame(type: string): Promise<Readonly<Record<string, unknown>>> {
    const text = await this.takes(`"type":"${type}"`);
    return JSON.parse(text.slice("duet/1 ".length)) as Readonly<Record<string, unknown>>;
  }

  /** Waits for FIN or for the close, and logs the bytes before it. */
  async takesEnd(how: "FIN" | "closed" = "FIN"): Promise<void> {
    await this.#bell.waitFor(() => this.closed === how || this.closed === "closed", how);
    this.#write(this.#pieces.splice(0), "");
    this.log.push(`← ${how}`);
  }

  receive(bytes: Uint8Array): void {
    if (this.#isStream) this.#pieces = splitLines(Buffer.concat([...this.#pieces, bytes]));
    else this.#pieces.push(Buffer.from(bytes));
    this.#bell.ring();
  }

  end(how: "FIN" | "closed"): void {
    this.closed = how;
    this.#bell.ring();
  }

  shutdown(): void {
    this.log.push("→ FIN");
    this.#way.shutdown();
  }

  reset(): void {
    this.log.push("→ RST");
    this.#way.reset();
  }

  [Symbol.dispose](): void {
    this.#way.reset();
  }

  #write(pieces: readonly Buffer[], waitedFor: string): void {
    for (const piece of pieces) {
      const text = piece.toString();
      if (timed.some((type) => text.includes(`{"type":"${type}"`) && !waitedFor.includes(type))) continue;
      // The banner depends on how soon the peer has sent.
      if (/^duet\/1 [^{]/.test(text) && !waitedFor.includes("Type a line")) continue;
      const first = text.replace(/,"t":\d+\}/, "}");
      if (!this.#isStream && text.startsWith("duet/1 {") && this.#taken.has(first)) continue;
      this.#taken.add(first);
      this.log.push(`← ${shown(piece)}`);
    }
  }
}

/** A TCP client of duet. */
export async function connectWire(port: number): Promise<Wire> {
  const opened = Promise.withResolvers<Wire>();
  const socket = { ...streamHandlers, open: (one: WireSocket) => opened.resolve(attach(one)) };
  await Bun.connect<Attached>({ hostname: "127.0.0.1", port, allowHalfOpen: true, data: {}, socket });
  return await opened.promise;
}

/** A TCP server for duets: `accept` returns the next connection. */
export class WireListener implements Disposable {
  readonly #wires: Wire[] = [];
  readonly #bell = new Bell();
  readonly #listener = Bun.listen<Attached>({
    hostname: "127.0.0.1",
    port: 0,
    allowHalfOpen: true,
    data: {},
    socket: {
      ...streamHandlers,
      open: (socket) => {
        socket.data = {};
        this.#wires.push(attach(socket));
        this.#bell.ring();
      },
    },
  });

  get port(): number {
    return this.#listener.port;
  }

  async accept(): Promise<Wire> {
    await this.#bell.waitFor(() => this.#wires.length > 0, "a connection");
    return this.#wires.shift()!;
  }

  [Symbol.dispose](): void {
    this.#listener.stop(true);
  }
}

interface Attached {
  wire?: Wire;
}
type WireSocket = Bun.Socket<Attached>;

const streamHandlers: Bun.SocketHandler<Attached> = {
  data: ({ data }, bytes) => data.wire?.receive(bytes),
  end: ({ data }) => data.wire?.end("FIN"),
  close: ({ data }) => data.wire?.end("closed"),
  error() {},
};

function attach(socket: WireSocket): Wire {
  const wire = new Wire(true, {
    send: (bytes) => void socket.write(bytes),
    shutdown: () => void socket.shutdown(),
    reset: () => void socket.terminate(),
  });
  wire.port = socket.localPort;
  wire.peerPort = socket.remotePort;
  socket.data.wire = wire;
  return wire;
}

/** A UDP socket. `to` is duet's port; without it, the first sender is answered. */
export async function openDatagramWire(to?: number): Promise<Wire> {
  const socket = await Bun.udpSocket({
    hostname: "127.0.0.1",
    socket: {
      data(_socket, bytes, port) {
        wire.peerPort ||= port;
        wire.receive(bytes);
      },
    },
  });
  const wire = new Wire(false, {
    send: (bytes) => void socket.send(bytes, wire.peerPort, "127.0.0.1"),
    shutdown() {},
    reset: () => socket.close(),
  });
  wire.port = socket.port;
  wire.peerPort = to ?? 0;
  return wire;
}

/** Bytes as text with escapes; in hexadecimal if they are not UTF-8. */
export function shown(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString();
  if (text.includes("\ufffd")) return `hex ${Buffer.from(bytes).toString("hex")}`;
  return JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"');
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}
