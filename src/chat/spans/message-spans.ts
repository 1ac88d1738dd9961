/** The messages that bytes belong to, while those bytes are enqueued or received. */

import type { MessageSpans, MessageSpan } from "../log/entry.ts";

/** The bytes enqueued now are the text of these messages, or report on them. */
export interface SpanOwners {
  readonly what: MessageSpan["what"];
  readonly of: readonly MessageSpans[];
}

/** A message in parts: its number, and the spans of the parts received so far. */
export interface ReceivedParts {
  readonly id: number;
  readonly from: number | undefined;
  readonly spans: MessageSpans;
}
