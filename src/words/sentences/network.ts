/** What the network or the machine refused, and the pages of /why. Types only. */

import type { CauseId, TryId } from "../../protocol/errors/error-advice.ts";
import type { ErrorCode, NetworkError } from "../../protocol/sockets/network-error.ts";

export interface NetworkSentences<S> {
  /** `isNamed`: whom it is about stands before it already. */
  readonly "network-error": { readonly error: NetworkError; readonly isNamed?: true };
  readonly "network-hint": { readonly error: NetworkError };
  readonly "error-meaning": { readonly code: ErrorCode };
  /** `error`: the one that did happen, if it did. */
  readonly "why-head": { readonly code: ErrorCode; readonly error: NetworkError | undefined };
  readonly "why-wire": { readonly code: ErrorCode };
  readonly "why-cause": { readonly number: number; readonly cause: CauseId };
  readonly "why-try": { readonly number: number; readonly step: S };
  readonly "error-try": { readonly step: TryId };
}
