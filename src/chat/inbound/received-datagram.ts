/** One received datagram. */

import type { Span } from "../spans/span.ts";

export interface Datagram {
  readonly text: string;
  readonly bytes: number;
  /** Undefined if messages of the peer are not traced. */
  readonly span: Span | undefined;
}
