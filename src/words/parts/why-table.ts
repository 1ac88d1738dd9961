/** The table of a language for the pages of /why. Types only. */

import type { CauseId, TryId } from "../../protocol/errors/error-advice.ts";
import type { ErrorCode } from "../../protocol/sockets/network-error.ts";

export interface WhyTable {
  /** The meaning of a code, in one line. */
  readonly meanings: Readonly<Record<ErrorCode, string>>;
  /** Packets that were sent and received, if any. */
  readonly wires: Readonly<Record<ErrorCode, string>>;
  readonly causes: Readonly<Record<CauseId, string>>;
  /** Commands of duet, or of a shell; HOST, PORT and PATH stand for the reader's own. */
  readonly tries: Readonly<Record<TryId, string | ((program: string) => string)>>;
}
