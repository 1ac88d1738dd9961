/** The two ways in which main ends a chat or replay. */

import type { Sentence } from "../../words/sentences/sentence.ts";

export interface Running {
  /** Sends goodbyes and closes the connections, then exits with the code. */
  readonly quit: (code: number, reason: Sentence) => void;
  /** Restores the terminal and removes announcements at once, without exiting. Synchronous and idempotent. */
  readonly abandon: () => void;
}
