/**
 * The interface of every transport: tcp-listener, tcp-connector and udp-socket implement it, and two suites test them
 * (contract.ts and datagram-contract.ts of tests/transport). No Bun type appears in it.
 */

import type { BorrowedBytes } from "../protocol/borrowed-bytes.ts";
import type { KeptPlace } from "../protocol/sockets/kept-place.ts";
import type { Endpoint } from "../protocol/address/endpoint.ts";
import type {
  ConnectionId,
  FanoutName,
  SocketEvent,
  TransportName,
} from "../protocol/sockets/socket-event.ts";
import type { NewSession, SessionKeys } from "../protocol/sealed/session-keys.ts";
import type { Target } from "../protocol/address/target.ts";

/**
 * Called synchronously, possibly from inside a method of the transport, so the callee must queue any work that the
 * event causes. Never throws.
 */
export type OnSocketEvent = (event: SocketEvent) => void;

/**
 * `sent`: the kernel took the whole payload. `queued`: the transport keeps it and sends it in order. `full`: the
 * payload would exceed outQueueMaxBytes (or outQueuesMaxBytes in all), and none of it was queued. `closed`: the
 * connection accepts no more, or (UDP) this datagram cannot be sent and a `send-failed` has reported why. TCP returns
 * `queued` where UDP returns `sent`: all payloads of one turn of the event loop leave in one write.
 */
export type SendResult = "sent" | "queued" | "full" | "closed";

export interface Transport {
  readonly name: TransportName;
  /** The endpoint that the socket is bound to; undefined before that. */
  readonly local: Endpoint | undefined;
  /**
   * Enqueues the whole payload or nothing; nobody may change it afterwards. Over UDP it is one datagram. `isUnsealed`: UDP,
   * a datagram of a handshake, which is sent as it is in a session as well.
   */
  send(connection: ConnectionId, payload: Uint8Array, isUnsealed?: boolean): SendResult;
  /**
   * The peer takes a place of the room for good, as far as `place` allows. A newcomer that finds none is ended, and
   * reported as `turned-away`. TCP: only `exempt` has an effect, since a connection proves its address.
   */
  keepPlace(connection: ConnectionId, place: KeptPlace): void;
  /**
   * Seals and opens from now on (SEALED.md); what was enqueued before is sent as it is. Owns the keys, and fills them
   * with zero when the connection ends. UDP: replaces the session before.
   */
  seal(connection: ConnectionId, session: NewSession): void;
  /**
   * The session's new keys, which the transport owns. `isResponder`: it sends with them at once; else when something sealed
   * with them was received.
   */
  renew(connection: ConnectionId, keys: SessionKeys, isResponder: boolean): void;
  /** Half-close: sends FIN after the send queue, and keeps reading. UDP: does nothing. */
  shutdown(connection: ConnectionId): void;
  /**
   * `flush`: sends FIN after the send queue and stops reading. `reset`: drops the queue and sends RST. UDP: forgets
   * the peer.
   */
  close(connection: ConnectionId, how: "flush" | "reset"): void;
  /**
   * Pauses or resumes reading from the kernel, so that TCP's flow control slows the sender. No `received` is reported
   * while reading is paused, not even for bytes read before; they follow in order afterwards. UDP: does nothing.
   */
  setReading(connection: ConnectionId, reading: boolean): void;
  /**
   * Sets the receive buffer to `bytes` and pauses reading, whatever `setReading` asks for; undefined restores both.
   * Reports the setsockopt call. UDP: does nothing.
   */
  limitReceiveBuffer(connection: ConnectionId, bytes: number | undefined): void;
  /**
   * The connection's file descriptor, for inspection only; -1 if it is closed. UDP: -1, since all associations share
   * one.
   */
  getDescriptor(connection: ConnectionId): number;
  /** Bytes in our send queue, without the kernel's. */
  countQueuedBytes(connection: ConnectionId): number;
  /**
   * Stops accepting and closes every connection once the peer has all that was sent to it, or has taken nothing for
   * `idleMs`. Reports `stopped` last. Idempotent.
   */
  stop(idleMs: number): void;
}

/** A group of connections that receive the same bytes. A connection is in one group at most. */
export interface Fanout {
  readonly connections: readonly ConnectionId[];
  /** Adds a connection, which receives what is published from now on. An ended connection is ignored. */
  join(connection: ConnectionId): void;
  /** Removes a connection, which still receives what was published before. A connection that ends leaves by itself. */
  leave(connection: ConnectionId): void;
  /**
   * As `send` to all connections but one, in order with what each is sent. `overflowed` reports a connection whose
   * queue has no room.
   */
  publish(bytes: BorrowedBytes, except: ConnectionId | undefined): void;
}

export interface StreamTransport extends Transport {
  readonly name: "tcp";
  readonly fanouts: Readonly<Record<FanoutName, Fanout>>;
  /** As `send`, of bytes that are lent for the call: they are written at once, and the rest of them is copied. */
  sendLent(connection: ConnectionId, bytes: BorrowedBytes): SendResult;
}

/** A UDP transport can also choose a peer to send to. */
export interface DatagramTransport extends Transport {
  readonly name: "udp";
  /**
   * The association with an endpoint. A new one is reported as `connected` before this returns. Only after
   * `listening`.
   */
  associate(peer: Endpoint): ConnectionId;
}

/** The defaults of all limits are in protocol/limits.ts. */
/** What holds for every connection of a stream transport. */
interface StreamRequest {
  /** Received bytes are never cut into lines: then a line costs no work, and long reads are reported whole. */
  readonly bytesOnly?: boolean;
}

export interface ListenRequest extends StreamRequest {
  readonly target: Target;
  readonly peersMax: number;
  /** False (`--raw`): a refused connection is closed without a line that says why. */
  readonly explainsRefusals?: () => boolean;
}

export interface ConnectRequest extends StreamRequest {
  readonly target: Target;
  readonly timeoutMs: number;
}

/**
 * `bind` undefined: an ephemeral port of the peer's family. `peer`: resolved and associated as soon as the socket is
 * bound.
 */
export interface DatagramRequest {
  readonly bind: Target | undefined;
  readonly peer: Target | undefined;
  readonly peersMax: number;
}
