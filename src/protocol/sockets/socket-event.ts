/**
 * The words in which a transport tells what its sockets did. Chat and transport both speak them and
 * never import each other. Facts as they happened; no meaning of the bytes, no room, no screen.
 */

import type { Endpoint } from "../address/endpoint.ts";
import type { NetworkError } from "./network-error.ts";
import type { CallName } from "./socket-call.ts";

export type TransportName = "tcp" | "udp";

declare const connectionBrand: unique symbol;
/** Unique in the process, never used again. A UDP association (one peer endpoint) has one too. */
export type ConnectionId = number & { readonly [connectionBrand]: true };

/** Who hears the same: the first `size` of a list that only grows, at its end, and is known again by being the same one. */
export interface Hearers {
  readonly list: readonly ConnectionId[];
  readonly size: number;
}

/** Why a connection ended. `ours`: we closed it after what was queued; `fin`: both sides have closed. */
export type EndCause = "ours" | "fin" | "reset" | "timed-out" | "broken";

export type SocketEvent =
  /**
   * One socket call, as it returned. `ofBytes` is what was asked for; `result` is ok, partial, would-block, FIN, RST or
   * an error code, of setsockopt the option and what it was set to. `payload`: what was handed over to be sent, or what
   * came, whole; its bytes are valid only until the handler returns.
   */
  | {
      readonly type: "called";
      readonly call: CallName;
      readonly result: string;
      readonly connection?: ConnectionId;
      readonly local?: Endpoint;
      readonly peer?: Endpoint;
      readonly bytes?: number;
      readonly ofBytes?: number;
      readonly payload?: Uint8Array;
    }
  /** As many `called`: one send took all of the same bytes, for each of these. `payload` as there. */
  | {
      readonly type: "sent-to-all";
      readonly connections: readonly ConnectionId[];
      readonly payload: Uint8Array;
    }
  /** TCP: in LISTEN. UDP: bound. */
  | { readonly type: "listening"; readonly local: Endpoint }
  /** A connect was begun; `target` as it was asked for. */
  | { readonly type: "connecting"; readonly target: string }
  /** TCP: ESTABLISHED. UDP: the first datagram from an endpoint (`accepted`), or an endpoint chosen to send to. */
  | {
      readonly type: "connected";
      readonly connection: ConnectionId;
      readonly isInbound: boolean;
      readonly local: Endpoint;
      readonly peer: Endpoint;
    }
  /** What one recv or one datagram brought. The bytes are valid only until the handler returns. */
  | { readonly type: "received"; readonly connection: ConnectionId; readonly bytes: Uint8Array }
  /** FIN came: the peer sends no more, and may still read. */
  | { readonly type: "peer-shut-down"; readonly connection: ConnectionId }
  /** Our FIN left, after everything queued. */
  | { readonly type: "shut-down"; readonly connection: ConnectionId }
  /** The out-queue passed outQueueHighBytes. */
  | { readonly type: "backlogged"; readonly connection: ConnectionId; readonly queuedBytes: number }
  /** A backlogged out-queue came down to outQueueLowBytes. */
  | { readonly type: "drained"; readonly connection: ConnectionId }
  /** A part of a broadcast did not fit the out-queue (outQueueMaxBytes, or outQueuesMaxBytes in all): nothing of it was taken. */
  | { readonly type: "overflowed"; readonly connection: ConnectionId; readonly bytes: number }
  /** UDP: datagrams came faster than they could be read, and so many were dropped unread. */
  | { readonly type: "overrun"; readonly count: number }
  /**
   * UDP: a datagram sent lately found no one (ICMP port unreachable). The kernel does not say whose:
   * `connection` is there only when one peer alone can be meant.
   */
  | { readonly type: "unreachable"; readonly error: NetworkError; readonly connection?: ConnectionId }
  /** The connection is over; its id is never heard of again. */
  | {
      readonly type: "disconnected";
      readonly connection: ConnectionId;
      readonly cause: EndCause;
      readonly error?: NetworkError;
    }
  /** Connections were refused at accept, the last one this peer's, and why. Over UDP: newcomers. */
  | {
      readonly type: "turned-away";
      readonly peer: Endpoint;
      readonly reason: string;
      readonly count: number;
    }
  /** Listening, binding or connecting failed: the transport is done for and has closed itself. */
  | { readonly type: "failed"; readonly error: NetworkError }
  /** One payload of so many bytes could not be sent, and nothing else changed (a datagram too large, an unroutable peer). */
  | {
      readonly type: "send-failed";
      readonly connection: ConnectionId;
      readonly error: NetworkError;
      readonly bytes: number;
    }
  /** The transport was stopped and holds no socket any more. The last event. */
  | { readonly type: "stopped" };

export type Called = Extract<SocketEvent, { readonly type: "called" }>;

/** Each of them, for who wants to know. */
export function expandCalls(sent: Extract<SocketEvent, { readonly type: "sent-to-all" }>): readonly Called[] {
  const { connections, payload } = sent;
  const { length } = payload;
  return connections.map((connection) => ({
    type: "called",
    call: "send",
    result: "ok",
    connection,
    bytes: length,
    ofBytes: length,
    payload,
  }));
}
