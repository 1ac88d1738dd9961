/** Faults of frames that a peer sent, as the protocol reports them. Types only. */

import type { FrameFault } from "../../protocol/frames/frame-fault.ts";
import type { NoParams } from "../parts/no-params.ts";

export interface FrameSentences<S> {
  readonly "frame-fault": { readonly fault: FrameFault };
  readonly "malformed-frame": { readonly name: string; readonly fault: S };
  readonly "malformed-hint": NoParams;
  readonly "too-many-malformed": { readonly frames: number };
}
