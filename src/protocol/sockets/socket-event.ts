/**
 * The events by which a transport reports what its sockets did. Chat and transport share these types, and never import
 * each other.
 */

import type { Endpoint } from "../address/endpoint.ts";
import type { BorrowedBytes } from "../borrowed-bytes.ts";
import type { NetworkError } from "./network-error.ts";
import type { CallName } from "./socket-call.ts";
import type { Refusal } from "./refusal.ts";

export type TransportName = "tcp" | "udp";

declare const connectionBrand: unique symbol;
/** Unique in the process and never reused. A UDP association (one peer endpoint) has one too. */
export type ConnectionId = number & { readonly [connectionBrand]: true };

/** Groups of TCP connections that receive the same bytes: a room's raw peers, and its duets. */
export type FanoutName = "raw" | "duets";

/**
 * Why a connection ended. `ours`: we closed it; `displaced`: a newcomer needed its place; `fin`: both sides have sent
 * FIN.
 */
export type EndCause = "ours" | "displaced" | "fin" | "reset" | "timed-out" | "broken";

/**
 * Why a sealed stream cannot be read: a record does not authenticate, is none, follows the end mark, or FIN was received
 * without that mark.
 */
export type SealFault =
  "forged" | "malformed" | "after-end" | "cut" | "other-key" | "spent" | "refused" | "wrong-password";

/** What a call moved, where it was sealed: `bytes`, `ofBytes` and `payload` of the call are then the opened ones. */
interface SealedPart {
  readonly bytes: number;
  readonly ofBytes?: number;
  readonly payload: BorrowedBytes;
}

export type SocketEvent =
  /**
   * One socket call, as it returned. `ofBytes`: the bytes requested. `result`: ok, partial, would-block, FIN, RST or
   * an error code; for setsockopt the option and its new value. `payload`: the whole payload sent or received.
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
      readonly payload?: BorrowedBytes;
      readonly sealed?: SealedPart;
    }
  /** Stands for one `called` for each connection: its one send took the whole payload. */
  | {
      readonly type: "sent-to-all";
      readonly connections: readonly ConnectionId[];
      readonly payload: BorrowedBytes;
    }
  /**
   * TCP: in LISTEN. UDP: bound; `answersFromAny`: at every address, and the kernel chooses the one that an answer
   * leaves from.
   */
  | { readonly type: "listening"; readonly local: Endpoint; readonly answersFromAny?: boolean }
  /** A connect began; `target` as it was requested. */
  | { readonly type: "connecting"; readonly target: string }
  /** TCP: ESTABLISHED. UDP: the first datagram from an endpoint (`isInbound`), or an endpoint chosen to send to. */
  | {
      readonly type: "connected";
      readonly connection: ConnectionId;
      readonly isInbound: boolean;
      readonly local: Endpoint;
      readonly peer: Endpoint;
    }
  /** Bytes of a recv, or one datagram. `isOpened`: of a session, after its records were opened. */
  | {
      readonly type: "received";
      readonly connection: ConnectionId;
      readonly bytes: BorrowedBytes;
      readonly isOpened?: boolean;
    }
  /**
   * UDP: a datagram was dropped: it was received from the endpoint of a session and is not of it, or it is of a session that
   * is not known, and came from an endpoint that is not known either.
   */
  | { readonly type: "unopened"; readonly connection?: ConnectionId }
  /** UDP: the peer of a session sends from another endpoint, and is sent to there from now on. */
  | { readonly type: "moved"; readonly connection: ConnectionId; readonly peer: Endpoint }
  /** A session whose keys have sealed so much that new ones are due. Reported once for each key. */
  | { readonly type: "keys-due"; readonly connection: ConnectionId }
  /** A sealed session cannot go on: nothing more of it is reported. */
  | { readonly type: "seal-broken"; readonly connection: ConnectionId; readonly why: SealFault }
  /** The peer's FIN was received: it sends no more, and may still read. */
  | { readonly type: "peer-shut-down"; readonly connection: ConnectionId }
  /** Our FIN was sent, after the send queue. */
  | { readonly type: "shut-down"; readonly connection: ConnectionId }
  /** The send queue exceeded its high-water mark (outQueueHighBytes). */
  | { readonly type: "backlogged"; readonly connection: ConnectionId; readonly queuedBytes: number }
  /** A backlogged send queue shrank to outQueueLowBytes. */
  | { readonly type: "drained"; readonly connection: ConnectionId }
  /** Published bytes would exceed outQueueMaxBytes, or outQueuesMaxBytes in all, and none of them was queued. */
  | { readonly type: "overflowed"; readonly connection: ConnectionId; readonly bytes: number }
  /** UDP: `count` datagrams were dropped, since they arrived faster than they could be processed. */
  | { readonly type: "overrun"; readonly count: number }
  /**
   * UDP: a datagram sent lately was answered with ICMP unreachable. The kernel does not report for which peer, so
   * `connection` is set only if it can be one alone.
   */
  | { readonly type: "unreachable"; readonly error: NetworkError; readonly connection?: ConnectionId }
  /** The connection ended. No later event has its id. */
  | {
      readonly type: "disconnected";
      readonly connection: ConnectionId;
      readonly cause: EndCause;
      readonly error?: NetworkError;
      /** Bytes that the peer's kernel had not acknowledged when our close gave up. */
      readonly lostBytes?: number;
    }
  /** `count` connections were refused at accept (UDP: new endpoints), the last one this peer's. */
  | {
      readonly type: "turned-away";
      readonly peer: Endpoint;
      readonly refusal: Refusal;
      readonly count: number;
    }
  /** Listening, binding or connecting failed, and the transport has closed itself. */
  | { readonly type: "failed"; readonly error: NetworkError }
  /** One payload could not be sent, for example a datagram that is too large; the connection is unchanged. */
  | {
      readonly type: "send-failed";
      readonly connection: ConnectionId;
      readonly error: NetworkError;
      readonly bytes: number;
    }
  /** The transport was stopped and has closed its sockets. The last event. */
  | { readonly type: "stopped" };

export type Called = Extract<SocketEvent, { readonly type: "called" }>;

/** The bytes that a call moved on the wire, sealed or not. */
interface WirePart {
  readonly bytes?: number | undefined;
  readonly ofBytes?: number | undefined;
  readonly payload?: BorrowedBytes | undefined;
}

export function getWirePart(called: Called): WirePart {
  return called.sealed ?? called;
}

/** The `called` event of each connection. */
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
