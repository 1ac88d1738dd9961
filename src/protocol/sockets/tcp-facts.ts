/** What a kernel knows of one TCP connection, in the words of RFC 9293 and ss(8). Values only: who reads them is in the transport. */

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
  /** `socket`: asked of our descriptor. `table`: of the system's list of sockets, before and after we have one. */
  readonly source: "socket" | "table";
  /** Smoothed, with its mean deviation (RFC 6298); undefined where the source does not tell. */
  readonly roundTripMs: number | undefined;
  readonly roundTripVarMs: number | undefined;
  /** Segments sent again since the beginning. */
  readonly retransmits: number | undefined;
  /** Bytes that the kernel has taken and the peer's has not acknowledged yet, the unsent ones among them: ss's Send-Q. */
  readonly unackedBytes: number;
  /** Of these, what has not been sent even once. */
  readonly unsentBytes: number | undefined;
  /** Bytes that came and wait for our recv: ss's Recv-Q. */
  readonly unreadBytes: number;
  /** What the peer allows to be on its way. */
  readonly sendWindowBytes: number | undefined;
}

/** Of one connection; without an id: of the one that is being made. */
export interface TcpObservation {
  readonly connection: ConnectionId | undefined;
  readonly facts: TcpFacts;
}

/** By the number that Linux gives them (include/net/tcp_states.h); CLOSED for one that it has not. */
export function nameTcpState(number: number): TcpStateName {
  return names[number] ?? "CLOSED";
}

const names: readonly (TcpStateName | undefined)[] = [
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
