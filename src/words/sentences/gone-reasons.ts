/** Reasons of an end that a peer did not choose, or did not announce: it is gone, rather than left. */

import type { Sentence } from "./sentence.ts";

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
