/**
 * The stream connections of one transport by id, and the part of the Transport interface that listener and connector
 * share.
 */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { closeMaxMs } from "../../protocol/limits.ts";
import type { ConnectionId, FanoutName, SocketEvent } from "../../protocol/sockets/socket-event.ts";
import { type FanoutOwner, StreamFanout } from "../fanout/fanout.ts";
import type { NewSession, SessionKeys } from "../../protocol/sealed/session-keys.ts";
import type { KeptPlace } from "../../protocol/sockets/kept-place.ts";
import type { OnSocketEvent, StreamTransport } from "../contract.ts";
import type { StreamEndpoints } from "../kernel/stream-endpoints.ts";
import type { StreamPlaces } from "./stream-places.ts";
import { type SocketOwner, type StreamSocket, TcpSocket } from "./tcp-socket.ts";

/** How long stop waits for a peer's FIN: by then the peer's kernel has our bytes. */
const stopLingerMs = 250;

interface ConnectionOptions {
  /** A listener's. */
  readonly places?: StreamPlaces<TcpSocket>;
  /** See StreamRequest. */
  readonly bytesOnly: boolean | undefined;
}

/** The methods of Transport that concern one connection. */
type ConnectionCalls = Pick<
  StreamTransport,
  | "send"
  | "sendLent"
  | "seal"
  | "renew"
  | "keepPlace"
  | "shutdown"
  | "close"
  | "setReading"
  | "limitReceiveBuffer"
  | "getDescriptor"
  | "countQueuedBytes"
>;

