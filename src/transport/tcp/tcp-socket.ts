/** One established stream connection, TCP or UNIX: sending, receiving, both half-closes, and the cause of its end. */

import { type BorrowedBytes, copyBytes, lendBytes } from "../../protocol/borrowed-bytes.ts";
import type { Endpoint } from "../../protocol/address/endpoint.ts";
import { stalledPeerMs } from "../../protocol/limits.ts";
import { formatEndpoint } from "../../protocol/address/endpoint.ts";
import type { ErrorCode } from "../../protocol/sockets/network-error.ts";
import type { NewSession, SessionKeys } from "../../protocol/sealed/session-keys.ts";
import { type OpenedBytes, StreamSession } from "../../protocol/sealed/stream-session.ts";
import type { ConnectionId, EndCause } from "../../protocol/sockets/socket-event.ts";
import type { SharedBlock } from "../fanout/shared-block.ts";
import type { BlockReceiver } from "../fanout/turn-block.ts";
import { createConnectionId } from "../connection-id.ts";
import type { OnSocketEvent, SendResult } from "../contract.ts";
import { readErrorCode, makeNetworkError } from "../kernel/error-code.ts";
import { ReceiveBuffer } from "./receive-buffer.ts";
import { loadLibc, readDescriptor } from "../kernel/socket-options.ts";
import { readUnackedBytes } from "../kernel/tcp-info.ts";
import type { StreamEndpoints } from "../kernel/stream-endpoints.ts";
import { type ReaderOwner, StreamReader, findBytesEnd, findLinesEnd } from "./stream-reader.ts";
import { processTurns } from "../queue/receive-turns.ts";
import { StreamWriter, type WriterOwner } from "./stream-writer.ts";

/** The receiver of a socket's events, stored in the `data` of Bun's socket. */
export interface StreamReceiver {
  onData(bytes: BorrowedBytes): void;
  onEnd(): void;
  onDrain(): void;
  onClose(error: unknown): void;
}

/** `data` is undefined until `open` sets it: before that, a listener's sockets share one object. */
export type StreamSocket = Bun.Socket<StreamReceiver | undefined>;

/**
 * The handlers of every stream socket. Bun 1.4.5 ends the process when a handler throws and no `error` handler is
 * there, and calls `close` synchronously from inside `data` (bun-traps.test.ts).
 */
export const streamHandlers = {
  binaryType: "uint8array",
  data: (socket: StreamSocket, bytes: Uint8Array) => socket.data?.onData(bytes),
  end: (socket: StreamSocket) => socket.data?.onEnd(),
  drain: (socket: StreamSocket) => socket.data?.onDrain(),
  close: (socket: StreamSocket, error?: Error) => socket.data?.onClose(error),
  error: (_socket: StreamSocket, error: Error) => rethrowLater(error),
} as const;

/** An error thrown inside a handler is a bug of duet: it must reach main, and must not end the peer's connection. */
function rethrowLater(error: Error): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** How long a peer may take to answer our FIN with its own. */
const closeLingerMs = 2000;

/** How often a close looks whether the peer's kernel has acknowledged more. */
const ackLookMs = 20;

const keepAliveMs = 60_000;

/** Times of a close. */
interface CloseTimes {
  /** How long the peer may take to answer our FIN with its own. */
  readonly lingerMs: number;
  /** How long the peer may take nothing while bytes for it are left. */
  readonly idleMs: number;
}

const closeTimes: CloseTimes = { lingerMs: closeLingerMs, idleMs: stalledPeerMs };

/** Receives what concerns a connection's place. */
export interface SocketOwner {
  /** See StreamRequest. */
  readonly bytesOnly: boolean;
  /** The first bytes were received. */
  onSpoken(socket: TcpSocket): void;
  /** The peer has sent FIN; it may still read, or be gone. */
  onHalfClosed(socket: TcpSocket): void;
  onEnded(socket: TcpSocket): void;
}

export class TcpSocket implements StreamReceiver, ReaderOwner, WriterOwner, BlockReceiver {
  readonly id: ConnectionId = createConnectionId();
  readonly local: Endpoint;
  readonly peer: Endpoint;
  readonly #socket: StreamSocket;
  readonly emit: OnSocketEvent;
  readonly #owner: SocketOwner;
  /** Of performance.now(). */
  readonly openedAtMs = performance.now();
  readonly #writer: StreamWriter;
  readonly #reader: StreamReader;
  #session: StreamSession | undefined;
  #isFinRequested = false;
  #isFinSent = false;
  #isFinReceived = false;
  /** The code of an RST that a write found; Bun 1.4.5 then closes as if by FIN. */
  #writeError: ErrorCode | undefined;
  #isClosing = false;
  /** Bun has closed the socket, and bytes that were read before are still to be reported. */
  #closed: { readonly error: unknown; readonly unsentBytes: number; readonly lostBytes: number } | undefined;
  #hasEnded = false;
  #isReadingWanted = true;
  #hasSpoken = false;
  /** Bytes were received since takeReceived() was called. */
  #hasReceived = false;
  readonly #receiveBuffer = new ReceiveBuffer();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #times = closeTimes;
  /** Bytes that the peer's kernel had not acknowledged when a close last looked, and when that number last changed. */
  #unackedBytes = 0;
  #ackedMs = 0;

