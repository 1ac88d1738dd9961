/** Span fields of outputs: the bytes of a call that belong to a message. */

import type { CallName } from "../../protocol/sockets/socket-call.ts";
import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import type { MessageSpan } from "../log/entry.ts";

/**
 * A stretch of a call's bytes and its part in the message `id`. `start` and `end` (exclusive) count as the call's
 * `offset`.
 */
export interface SpanInCall {
  readonly id: number;
  readonly what: MessageSpan["what"];
  readonly start: number;
  readonly end: number;
}

/** A stretch of the bytes that these calls move; `connection` and `peer` as in their outputs. */
export interface ReportedSpan extends Omit<SpanInCall, "id"> {
  readonly call: CallName;
  readonly connection: ConnectionId;
  readonly peer: string;
}

/** The messages in a call's bytes, of those reported before the call. */
export interface CallLedger {
  readonly carries?: readonly SpanInCall[];
  /** Messages in the bytes of earlier calls, recognised only now. */
  readonly earlier?: readonly SpanInCall[];
  /** More spans exist than are traced, or than one output carries (reportedSpansMax). */
  readonly carriesMore?: boolean;
}

/** The spans of a message or receipt, as far as they are recognised when it is reported. */
export interface MessageLedger {
  readonly carried?: readonly ReportedSpan[] | undefined;
  readonly carriedMore?: boolean | undefined;
}
