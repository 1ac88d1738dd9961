/** The allowance of a stranger, and its lines that wait for their turn. */

import type { MessageFrame } from "../../protocol/frames/frame.ts";
import type { DecodedLine } from "../../protocol/lines/line-decoder.ts";
import type { Carried } from "../log/entry.ts";

/** One thing said: a line of a stream, a datagram's text, a duet's message or new name. `bytes`: as it came. */
export type Saying =
  | { readonly kind: "line"; readonly line: DecodedLine; readonly bytes: number }
  | { readonly kind: "datagram"; readonly text: string; readonly bytes: number }
  | {
      readonly kind: "message";
      readonly frame: MessageFrame;
      readonly bytes: number;
      readonly carried: Carried | undefined;
    }
  | { readonly kind: "name"; readonly name: string; readonly bytes: number };

/** What waits, and where in what came it was: it is taken up long after. */
interface Waiting {
  readonly saying: Saying;
  readonly start: number;
  readonly end: number;
}

/** How much a stranger may still say at once, since when, and what waits. */
export interface StrangerPace {
  left: number;
  atMs: number;
  readonly waiting: Waiting[];
  waitingBytes: number;
  /** The person here was told, and it was. */
  isTold: boolean;
  knowsWhy: boolean;
}
