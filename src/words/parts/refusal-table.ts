/** The table of a language for the pages of /why about encryption, keys and identity. Types only. */

import type { RefusalPage } from "../../protocol/errors/error-advice.ts";
import type { RefusalCauseId, RefusalTryId } from "../../protocol/errors/refusal-advice.ts";

export interface RefusalTable {
  /** In one line. */
  readonly meanings: Readonly<Record<RefusalPage, string>>;
  /** The bytes that crossed, and words that were not sent or shown. */
  readonly wires: Readonly<Record<RefusalPage, string>>;
  readonly causes: Readonly<Record<RefusalCauseId, string>>;
  readonly tries: Readonly<Record<RefusalTryId, string | ((program: string) => string)>>;
}
