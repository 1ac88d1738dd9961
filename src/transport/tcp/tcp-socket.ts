/**
 * One established stream connection, TCP or UNIX: sending in truth, both half-closes, and an honest word
 * on how it ended. It does not know who opened it, what the bytes mean, or any other connection.
 */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import { stalledPeerMs } from "../../protocol/limits.ts";
import { formatEndpoint } from "../../protocol/address/endpoint.ts";
import type { ErrorCode } from "../../protocol/sockets/network-error.ts";
import type { ConnectionId, EndCause } from "../../protocol/sockets/socket-event.ts";
import type { SharedBlock } from "../fanout/shared-block.ts";
import { createConnectionId } from "../connection-id.ts";
import type { OnSocketEvent, SendResult } from "../contract.ts";
import { readErrorCode, makeNetworkError } from "../kernel/error-code.ts";
import { ReceiveBuffer } from "./receive-buffer.ts";
import { readDescriptor } from "../kernel/socket-options.ts";
import type { StreamEndpoints } from "../kernel/stream-endpoints.ts";
import { type ReaderOwner, StreamReader } from "./stream-reader.ts";
import { StreamWriter, type WriterOwner } from "./stream-writer.ts";

/** What Bun's handlers find on a socket: who takes its events. */
export interface StreamReceiver {
  onData(bytes: Uint8Array): void;
  onEnd(): void;
  onDrain(): void;
  onClose(error: unknown): void;
}

/** `data` is undefined until `open` has set it: a listener's is one object for all its sockets. */
export type StreamSocket = Bun.Socket<StreamReceiver | undefined>;

/**
 * The handlers of every stream socket. Bun 1.4.5 ends the process when a handler throws and no `error`
 * handler is there, and calls `close` synchronously from inside `data` (bun-traps.test.ts).
 */
export const streamHandlers = {
  binaryType: "uint8array",
  data: (socket: StreamSocket, bytes: Uint8Array) => socket.data?.onData(bytes),
  end: (socket: StreamSocket) => socket.data?.onEnd(),
  drain: (socket: StreamSocket) => socket.data?.onDrain(),
  close: (socket: StreamSocket, error?: Error) => socket.data?.onClose(error),
  error: (_socket: StreamSocket, error: Error) => raise(error),
} as const;

/** A fault of ours inside a handler: main is to hear of it, not the peer to pay for it. */
function raise(error: Error): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** A peer that we said FIN to may answer with its own this long, then we let go. */
export const closeLingerMs = 2000;

const keepAliveMs = 60_000;

export class TcpSocket implements StreamReceiver, ReaderOwner, WriterOwner {
  readonly id: ConnectionId = createConnectionId();
  readonly local: Endpoint;
  readonly peer: Endpoint;
  readonly #socket: StreamSocket;
  readonly emit: OnSocketEvent;
  readonly #onEnded: (socket: TcpSocket) => void;
  readonly #writer: StreamWriter;
  readonly #reader: StreamReader;
  #finWanted = false;
  #finSent = false;
  #finReceived = false;
  /** The code of an RST that a write found; Bun 1.4.5 then closes as if by FIN. */
  #writeError: ErrorCode | undefined;
  #closing = false;
  #ended = false;
  #reading = true;
  readonly #receiveBuffer = new ReceiveBuffer();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lingerMs = closeLingerMs;

  constructor(
    socket: StreamSocket,
    ends: StreamEndpoints,
    emit: OnSocketEvent,
    onEnded: (socket: TcpSocket) => void,
  ) {
    this.#socket = socket;
    this.local = ends.local;
    this.peer = ends.peer;
    this.emit = emit;
    this.#onEnded = onEnded;
    socket.data = this;
    this.#writer = new StreamWriter(this);
    this.#reader = new StreamReader(socket, this);
    // Finds a peer that vanished; Bun probes each second after this idle time and gives up after ten.
    if (ends.peer.family !== "unix") socket.setKeepAlive(true, keepAliveMs);
  }

