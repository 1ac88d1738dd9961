/** A wire between two programs that relays all bytes and keeps those of each direction. */

import { Bell } from "./wait.ts";

/** What goes on in place of a chunk that was read; `to`: to the target. */
export type Change = (bytes: Buffer, way: "to" | "from") => readonly Uint8Array[];

const changeNothing: Change = (bytes) => [bytes];

/** Listens on a port of 127.0.0.1 of its own and relays each connection to `target`, half-closes too. */
export async function tapTcp(target: number, change = changeNothing): Promise<Tap> {
  const tap = new Tap();
  const listener = Bun.listen<TcpLeg>({
    hostname: "127.0.0.1",
    port: 0,
    allowHalfOpen: true,
    socket: {
      open(socket) {
        const leg = new TcpLeg((bytes) => change(keep(tap.toTarget, bytes), "to"), undefined);
        socket.data = leg;
        void Bun.connect<TcpLeg>({
          hostname: "127.0.0.1",
          port: target,
          allowHalfOpen: true,
          data: new TcpLeg((bytes) => change(keep(tap.fromTarget, bytes), "from"), socket),
          socket: {
            ...tcpHandlers(tap),
            open(other) {
              leg.join(other);
            },
          },
        });
      },
      ...tcpHandlers(tap),
    },
  });
  tap.port = listener.port;
  tap.onDispose = () => listener.stop(true);
  return tap;
}

type TcpSocket = Bun.Socket<TcpLeg>;

/** One direction: bytes from one socket are written to the other, once that is connected. */
class TcpLeg {
  readonly #change: (bytes: Buffer) => readonly Uint8Array[];
  readonly #waiting: Uint8Array[] = [];
  #other: TcpSocket | undefined;
  #ended = false;

  constructor(change: (bytes: Buffer) => readonly Uint8Array[], other: TcpSocket | undefined) {
    this.#change = change;
    this.#other = other;
  }

  join(other: TcpSocket): void {
    this.#other = other;
    for (const bytes of this.#waiting.splice(0)) other.write(bytes);
    if (this.#ended) other.shutdown();
  }

  receive(bytes: Buffer): void {
    for (const changed of this.#change(bytes)) {
      if (this.#other === undefined) this.#waiting.push(changed);
      else this.#other.write(changed);
    }
  }

  end(): void {
    this.#ended = true;
    this.#other?.shutdown();
  }
}

function keep(kept: Buffer[], bytes: Buffer): Buffer {
  kept.push(Buffer.from(bytes));
  return bytes;
}

function tcpHandlers(tap: Tap) {
  return {
    data(socket: TcpSocket, bytes: Uint8Array) {
      socket.data.receive(Buffer.from(bytes));
      tap.bell.ring();
    },
    end(socket: TcpSocket) {
      socket.data.end();
    },
    close(socket: TcpSocket) {
      socket.data.end();
    },
    error() {},
  };
}

/** Like tapTcp, for one UDP client. */
export async function tapUdp(target: number, change = changeNothing): Promise<Tap> {
  const tap = new Tap();
  let client: { readonly port: number; readonly address: string } | undefined;
  const outer = await Bun.udpSocket({
    hostname: "127.0.0.1",
    binaryType: "buffer",
    socket: {
      data(_socket, bytes, port, address) {
        client = { port, address };
        for (const changed of change(keep(tap.toTarget, Buffer.from(bytes)), "to"))
          inner.send(changed, target, "127.0.0.1");
        tap.bell.ring();
      },
      error() {},
    },
  });
  const inner = await Bun.udpSocket({
    hostname: "127.0.0.1",
    binaryType: "buffer",
    socket: {
      data(_socket, bytes) {
        for (const changed of change(keep(tap.fromTarget, Buffer.from(bytes)), "from"))
          if (client !== undefined) outer.send(changed, client.port, client.address);
        tap.bell.ring();
      },
      error() {},
    },
  });
  tap.port = outer.port;
  tap.onDispose = () => {
    outer.close();
    inner.close();
  };
  return tap;
}

export class Tap implements Disposable {
  port = 0;
  readonly bell = new Bell();
  /** The bytes to the target and from it, in the chunks that were read. */
  readonly toTarget: Buffer[] = [];
  readonly fromTarget: Buffer[] = [];
  onDispose: () => void = () => {};

  [Symbol.dispose](): void {
    this.onDispose();
  }
}

/** The bytes of all chunks together, as text. */
export function textOf(pieces: readonly Buffer[]): string {
  return Buffer.concat(pieces).toString();
}
