/** What each language has to say on the pages of /why. Types only. */

import type { CauseId, TryId } from "../../protocol/errors/error-advice.ts";
import type { ErrorCode } from "../../protocol/sockets/network-error.ts";

export interface WhyTable {
  /** What the code means, in one line. */
  readonly meanings: Readonly<Record<ErrorCode, string>>;
  /** What was sent and what came back, if anything was. */
  readonly wires: Readonly<Record<ErrorCode, string>>;
  readonly causes: Readonly<Record<CauseId, string>>;
  /** Commands of duet, or of a shell; with HOST, PORT and PATH as the reader has them. */
  readonly tries: Readonly<Record<TryId, string | ((program: string) => string)>>;
}
