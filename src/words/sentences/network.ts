/** Network errors as notices, and the pages of /why. Types only. */

import type { CauseId, RefusalPage, TryId } from "../../protocol/errors/error-advice.ts";
import type { RefusalCauseId, RefusalTryId } from "../../protocol/errors/refusal-advice.ts";
import type { ErrorCode, NetworkError } from "../../protocol/sockets/network-error.ts";

export interface NetworkSentences<S> {
  /** `isNamed`: the message follows the name of its subject. */
  readonly "network-error": { readonly error: NetworkError; readonly isNamed?: true };
  /** `isInChat`: a command of the composer, not of the shell. */
  readonly "network-hint": { readonly error: NetworkError; readonly isInChat?: boolean };
  readonly "error-meaning": { readonly code: ErrorCode };
  /** `error`: the last such error, if there was one. */
  readonly "why-head": { readonly code: ErrorCode; readonly error: NetworkError | undefined };
  readonly "why-wire": { readonly code: ErrorCode };
  readonly "why-cause": { readonly number: number; readonly cause: CauseId };
  readonly "why-try": { readonly number: number; readonly step: S };
  readonly "error-try": { readonly step: TryId };
  readonly "refusal-meaning": { readonly page: RefusalPage };
  readonly "refusal-head": { readonly page: RefusalPage };
  readonly "refusal-wire": { readonly page: RefusalPage };
  readonly "refusal-cause": { readonly number: number; readonly cause: RefusalCauseId };
  readonly "refusal-try": { readonly step: RefusalTryId };
}
