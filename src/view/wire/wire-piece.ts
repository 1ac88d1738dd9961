/** A piece of text of the wire panel, with its tone. No colours. */

import type { SegmentTone } from "../bars/segments.ts";
import type { WireTone } from "./call-text.ts";

export interface WirePiece {
  readonly text: string;
  readonly tone: WireTone | SegmentTone | "name";
  /** The key of a name's colour. */
  readonly nameKey?: string;
}