export class TcpConnections implements ConnectionCalls, FanoutOwner<TcpSocket> {
  readonly #report: OnSocketEvent;
  readonly #sockets = new Map<ConnectionId, TcpSocket>();
  /** A listener's. */
  readonly #places: StreamPlaces<TcpSocket> | undefined;
  readonly #onEmpty: () => void;
  readonly #owner: SocketOwner;
  readonly #fanouts: Readonly<Record<FanoutName, StreamFanout<TcpSocket>>> = {
    raw: new StreamFanout(this),
    duets: new StreamFanout(this),
  };
  /** The events of a fan-out that is being flushed, other than calls. */
  #deferred: SocketEvent[] | undefined;
  #stopTimer: ReturnType<typeof setTimeout> | undefined;

  /** `onEmpty` is called whenever the last connection has ended. */
  constructor(emit: OnSocketEvent, onEmpty: () => void, { places, bytesOnly = false }: ConnectionOptions) {
    this.#report = emit;
    this.#places = places;
    this.#onEmpty = onEmpty;
    this.#owner = {
      bytesOnly,
      onSpoken: (socket) => this.#places?.noteSpoken(socket),
      onHalfClosed: (socket) => this.#places?.noteHalfClosed(socket),
      onEnded: (socket) => this.#remove(socket),
    };
  }

  readonly #emit = (event: SocketEvent): void => {
    // The payload of a call is borrowed, and no call causes a send.
    if (this.#deferred === undefined || event.type === "called") this.#report(event);
    else this.#deferred.push(event);
  };

  readonly onSentToAll: FanoutOwner<TcpSocket>["onSentToAll"] = (connections, payload) =>
    this.#report({ type: "sent-to-all", connections, payload });

  find(connection: ConnectionId): TcpSocket | undefined {
    return this.#sockets.get(connection);
  }

  deferEvents(send: () => void): void {
    const isNested = this.#deferred !== undefined;
    const deferred = (this.#deferred ??= []);
    send();
    if (isNested) return;
    for (const event of deferred) this.#report(event);
    this.#deferred = undefined;
  }

  get size(): number {
    return this.#sockets.size;
  }

  /** Adds a socket that just opened. Must be called inside its `open` handler, so that no event is missed. */
  add(socket: StreamSocket, ends: StreamEndpoints, isInbound: boolean): void {
    const connection = new TcpSocket(socket, ends, this.#emit, this.#owner);
    this.#sockets.set(connection.id, connection);
    this.#places?.add(connection);
    const { id, local, peer } = connection;
    this.#emit({
      type: "called",
      call: isInbound ? "accept" : "connect",
      result: "ok",
      connection: id,
      local,
      peer,
    });
    this.#emit({ type: "connected", connection: id, isInbound, local, peer });
  }

  /** A transport of these connections. Listener and connector differ only in the local endpoint and `stop`. */
  createTransport(local: () => StreamTransport["local"], stop: StreamTransport["stop"]): StreamTransport {
    return {
      name: "tcp",
      get local() {
        return local();
      },
      send: (connection, payload) => this.send(connection, payload),
      sendLent: (connection, bytes) => this.sendLent(connection, bytes),
      fanouts: this.#fanouts,
      seal: (connection, session) => this.seal(connection, session),
      renew: (connection, keys, isResponder) => this.renew(connection, keys, isResponder),
      keepPlace: (connection, place) => this.keepPlace(connection, place),
      shutdown: (connection) => this.shutdown(connection),
      close: (connection, how) => this.close(connection, how),
      setReading: (connection, reading) => this.setReading(connection, reading),
      limitReceiveBuffer: (connection, bytes) => this.limitReceiveBuffer(connection, bytes),
      getDescriptor: (connection) => this.getDescriptor(connection),
      countQueuedBytes: (connection) => this.countQueuedBytes(connection),
      stop,
    };
  }

  #remove(ended: TcpSocket): void {
    for (const fanout of Object.values(this.#fanouts)) fanout.leave(ended.id);
    this.#sockets.delete(ended.id);
    this.#places?.remove(ended);
    if (this.#sockets.size > 0) return;
    clearTimeout(this.#stopTimer);
    this.#onEmpty();
  }

  send(connection: ConnectionId, payload: Uint8Array): ReturnType<StreamTransport["send"]> {
    return this.#upToDate(connection)?.send(payload) ?? "closed";
  }

  sendLent(connection: ConnectionId, bytes: BorrowedBytes): ReturnType<StreamTransport["sendLent"]> {
    return this.#upToDate(connection)?.sendLent(bytes) ?? "closed";
  }

  /** A connection that has been sent everything published so far. */
  #upToDate(connection: ConnectionId): TcpSocket | undefined {
    const socket = this.#sockets.get(connection);
    if (socket === undefined) return undefined;
    this.#fanouts.raw.bringUpToDate(socket);
    this.#fanouts.duets.bringUpToDate(socket);
    return socket;
  }

  seal(connection: ConnectionId, session: NewSession): void {
    this.#upToDate(connection)?.seal(session);
  }

  renew(connection: ConnectionId, keys: SessionKeys, isResponder: boolean): void {
    this.#sockets.get(connection)?.renew(keys, isResponder);
  }

  keepPlace(connection: ConnectionId, place: KeptPlace): void {
    const socket = this.#sockets.get(connection);
    if (socket !== undefined && place === "exempt") this.#places?.exempt(socket);
  }

  shutdown(connection: ConnectionId): void {
    this.#upToDate(connection)?.shutdown();
  }

  close(connection: ConnectionId, how: "flush" | "reset"): void {
    this.#upToDate(connection)?.close(how);
  }

  setReading(connection: ConnectionId, reading: boolean): void {
    this.#sockets.get(connection)?.setReading(reading);
  }

  limitReceiveBuffer(connection: ConnectionId, bytes: number | undefined): void {
    this.#sockets.get(connection)?.limitReceiveBuffer(bytes);
  }

  getDescriptor(connection: ConnectionId): number {
    return this.#sockets.get(connection)?.descriptor ?? -1;
  }

  countQueuedBytes(connection: ConnectionId): number {
    return this.#upToDate(connection)?.queuedBytes ?? 0;
  }

  /** Closes every connection after its queue, which may take closeMaxMs while the peer takes some of it every `idleMs`. */
  closeAll(idleMs: number): void {
    for (const fanout of Object.values(this.#fanouts)) fanout.flush();
    const times = { lingerMs: Math.min(idleMs, stopLingerMs), idleMs };
    for (const socket of this.#sockets.values()) socket.close("flush", times);
    if (this.#sockets.size === 0) return;
    this.#stopTimer = setTimeout(() => {
      for (const socket of this.#sockets.values()) socket.closeNow();
    }, closeMaxMs);
  }
}
