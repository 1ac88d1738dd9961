/**
 * What every transport promises the session: the one interface of tcp-listener, tcp-connector and
 * udp-socket, proven by one contract suite (tests/transport/contract.ts). No Bun socket shows through it.
 */

import type { Endpoint } from "../protocol/address/endpoint.ts";
import type { ConnectionId, Hearers, SocketEvent, TransportName } from "../protocol/sockets/socket-event.ts";
import type { Target } from "../protocol/address/target.ts";

/** Called synchronously, possibly from inside a method of the transport: the receiver must queue what it starts. Never throws. */
export type OnSocketEvent = (event: SocketEvent) => void;

/**
 * `sent`: the kernel took it all. `queued`: kept, in order, and leaves by itself. `full`: it would pass
 * outQueueMaxBytes (or outQueuesMaxBytes in all); nothing of it was taken. `closed`: nothing of it was taken,
 * for the connection takes no more, or (UDP) this datagram cannot be sent and a `send-failed` has told why.
 * TCP answers `queued` where UDP answers `sent`: what one turn of the event loop hands over leaves in one write.
 */
export type SendResult = "sent" | "queued" | "full" | "closed";

export interface Transport {
  readonly name: TransportName;
  /** Where the socket is bound, once it is. */
  readonly local: Endpoint | undefined;
  /** Hands over `payload`, which must not be changed afterwards. Over UDP it is one datagram. All of it or nothing is taken. */
  send(connection: ConnectionId, payload: Uint8Array): SendResult;
  /** Half-close: FIN after all that is queued; reading goes on. UDP: nothing to do. */
  shutdown(connection: ConnectionId): void;
  /** `flush`: FIN after what is queued, then no more reading. `reset`: at once, RST, the queue is dropped. UDP: forgets the peer. */
  close(connection: ConnectionId, how: "flush" | "reset"): void;
  /**
   * Stop or go on reading from the kernel, so that the sender feels it (TCP). Nothing is `received` while it is off, even of
   * what has been read already: that follows later, in order. UDP: nothing to do.
   */
  setReading(connection: ConnectionId, reading: boolean): void;
  /**
   * A receive buffer of `bytes`, and nothing is read any more, whatever `setReading` says, until it is undefined. Reports
   * the setsockopt. UDP: nothing to do.
   */
  limitReceiveBuffer(connection: ConnectionId, bytes: number | undefined): void;
  /** The connection's file descriptor, to look at and no more; -1 when it is closed. UDP: -1, for all have one. */
  getDescriptor(connection: ConnectionId): number;
  /** Bytes that wait in our queue, not in the kernel's. */
  countQueuedBytes(connection: ConnectionId): number;
  /** Accept no more and close every connection after its queue, all within `flushMs`; ends with `stopped`. Idempotent. */
  stop(flushMs: number): void;
}

/** Streams to many carry the same bytes again and again. */
export interface StreamTransport extends Transport {
  readonly name: "tcp";
  /**
   * As `send` to all of `hearers` but one, in order with what each is sent; who cannot take it is told as `overflowed`.
   * What one turn of the loop says to a list is gathered once for all of it: `payload` is copied, and may be changed
   * afterwards.
   */
  broadcast(hearers: Hearers, but: ConnectionId | undefined, payload: Uint8Array): void;
}

/** A UDP socket can also choose whom to speak to. */
export interface DatagramTransport extends Transport {
  readonly name: "udp";
  /** The association with an endpoint, new (then `connected` with accepted: false is reported first) or known. Only after `listening`. */
  associate(peer: Endpoint): ConnectionId;
}

/** Limits have their defaults in protocol/limits.ts. */
export interface ListenRequest {
  readonly target: Target;
  readonly peersMax: number;
}

export interface ConnectRequest {
  readonly target: Target;
  readonly timeoutMs: number;
}

/** `bind` undefined: an ephemeral port of the peer's family. `peer`: whom to speak to first, resolved and associated once bound. */
export interface DatagramRequest {
  readonly bind: Target | undefined;
  readonly peer: Target | undefined;
  readonly peersMax: number;
}
