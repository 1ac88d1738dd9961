/** Figures and the cells of tables: /who, /stats. Types only; numbers are parameters, and each table formats them. */

import type { NoParams } from "../parts/no-params.ts";
import type { Table } from "../parts/table.ts";

export interface FigureSentences<S> {
  /** One row of a table, its columns padded to the widest of all rows. */
  readonly row: { readonly table: Table<S>; readonly at: number };
  /** `bob: ESTABLISHED, rtt 21 µs`; without a name, indented below the previous line. */
  readonly list: { readonly name: string | undefined; readonly items: readonly S[] };
  readonly "and-more": { readonly more: number };
  readonly duration: { readonly ms: number };
  readonly you: NoParams;
  readonly "kind-raw": NoParams;
  readonly loss: { readonly share: number };
  readonly "in-room-of": { readonly name: string };
  readonly "bytes-in": { readonly bytes: number };
  readonly "bytes-out": { readonly bytes: number };
  readonly "bytes-waiting": { readonly bytes: number };
  readonly peers: { readonly peers: number };
  readonly "malformed-frames": { readonly frames: number };
  readonly "round-trip": { readonly ms: number; readonly variationMs: number };
  readonly "kernel-round-trip": { readonly ms: number };
  readonly retransmits: { readonly segments: number };
  readonly "bytes-unacked": { readonly bytes: number };
  readonly "bytes-unsent": { readonly bytes: number };
  readonly "bytes-unread": { readonly bytes: number };
  readonly "peer-window": { readonly bytes: number };
  readonly "being-made": NoParams;
  readonly "over-for-us": NoParams;
  readonly "state-by-events": { readonly state: string };
  readonly "losses-unknown": NoParams;
  readonly "frames-received": { readonly frames: number };
  readonly "frames-lost": { readonly frames: number; readonly share: number };
  readonly "frames-doubled": { readonly frames: number };
  readonly "frames-reordered": { readonly frames: number };
  readonly "frames-sent": { readonly frames: number };
  readonly "frames-sent-again": { readonly frames: number };
}
