/** The kernel's state of one TCP connection, in the terms of RFC 9293 and ss(8). The transport reads it. */

import type { ConnectionId } from "./socket-event.ts";

/** The states of RFC 9293 §3.3.2. */
export type TcpStateName =
  | "ESTABLISHED"
  | "SYN-SENT"
  | "SYN-RECEIVED"
  | "FIN-WAIT-1"
  | "FIN-WAIT-2"
  | "TIME-WAIT"
  | "CLOSED"
  | "CLOSE-WAIT"
  | "LAST-ACK"
  | "LISTEN"
  | "CLOSING";

export interface TcpFacts {
  readonly state: TcpStateName;
  /** `socket`: read from our descriptor. `table`: from the system's list of sockets, while we have no descriptor. */
  readonly source: "socket" | "table";
  /** Smoothed, with its mean deviation (RFC 6298); undefined if the source does not have it. */
  readonly roundTripMs: number | undefined;
  readonly roundTripVarMs: number | undefined;
  /** Segments retransmitted since the connection began. */
  readonly retransmits: number | undefined;
  /** Bytes that the peer's kernel has not acknowledged, including unsent ones: ss's Send-Q. */
  readonly unackedBytes: number;
  /** The part of unackedBytes that was never transmitted. */
  readonly unsentBytes: number | undefined;
  /** Bytes received that wait for our recv: ss's Recv-Q. */
  readonly unreadBytes: number;
  /** The bytes that the peer's window allows in flight. */
  readonly sendWindowBytes: number | undefined;
}

/** The facts of one connection; without an id, of the one in SYN-SENT. */
export interface TcpObservation {
  readonly connection: ConnectionId | undefined;
  readonly facts: TcpFacts;
}

/** The state with Linux's number (include/net/tcp_states.h); CLOSED for an unknown number. */
export function nameTcpState(number: number): TcpStateName {
  return stateNames[number] ?? "CLOSED";
}

const stateNames: readonly (TcpStateName | undefined)[] = [
  undefined,
  "ESTABLISHED",
  "SYN-SENT",
  "SYN-RECEIVED",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "TIME-WAIT",
  "CLOSED",
  "CLOSE-WAIT",
  "LAST-ACK",
  "LISTEN",
  "CLOSING",
  "SYN-RECEIVED",
];