  get descriptor(): number {
    return readDescriptor(this.#socket);
  }

  get queuedBytes(): number {
    return this.#writer.queuedBytes;
  }

  /** Never `sent`: what one turn hands over leaves together at its end. */
  send(payload: Uint8Array): SendResult {
    return this.#ended || this.#finWanted ? "closed" : this.#writer.send(payload);
  }

  /** What an audience is told, at the end of the turn. As StreamWriter's. */
  hear(block: SharedBlock, isLast: boolean): boolean {
    return !this.#ended && !this.#finWanted && this.#writer.hear(block, isLast);
  }

  write(block: Uint8Array): number {
    return this.#socket.write(block);
  }

  /** Something left: FIN follows the last of it, and who closes goes on waiting. */
  onWritten(bytes: number): void {
    if (this.#closing && bytes > 0) this.#setTimer(stalledPeerMs);
    if (this.#finWanted) this.#finIfFlushed();
  }

  #finIfFlushed(): void {
    if (!this.#ended && this.#writer.queuedBytes === 0 && this.#writeError === undefined) this.#sendFin();
  }

  /** The kernel has met an RST. What the peer sent before it is still to be read: `close` follows by itself. */
  onReset(ofBytes: number): void {
    if (this.#ended) return;
    this.#writeError = this.#finReceived ? "EPIPE" : "ECONNRESET";
    this.emit({
      type: "called",
      call: "send",
      result: this.#writeError,
      connection: this.id,
      bytes: 0,
      ofBytes,
    });
    this.#setTimer(closeLingerMs);
    this.#reader.setReading(true);
  }

  #sendFin(): void {
    if (this.#finSent) return;
    this.#finSent = true;
    this.emit({ type: "called", call: "shutdown", result: "FIN", connection: this.id });
    this.emit({ type: "shut-down", connection: this.id });
    if (this.#ended) return;
    if (this.#closing) this.#setTimer(this.#lingerMs);
    // `end()` would close both ways, even with allowHalfOpen (Bun 1.4.5, bun-traps.test.ts).
    this.#socket.shutdown();
    if (this.#finReceived && !this.#ended) this.#socket.end();
  }

  /** FIN after all that is queued; reading goes on. */
  shutdown(): void {
    if (this.#finWanted || this.#ended) return;
    this.#finWanted = true;
    this.#writer.flush();
    this.#finIfFlushed();
  }

  /**
   * `flush`: FIN after the queue, then what still comes is read and dropped, since closing on unread bytes
   * would be an RST that can cost the peer the last of ours. A peer that takes nothing for stalledPeerMs,
   * or does not answer our FIN within `lingerMs`, is let go. `reset`: RST at once.
   */
  close(how: "flush" | "reset", lingerMs: number = closeLingerMs): void {
    if (this.#ended) return;
    this.#lingerMs = lingerMs;
    const first = !this.#closing;
    this.#closing = true;
    if (how === "reset") return this.#reset();
    if (!first && !this.#finSent) return;
    this.#setTimer(this.#finSent ? lingerMs : stalledPeerMs);
    this.#reader.discard();
    this.shutdown();
  }

  /** The time to close in is over: let go now. */
  closeNow(): void {
    if (this.#ended) return;
    this.#closing ||= this.#writeError === undefined;
    if (!this.#finSent) return this.#reset();
    this.#socket.end(); // The kernel goes on delivering what it has.
    this.onClose(undefined);
  }

  #reset(): void {
    this.#socket.terminate();
    this.onClose(undefined);
  }

  setReading(reading: boolean): void {
    this.#reading = reading;
    if (this.#ended || this.#closing || this.#writeError !== undefined) return;
    this.#reader.setReading(reading && !this.#receiveBuffer.isLimited);
  }

  /** As Transport's. */
  holdReceiving(bytes: number | undefined): void {
    const called = this.#receiveBuffer.set(this.#socket, bytes);
    this.setReading(this.#reading);
    if (!this.#ended) this.emit({ ...called, connection: this.id });
  }

  onData(bytes: Uint8Array): void {
    if (this.#ended || this.#closing) return;
    // Where no piece of it is handed on at once, whoever keeps the call reads its payload later.
    const payload = this.#reader.isBuffering ? new Uint8Array(bytes) : bytes;
    const { length } = bytes;
    this.emit({ type: "called", call: "recv", result: "ok", connection: this.id, bytes: length, payload });
    this.#reader.receive(bytes);
  }

  onChunk(bytes: Uint8Array): void {
    if (!this.#ended && !this.#closing) this.emit({ type: "received", connection: this.id, bytes });
  }

  onEnd(): void {
    if (!this.#ended && this.#writeError === undefined) this.#reader.receiveFin();
  }

  onFin(): void {
    if (this.#ended || this.#writeError !== undefined) return;
    this.#reportFin();
    if (this.#finSent && !this.#ended) this.#socket.end();
  }

  #reportFin(): void {
    if (this.#finReceived) return;
    this.#finReceived = true;
    this.emit({ type: "called", call: "recv", result: "FIN", connection: this.id, bytes: 0 });
    if (!this.#closing) this.emit({ type: "peer-shut-down", connection: this.id });
  }

  onDrain(): void {
    this.#writer.drain();
  }

  onClose(error: unknown): void {
    if (this.#ended) return;
    this.#reader.deliverRest();
    if (this.#ended) return;
    const code =
      this.#writeError ?? (error === undefined || error === null ? undefined : readErrorCode(error));
    // With our FIN sent, Bun closes on theirs without an `end` of its own.
    if (code === undefined && this.#finSent && !this.#closing) this.#reportFin();
    const unsentBytes = this.#writer.end();
    this.#ended = true;
    clearTimeout(this.#timer);
    if (code !== undefined && !this.#closing) {
      this.emit({
        type: "called",
        call: "recv",
        result: code === "ECONNRESET" ? "RST" : code,
        connection: this.id,
      });
    }
    const closed = this.#closing && !this.#finSent ? "RST" : "ok";
    this.emit({ type: "called", call: "close", result: closed, connection: this.id });
    this.#emitDisconnected(code, unsentBytes);
    this.#onEnded(this);
  }

  #emitDisconnected(code: ErrorCode | undefined, unsentBytes: number): void {
    const lost = this.#closing && unsentBytes > 0 ? (code ?? "ETIMEDOUT") : undefined;
    const told = this.#closing ? lost : (code ?? (this.#finReceived ? undefined : "EUNKNOWN"));
    const cause = this.#closing ? "ours" : endCause(told);
    const base = { type: "disconnected", connection: this.id, cause } as const;
    if (told === undefined) return this.emit(base);
    const call = this.#writeError === undefined && lost === undefined ? "recv" : "send";
    this.emit({ ...base, error: makeNetworkError(told, call, formatEndpoint(this.peer), "tcp") });
  }

  #setTimer(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.closeNow(), ms);
  }
}

function endCause(code: ErrorCode | undefined): EndCause {
  if (code === undefined) return "fin";
  if (code === "ECONNRESET") return "reset";
  return code === "ETIMEDOUT" ? "timed-out" : "broken";
}
