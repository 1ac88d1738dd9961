/** The messages that bytes belong to, while those bytes are enqueued or received. */

import type { Carried, CarriedRange } from "../log/entry.ts";

/** The bytes enqueued now are the text of these messages, or report on them. */
export interface Carrying {
  readonly what: CarriedRange["what"];
  readonly of: readonly Carried[];
}

/** A message in parts: its number, and the spans of the parts received so far. */
export interface PartsCame {
  readonly id: number;
  readonly from: number | undefined;
  readonly carried: Carried;
}
