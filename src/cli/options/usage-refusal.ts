/** Wrong usage of the command line or the settings file, as a value. */

import type { Target, UsageError } from "../../protocol/address/target.ts";
import type { TargetProblem } from "../../protocol/address/target-problem.ts";
import { type ParamsFor, type Sentence, sentence, type SentenceId } from "../../words/sentences/sentence.ts";

/** The refusal of a command line or settings file. `problem` explains it. */
export type UsageRefusal = UsageError<Sentence>;

/** A refusal with the sentence of this id as its reason. */
export function refuse<Id extends SentenceId>(id: Id, ...params: ParamsFor<Id>): UsageRefusal {
  return { kind: "usage-error", problem: sentence(id, ...params) };
}

export function isUsageError(value: unknown): value is UsageRefusal {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "usage-error";
}

/** Returns a parsed target unchanged, and turns a problem with it into a refusal. */
export function refuseTargetProblem(parsed: Target | UsageError<TargetProblem>): Target | UsageRefusal {
  return parsed.kind === "usage-error" ? refuse("target-problem", { problem: parsed.problem }) : parsed;
}
