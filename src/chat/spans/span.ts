/** The span of one line or datagram in the stream of the peer that sent it. */

import type { PeerTrace } from "./peer-trace.ts";

/** Offsets in bytes from the connection's beginning; `end` is exclusive. Approximate with telnet. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Returns undefined if messages of the peer are not traced, so that a line allocates no object. */
export function makeSpan(trace: PeerTrace | undefined, start: number, end: number): Span | undefined {
  return trace === undefined ? undefined : { start, end };
}
