/** The wire panel and its view of bytes. Types only. */

import type { NoParams } from "../parts/no-params.ts";

interface OfCall {
  readonly call: number;
}

interface MovedBytes extends OfCall {
  readonly offset: number;
  readonly bytes: number;
  /** Sender or recipient of the bytes; undefined if unknown. */
  readonly peer: { readonly name: string; readonly way: "in" | "out" } | undefined;
}

export interface WireSentences {
  readonly "call-not-kept": NoParams;
  /** `key`: as `port` in `port=80`. */
  readonly "no-filter-key": { readonly key: string };
  readonly "no-call-passes": NoParams;
  readonly "no-call-passes-wire-all": NoParams;
  readonly "dump-goes-on": { readonly lines: number };
  readonly "bytes-not-kept": NoParams;
  readonly "first-bytes-kept": { readonly kept: number; readonly bytes: number };
  /** Of a sealed call: what its records opened to, and then what crossed. */
  readonly "bytes-opened": { readonly bytes: number };
  readonly "bytes-sealed": { readonly bytes: number };
  readonly "call-without-bytes": OfCall;
  readonly "call-moved": MovedBytes;
}
