/**
 * Reasons of an end that a peer did not choose, or did not announce: it is gone, rather than left. And those that are ours,
 * and say by themselves what happened.
 */

import type { Sentence, SentenceId } from "./sentence.ts";

/** True if a peer with this reason is gone. */
export function isGone(reason: Sentence): boolean {
  switch (reason.id) {
    case "ended-without-goodbye":
    case "reset-without-goodbye":
    case "unanswered-pings":
      return true;
    case "network-error":
      return reason.params.error.code === "ETIMEDOUT";
    default:
      return false;
  }
}

/** True if we ended the connection, for a reason that is a whole sentence. */
export function isOwnEnd({ id }: Sentence): boolean {
  return ownEnds.has(id);
}

const ownEnds: ReadonlySet<SentenceId> = new Set<SentenceId>([
  "password-needed",
  "wrong-password",
  "password-unproven",
]);
