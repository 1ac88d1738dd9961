/** The throttle of a stranger, and its inputs that wait for their turn. */

import type { MessageFrame } from "../../protocol/frames/frame.ts";
import type { DecodedLine } from "../../protocol/lines/line-decoder.ts";
import type { MessageSpans } from "../log/entry.ts";
import type { Span } from "../spans/span.ts";

/** One input that counts: a line of a stream, a datagram's text, a duet's message or new name. `bytes`: as received. */
export type ThrottledInput =
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
      readonly spans: MessageSpans | undefined;
    }
  | { readonly kind: "name"; readonly name: string; readonly bytes: number };

/** How many inputs a stranger may still send at once, since when, and the inputs that wait. */
export interface StrangerThrottle {
  left: number;
  atMs: number;
  readonly waiting: ThrottledInput[];
  waitingBytes: number;
  /** The person has been notified (`isReported`), and so has the stranger (`isExplained`). */
  isReported: boolean;
  isExplained: boolean;
}
