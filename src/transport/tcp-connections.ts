/**
 * The stream connections of one transport by id, and what both the listener and the connector promise of
 * them. It opens nothing and listens nowhere.
 */

import type { ConnectionId } from "../protocol/socket-event.ts";
import type { OnSocketEvent, Transport } from "./contract.ts";
import { closeLingerMs, type StreamSocket, TcpSocket } from "./tcp-socket.ts";

/** On the way out a silent peer's FIN is waited for only this long: its kernel has had our bytes by then. */
const stopLingerMs = 250;

/** The part of Transport that concerns connections. */
export type ConnectionCalls = Pick<Transport, "send" | "shutdown" | "close" | "setReading" | "queuedBytes">;

export class TcpConnections implements ConnectionCalls {
  readonly #emit: OnSocketEvent;
  readonly #sockets = new Map<ConnectionId, TcpSocket>();
  readonly #onEmpty: () => void;
  #stopTimer: ReturnType<typeof setTimeout> | undefined;

  /** `onEmpty` is called after each end that leaves no connection. */
  constructor(emit: OnSocketEvent, onEmpty: () => void) {
    this.#emit = emit;
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    return this.#sockets.size;
  }

  /** Takes over a socket that just opened. Called inside its `open` handler, so that no event is missed. */
  add(socket: StreamSocket, ends: ConstructorParameters<typeof TcpSocket>[1], accepted: boolean): void {
    const connection = new TcpSocket(socket, ends, this.#emit, (ended) => this.#remove(ended));
    this.#sockets.set(connection.id, connection);
    const { id, local, peer } = connection;
    this.#emit({
      type: "called",
      call: accepted ? "accept" : "connect",
      result: "ok",
      connection: id,
      local,
      peer,
    });
    this.#emit({ type: "connected", connection: id, accepted, local, peer });
  }

  /** The transport whose connections these are: only where it is bound, and how it stops, is its own. */
  asTransport(local: () => Transport["local"], stop: Transport["stop"]): Transport {
    return {
      name: "tcp",
      get local() {
        return local();
      },
      send: (connection, payload) => this.send(connection, payload),
      shutdown: (connection) => this.shutdown(connection),
      close: (connection, how) => this.close(connection, how),
      setReading: (connection, reading) => this.setReading(connection, reading),
      queuedBytes: (connection) => this.queuedBytes(connection),
      stop,
    };
  }

  #remove(ended: TcpSocket): void {
    this.#sockets.delete(ended.id);
    if (this.#sockets.size > 0) return;
    clearTimeout(this.#stopTimer);
    this.#onEmpty();
  }

  send(connection: ConnectionId, payload: Uint8Array): ReturnType<Transport["send"]> {
    return this.#sockets.get(connection)?.send(payload) ?? "closed";
  }

  shutdown(connection: ConnectionId): void {
    this.#sockets.get(connection)?.shutdown();
  }

  close(connection: ConnectionId, how: "flush" | "reset"): void {
    this.#sockets.get(connection)?.close(how, closeLingerMs);
  }

  setReading(connection: ConnectionId, reading: boolean): void {
    this.#sockets.get(connection)?.setReading(reading);
  }

  queuedBytes(connection: ConnectionId): number {
    return this.#sockets.get(connection)?.queuedBytes ?? 0;
  }

  /** Closes every connection after its queue; what has not ended after `flushMs` is let go. */
  closeAll(flushMs: number): void {
    for (const socket of this.#sockets.values()) socket.close("flush", Math.min(flushMs, stopLingerMs));
    if (this.#sockets.size === 0) return;
    this.#stopTimer = setTimeout(() => {
      for (const socket of this.#sockets.values()) socket.letGo();
    }, flushMs);
  }
}
