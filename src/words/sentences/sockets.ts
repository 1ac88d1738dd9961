/** Commands on a socket, and why one is impossible: RST, bytes, a receive buffer. Types only. */

import type { NoParams } from "../parts/no-params.ts";

export interface SocketSentences {
  readonly "udp-has-no-reset": NoParams;
  readonly "peer-has-no-reset": { readonly name: string };
  readonly "no-hex-digit": { readonly digit: string };
  readonly "odd-hex-digits": NoParams;
  readonly "too-much-hex": { readonly bytes: number };
  readonly "partial-over-udp": NoParams;
  readonly "duet-takes-frames": { readonly name: string };
  readonly "behind-hub": { readonly name: string };
  readonly "nobody-to-send-to": NoParams;
  readonly "udp-has-no-window": NoParams;
  readonly "peer-has-no-window": { readonly name: string };
  readonly "buffer-size": { readonly bytes: number };
  readonly "read-as-ever": { readonly name: string };
  readonly "reading-stopped": { readonly name: string };
  readonly "reading-stopped-hint": NoParams;
  readonly "reading-again": { readonly name: string };
}
