/** Measurements of one peer's path: types only. */

import type { TcpFacts } from "../../protocol/sockets/tcp-facts.ts";

/** Of a peer that delivers over UDP; counts are of datagrams since it came. */
export interface LinkMeasures {
  /** Frames that came, each once. */
  readonly received: number;
  /** Left there and never came here. */
  readonly lost: number;
  readonly duplicates: number;
  readonly reordered: number;
  /** Frames that were sent, each once; and how often one was sent again. */
  readonly sent: number;
  readonly retransmitted: number;
}

/** A TCP connection as the kernel has it; `peer` is its endpoint. */
export interface ConnectionFacts extends TcpFacts {
  readonly peer: string;
}

/** Times in milliseconds, smoothed as RFC 6298 does it. */
export interface LinkTold extends Partial<LinkMeasures> {
  readonly peer: string;
  readonly rttMs: number | null;
  readonly rttVarMs: number | null;
}