  constructor(socket: StreamSocket, ends: StreamEndpoints, emit: OnSocketEvent, owner: SocketOwner) {
    this.#socket = socket;
    this.local = ends.local;
    this.peer = ends.peer;
    this.emit = emit;
    this.#owner = owner;
    socket.data = this;
    this.#writer = new StreamWriter(this);
    this.#reader = new StreamReader(
      socket,
      this,
      processTurns,
      owner.bytesOnly ? findBytesEnd : findLinesEnd,
    );
    // Detects a peer that vanished: after this idle time Bun sends a probe a second, ten at most.
    if (ends.peer.family !== "unix") socket.setKeepAlive(true, keepAliveMs);
  }

  get descriptor(): number {
    return readDescriptor(this.#socket);
  }

  get queuedBytes(): number {
    return this.#writer.queuedBytes;
  }

  send(payload: Uint8Array): SendResult {
    return this.#isSendingOver() ? "closed" : this.#writer.send(payload);
  }

  /** See StreamWriter. */
  sendLent(bytes: BorrowedBytes): SendResult {
    return this.#isSendingOver() ? "closed" : this.#writer.sendLent(bytes);
  }

  /** See StreamWriter. */
  sendBlock(block: SharedBlock): boolean {
    return !this.#isSendingOver() && this.#writer.sendBlock(block);
  }

  #isSendingOver(): boolean {
    return this.#hasEnded || this.#closed !== undefined || this.#isFinRequested;
  }

  write(block: BorrowedBytes): number {
    return this.#socket.write(lendBytes(block));
  }

  /** FIN follows the last byte; progress renews the deadline of a close. */
  onWritten(bytes: number): void {
    this.#reportWear();
    if (this.#isClosing && bytes > 0) this.#setTimer(this.#times.idleMs);
    if (this.#isFinRequested) this.#finIfFlushed();
  }

  #finIfFlushed(): void {
    if (!this.#hasEnded && this.#writer.isFlushed && this.#writeError === undefined) this.#sendFin();
  }

  /** The connection was reset. Bytes received before the RST are still read; Bun's `close` follows. */
  onReset(ofBytes: number): void {
    if (this.#hasEnded) return;
    this.#writeError = this.#isFinReceived ? "EPIPE" : "ECONNRESET";
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
    if (this.#isFinSent) return;
    this.#isFinSent = true;
    this.emit({ type: "called", call: "shutdown", result: "FIN", connection: this.id });
    this.emit({ type: "shut-down", connection: this.id });
    if (this.#hasEnded) return;
    if (this.#isClosing) this.#setTimer(this.#times.lingerMs);
    // `end()` would close both ways, even with allowHalfOpen (Bun 1.4.5, bun-traps.test.ts).
    this.#socket.shutdown();
    if (this.#isFinReceived && !this.#hasEnded) this.#socket.end();
  }

  shutdown(): void {
    if (this.#isSendingOver()) return;
    this.#isFinRequested = true;
    this.#writer.finish();
    this.#finIfFlushed();
  }

  /**
   * `flush`: sends FIN after the queue, then reads and drops what the peer still sends, since closing with unread
   * bytes would send an RST, and that can destroy our last bytes in either kernel. The socket is closed when the peer
   * takes nothing for `idleMs`, or has everything and does not answer our FIN within `lingerMs`. `reset`: sends RST at
   * once. A second close changes the times.
   */
  close(how: "flush" | "reset", times: CloseTimes = closeTimes): void {
    if (this.#hasEnded) return;
    this.#times = times;
    this.#isClosing = true;
    if (this.#closed !== undefined) return this.onFinished();
    if (how === "reset") return this.#reset();
    this.#setTimer(this.#isFinSent ? times.lingerMs : times.idleMs);
    this.#reader.discard();
    this.shutdown();
  }

  /** The time of a close is over, unless the peer's kernel still acknowledges bytes. */
  #onTime(): void {
    const nowMs = performance.now();
    const before = this.#unackedBytes;
    this.#unackedBytes = this.#readUnacked();
    if (this.#unackedBytes !== before) this.#ackedMs = nowMs;
    const isAwaited = this.#isFinSent && this.#unackedBytes > 0 && this.#writeError === undefined;
    if (isAwaited && nowMs - this.#ackedMs < this.#times.idleMs) this.#setTimer(ackLookMs);
    else this.closeNow();
  }

  /** Bytes that the kernel has of us and the peer's has not acknowledged; our FIN counts as none. UNIX sockets lose none. */
  #readUnacked(): number {
    if (this.peer.family === "unix") return 0;
    return Math.max(0, readUnackedBytes(loadLibc(), this.descriptor) - (this.#isFinSent ? 1 : 0));
  }

  /** Closes without waiting any longer. */
  closeNow(): void {
    if (this.#hasEnded) return;
    this.#isClosing ||= this.#writeError === undefined;
    if (this.#closed !== undefined) return this.onFinished();
    const unackedBytes = this.#readUnacked();
    if (this.#isFinSent)
      this.#socket.end(); // The kernel still sends what it has, until it is answered by data.
    else this.#socket.terminate();
    this.#endSocket(undefined, unackedBytes + this.#writer.queuedBytes);
  }

  /**
   * Ends the connection, and returns its socket to be closed by the caller; undefined if that would cut a queued
   * payload, so that it was reset.
   */
  displace(): StreamSocket | undefined {
    if (this.#hasEnded) return undefined;
    const isWhole = this.#writer.isFlushed && !this.#isFinRequested;
    this.#writer.end();
    this.#reader.end();
    this.#session?.erase();
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    if (!isWhole) this.#socket.terminate();
    this.emit({ type: "called", call: "close", result: isWhole ? "ok" : "RST", connection: this.id });
    this.emit({ type: "disconnected", connection: this.id, cause: "displaced" });
    this.#owner.onEnded(this);
    return isWhole ? this.#socket : undefined;
  }

  /** True if bytes were received since the last call, or could not be, since reading is paused. */
  takeReceived(): boolean {
    const hasReceived = this.#hasReceived || !this.#isReadingWanted || this.#receiveBuffer.isLimited;
    this.#hasReceived = false;
    return hasReceived;
  }

  #reset(): void {
    this.#socket.terminate();
    this.#endSocket(undefined, 0);
  }

  setReading(reading: boolean): void {
    this.#isReadingWanted = reading;
    if (this.#hasEnded || this.#isClosing || this.#closed !== undefined || this.#writeError !== undefined)
      return;
    this.#reader.setReading(reading && !this.#receiveBuffer.isLimited);
  }

  limitReceiveBuffer(bytes: number | undefined): void {
    const called = this.#receiveBuffer.set(this.#socket, bytes);
    this.setReading(this.#isReadingWanted);
    if (!this.#hasEnded) this.emit({ ...called, connection: this.id });
  }

  /** See Transport. */
  seal(start: NewSession): void {
    const session = new StreamSession(start);
    if (this.#isSendingOver() || this.#session !== undefined) return session.erase();
    this.#session = session;
    this.#writer.seal(session);
    const buffered = this.#reader.takeUnreported();
    this.#reportOpened(session.open(Buffer.concat([start.rest, buffered])));
  }

  /** See Transport. */
  renew(keys: SessionKeys, isResponder: boolean): void {
    this.#session?.renew(keys, isResponder);
  }

  #reportWear(): void {
    const wear = this.#session?.takeWear();
    if (wear === "due") this.emit({ type: "keys-due", connection: this.id });
    else if (wear === "spent") this.emit({ type: "seal-broken", connection: this.id, why: "spent" });
  }

  #reportOpened({ plain, fault }: OpenedBytes): void {
    if (plain.length > 0) {
      if (this.#reader.isBuffering) this.#reader.keep(plain);
      else this.#reader.receive(plain);
    }
    if (fault !== undefined) this.emit({ type: "seal-broken", connection: this.id, why: fault });
  }

  #receiveSealed(session: StreamSession, bytes: BorrowedBytes): void {
    const opened = session.open(bytes);
    const plain = opened.plain.length;
    const moved = { bytes: plain, payload: opened.plain, sealed: { bytes: bytes.length, payload: bytes } };
    this.emit({ type: "called", call: "recv", result: "ok", connection: this.id, ...moved });
    this.#reportWear();
    this.#reportOpened(opened);
  }

  onData(bytes: BorrowedBytes): void {
    if (this.#hasEnded || this.#isClosing) return;
    this.#hasReceived = true;
    if (!this.#hasSpoken) {
      this.#hasSpoken = true;
      this.#owner.onSpoken(this);
    }
    if (this.#session !== undefined) return this.#receiveSealed(this.#session, bytes);
    if (!this.#reader.isBuffering) {
      this.#reportRecv(bytes);
      return this.#reader.receive(bytes);
    }
    // The payload of the call must be owned, as a recorder reads it later.
    const kept = copyBytes(bytes);
    this.#reportRecv(kept);
    this.#reader.keep(kept);
  }

  #reportRecv(payload: BorrowedBytes): void {
    const bytes = payload.length;
    this.emit({ type: "called", call: "recv", result: "ok", connection: this.id, bytes, payload });
  }

  onChunk(bytes: BorrowedBytes): void {
    if (this.#hasEnded || this.#isClosing) return;
    const isOpened = this.#session !== undefined;
    this.emit({ type: "received", connection: this.id, bytes, ...(isOpened && { isOpened }) });
  }

  onEnd(): void {
    if (!this.#hasEnded && this.#writeError === undefined) this.#reader.receiveFin();
  }

  onFin(): void {
    if (this.#hasEnded || this.#writeError !== undefined) return;
    if (this.#isCut()) return this.emit({ type: "seal-broken", connection: this.id, why: "cut" });
    this.#reportFin();
    if (this.#isFinSent && !this.#hasEnded && this.#closed === undefined) this.#socket.end();
  }

  /** A FIN is the peer's own in a session only behind its end mark. */
  #isCut(): boolean {
    return this.#session !== undefined && !this.#session.isEnded && !this.#isClosing;
  }

  #reportFin(): void {
    if (this.#isFinReceived) return;
    this.#isFinReceived = true;
    this.emit({ type: "called", call: "recv", result: "FIN", connection: this.id, bytes: 0 });
    if (this.#isClosing) return;
    this.#owner.onHalfClosed(this);
    this.emit({ type: "peer-shut-down", connection: this.id });
  }

  onDrain(): void {
    this.#writer.drain();
  }

  onClose(error: unknown): void {
    this.#endSocket(error, this.#isClosing ? this.#writer.queuedBytes : 0);
  }

  /** `lostBytes`: bytes of a close that the peer's kernel did not acknowledge. */
  #endSocket(error: unknown, lostBytes: number): void {
    if (this.#hasEnded || this.#closed !== undefined) return;
    this.#closed = { error, unsentBytes: this.#writer.end(), lostBytes };
    this.#session?.erase();
    clearTimeout(this.#timer);
    // What waits in the reader may be much, and is reported in turns of its own.
    if (this.#isClosing) this.onFinished();
    else this.#reader.finish();
  }

  /** The socket is closed, and all its bytes are reported or discarded. */
  onFinished(): void {
    if (this.#hasEnded || this.#closed === undefined) return;
    this.#reader.end();
    const { error, unsentBytes, lostBytes } = this.#closed;
    const code =
      this.#writeError ?? (error === undefined || error === null ? undefined : readErrorCode(error));
    // After our FIN, Bun closes on the peer's without calling `end`.
    if (code === undefined && this.#isFinSent && !this.#isClosing && !this.#isCut()) this.#reportFin();
    this.#hasEnded = true;
    if (code !== undefined && !this.#isClosing) {
      this.emit({
        type: "called",
        call: "recv",
        result: code === "ECONNRESET" ? "RST" : code,
        connection: this.id,
      });
    }
    const closed = this.#isClosing && !this.#isFinSent ? "RST" : "ok";
    this.emit({ type: "called", call: "close", result: closed, connection: this.id });
    this.#emitDisconnected(code, unsentBytes, lostBytes);
    this.#owner.onEnded(this);
  }

  #emitDisconnected(code: ErrorCode | undefined, unsentBytes: number, lostBytes: number): void {
    const lost = this.#isClosing && unsentBytes > 0 ? (code ?? "ETIMEDOUT") : undefined;
    const reported = this.#isClosing ? lost : (code ?? (this.#isFinReceived ? undefined : "EUNKNOWN"));
    const cause = this.#isClosing ? "ours" : classifyEnd(reported);
    const base = {
      type: "disconnected",
      connection: this.id,
      cause,
      ...(lostBytes > 0 && { lostBytes }),
    } as const;
    if (reported === undefined) return this.emit(base);
    const call = this.#writeError === undefined && lost === undefined ? "recv" : "send";
    this.emit({ ...base, error: makeNetworkError(reported, call, formatEndpoint(this.peer), "tcp") });
  }

  #setTimer(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#onTime(), ms);
  }
}

function classifyEnd(code: ErrorCode | undefined): EndCause {
  if (code === undefined) return "fin";
  if (code === "ECONNRESET") return "reset";
  return code === "ETIMEDOUT" ? "timed-out" : "broken";
}
