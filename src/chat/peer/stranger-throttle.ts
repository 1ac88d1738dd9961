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

/** A stranger's own budget of lines, and its inputs that wait. */
export interface StrangerThrottle {
  /** The key of its address: see makeAddressKey(). */
  readonly address: string;
  /** When its own budget is full again: see address-budgets.ts. */
  fullAtMs: number;
  /** A line of its address is booked for the turn that its timer is set to. */
  isTurnBooked: boolean;
  readonly waiting: ThrottledInput[];
  /** The cost of the inputs that wait: see computeWaitingCost(). */
  waitingBytes: number;
  /** The person has been notified (`isReported`), and so has the stranger (`isExplained`). */
  isReported: boolean;
  isExplained: boolean;
}
