/** Which messages some bytes are of, while those bytes are enqueued or received. */

import type { Carried, CarriedRange } from "../log/entry.ts";

/** What is given now is the text of these messages, or word of them. */
export interface Carrying {
  readonly what: CarriedRange["what"];
  readonly of: readonly Carried[];
}

/** Of a message that comes in parts: which one, and where those so far came. */
export interface PartsCame {
  readonly id: number;
  readonly from: number | undefined;
  readonly carried: Carried;
}
