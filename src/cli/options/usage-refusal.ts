/** Wrong usage of the command line or of a file of settings, as a value. */

import type { Target, UsageError } from "../../protocol/address/target.ts";
import type { TargetProblem } from "../../protocol/address/target-problem.ts";
import { type ParamsFor, type Sentence, sentence, type SentenceId } from "../../words/sentences/sentence.ts";

/** Which word was wrong, and what is allowed. */
export type UsageRefusal = UsageError<Sentence>;

/** A refusal by the sentence that says why. */
export function refuse<Id extends SentenceId>(id: Id, ...params: ParamsFor<Id>): UsageRefusal {
  return { kind: "usage-error", problem: sentence(id, ...params) };
}

/** Tells an error from a value of any other shape. */
export function isUsageError(value: unknown): value is UsageRefusal {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "usage-error";
}

/** A target as it was read; what is wrong with it, as a sentence. */
export function targetOrRefusal(read: Target | UsageError<TargetProblem>): Target | UsageRefusal {
  return read.kind === "usage-error" ? refuse("target-problem", { problem: read.problem }) : read;
}
