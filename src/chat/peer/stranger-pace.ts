/** The throttle of a stranger, and its inputs that wait for their turn. */

import type { MessageFrame } from "../../protocol/frames/frame.ts";
import type { DecodedLine } from "../../protocol/lines/line-decoder.ts";
import type { Carried } from "../log/entry.ts";
import type { Span } from "../spans/span.ts";

/** One input that counts: a line of a stream, a datagram's text, a duet's message or new name. `bytes`: as received. */
export type PacedInput =
  | {
      readonly kind: "line";
      readonly line: DecodedLine;
      readonly bytes: number;
      readonly span: Span | undefined;
    }
  | {
      readonly kind: "datagram";
      readonly text: string;
      readonly bytes: number;
      readonly span: Span | undefined;
    }
  | {
      readonly kind: "message";
      readonly frame: MessageFrame;
      readonly bytes: number;
      readonly carried: Carried | undefined;
    }
  | { readonly kind: "name"; readonly name: string; readonly bytes: number };

/** How many inputs a stranger may still send at once, since when, and the inputs that wait. */
export interface StrangerPace {
  left: number;
  atMs: number;
  readonly waiting: PacedInput[];
  waitingBytes: number;
  /** The person has been notified (`isTold`), and so has the stranger (`knowsWhy`). */
  isTold: boolean;
  knowsWhy: boolean;
}
