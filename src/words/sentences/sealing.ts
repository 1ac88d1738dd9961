/** Sealed sessions (SEALED.md). Types only. */

import type { SealFault } from "../../protocol/sockets/socket-event.ts";
import type { NoParams } from "../parts/no-params.ts";

export interface SealingSentences {
  /** For a duet that does not seal, in our goodbye. */
  readonly "seal-required": NoParams;
  readonly "peer-cannot-seal": { readonly address: string };
  readonly "raw-cannot-seal": { readonly address: string };
  readonly "duet-does-not-seal": { readonly name: string };
  readonly "too-many-handshakes": NoParams;
  readonly "seal-timed-out": { readonly seconds: number };
  readonly "seal-failed": NoParams;
  /** `reason`: a number of SEALED.md, which nothing proves. */
  readonly "seal-refused": { readonly reason: number };
  readonly "no-sealed-hello": NoParams;
  readonly "session-broken": { readonly why: SealFault };
}
