/** Measurements of one peer's path. Types only. */

import type { TcpFacts } from "../../protocol/sockets/tcp-facts.ts";

/** Counts of a peer that delivers over UDP, since it connected. */
export interface LinkMeasures {
  /** Frames received, each counted once. */
  readonly received: number;
  /** Datagrams that the peer sent and that never arrived. */
  readonly lost: number;
  readonly duplicates: number;
  readonly reordered: number;
  /** Frames sent, each counted once, and the number of retransmissions. */
  readonly sent: number;
  readonly retransmitted: number;
}

/** A TCP connection as the kernel has it; `peer` is its endpoint. */
export interface ConnectionFacts extends TcpFacts {
  readonly peer: string;
}

/** Times in milliseconds, smoothed as RFC 6298 does it. */
export interface LinkOutput extends Partial<LinkMeasures> {
  readonly peer: string;
  readonly rttMs: number | null;
  readonly rttVarMs: number | null;
}
