/**
 * The stream connections of one transport by id, and the part of the Transport interface that listener and connector
 * share.
 */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import { relayBlockMaxBytes, broadcastSoonBytes } from "../../protocol/limits.ts";
import type { ConnectionId, Hearers, SocketEvent } from "../../protocol/sockets/socket-event.ts";
import { AddressCounts } from "../addresses/address-counts.ts";
import { type Audience, BroadcastLog, type OnSentToAll } from "../fanout/turn-block.ts";
import type { OnSocketEvent, StreamTransport } from "../contract.ts";
import { flushAfterTurn, flushThisTurn } from "../queue/write-coalescer.ts";
import type { StreamEndpoints } from "../kernel/stream-endpoints.ts";
import { closeLingerMs, type StreamSocket, TcpSocket } from "./tcp-socket.ts";

/** How long stop waits for a peer's FIN: by then the peer's kernel has our bytes. */
const stopLingerMs = 250;

/** Usually one audience of raw peers and one of duets. If members leave during a turn there are more, which overlap. */
const audiencesUsual = 2;
/**
 * With more audiences all blocks are sent, because each send to one connection must first send it the block of each.
 */
const audiencesMax = 64;

/** The methods of Transport that concern one connection. */
type ConnectionCalls = Pick<
  StreamTransport,
  | "send"
  | "broadcast"
  | "shutdown"
  | "close"
  | "setReading"
  | "limitReceiveBuffer"
  | "getDescriptor"
  | "countQueuedBytes"
>;

type List = Hearers["list"];

export class TcpConnections implements ConnectionCalls {
  readonly #report: OnSocketEvent;
  readonly #sockets = new Map<ConnectionId, TcpSocket>();
  readonly #addresses = new AddressCounts();
  readonly #onEmpty: () => void;
  /** Audiences by their list, as long as the chat refers to the list. */
  readonly #audiences = new WeakMap<List, Audience<TcpSocket>>();
  /**
   * The block of this turn for each audience, in the order of their first payloads. Members may leave during a turn.
   */
  #logs = new Map<List, BroadcastLog<TcpSocket>>();
  /** Events during a flush, except calls. They are reported when all blocks are sent; undefined outside a flush. */
  #deferred: SocketEvent[] | undefined;
  #stopTimer: ReturnType<typeof setTimeout> | undefined;

  /** `onEmpty` is called whenever the last connection has ended. */
  constructor(emit: OnSocketEvent, onEmpty: () => void) {
    this.#report = emit;
    this.#onEmpty = onEmpty;
  }

  readonly #emit = (event: SocketEvent): void => {
    // A call is reported at once: its payload is borrowed, and the chat sends nothing in response to it.
    if (this.#deferred === undefined || event.type === "called") this.#report(event);
    else this.#deferred.push(event);
  };

  readonly #tellSentToAll: OnSentToAll = (connections, payload) =>
    this.#report({ type: "sent-to-all", connections, payload });

  get size(): number {
    return this.#sockets.size;
  }

  /** Connections from the same address; 0 for loopback, which is exempt. */
  countFrom(peer: Endpoint): number {
    return this.#addresses.countFrom(peer);
  }

  /** Adds a socket that just opened. Must be called inside its `open` handler, so that no event is missed. */
  add(socket: StreamSocket, ends: StreamEndpoints, isInbound: boolean): void {
    const connection = new TcpSocket(socket, ends, this.#emit, (ended) => this.#remove(ended));
    this.#sockets.set(connection.id, connection);
    this.#addresses.add(connection.peer);
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
      broadcast: (hearers, but, payload) => this.broadcast(hearers, but, payload),
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
    this.#sockets.delete(ended.id);
    this.#addresses.remove(ended.peer);
    if (this.#sockets.size > 0) return;
    clearTimeout(this.#stopTimer);
    this.#onEmpty();
  }

  send(connection: ConnectionId, payload: Uint8Array): ReturnType<StreamTransport["send"]> {
    return this.#upToDate(connection)?.send(payload) ?? "closed";
  }

  broadcast(hearers: Hearers, but: ConnectionId | undefined, payload: Uint8Array): void {
    const { list, size } = hearers;
    const begun = this.#logs.get(list);
    if (begun !== undefined && begun.bytes + payload.length > relayBlockMaxBytes) this.flush();
    if (this.#logs.size === 0) flushAfterTurn(this);
    const log = this.#logs.get(list) ?? this.#begin(list);
    if (log.audience.seen < size) this.#admit(log, hearers);
    log.add(payload, but);
    if (this.#logs.size >= audiencesMax) this.flush();
    else if (log.bytes > broadcastSoonBytes) flushThisTurn();
  }

  #begin(list: List): BroadcastLog<TcpSocket> {
    const known = this.#audiences.get(list);
    const audience = known ?? { listeners: new Set<TcpSocket>(), seen: 0 };
    if (known === undefined) this.#audiences.set(list, audience);
    const log = new BroadcastLog(audience, this.#tellSentToAll);
    this.#logs.set(list, log);
    return log;
  }

  #admit(log: BroadcastLog<TcpSocket>, { list, size }: Hearers): void {
    for (const id of list.slice(log.audience.seen, size)) {
      const socket = this.#sockets.get(id);
      if (socket !== undefined) log.admit(socket);
    }
    log.audience.seen = size;
  }

  /** Sends the blocks of this turn. Events caused by it may broadcast more, in new blocks. */
  flush(): void {
    const logs = this.#logs;
    this.#logs = new Map();
    const isNested = this.#deferred !== undefined;
    const deferred = (this.#deferred ??= []);
    for (const log of logs.values()) log.giveToAll(logs.size <= audiencesUsual);
    if (isNested) return;
    for (const event of deferred) this.#report(event);
    this.#deferred = undefined;
  }

  /** The connection, after sending it the blocks of this turn so far. */
  #upToDate(connection: ConnectionId): TcpSocket | undefined {
    const socket = this.#sockets.get(connection);
    if (socket !== undefined) for (const log of this.#logs.values()) log.giveTo(socket);
    return socket;
  }

  shutdown(connection: ConnectionId): void {
    this.#upToDate(connection)?.shutdown();
  }

  close(connection: ConnectionId, how: "flush" | "reset"): void {
    this.#upToDate(connection)?.close(how, closeLingerMs);
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

  /** Closes every connection after its queue, and without waiting after `flushMs`. */
  closeAll(flushMs: number): void {
    this.flush();
    for (const socket of this.#sockets.values()) socket.close("flush", Math.min(flushMs, stopLingerMs));
    if (this.#sockets.size === 0) return;
    this.#stopTimer = setTimeout(() => {
      for (const socket of this.#sockets.values()) socket.closeNow();
    }, flushMs);
  }
}
