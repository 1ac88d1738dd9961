/** What main holds of whoever runs: the two ways to end it. */

import type { Sentence } from "../../words/sentences/sentence.ts";

export interface Running {
  /** With goodbyes; the exit follows. */
  readonly quit: (code: number, reason: Sentence) => void;
  /** At once: gives back the terminal and what other programs could see of us. Synchronous, harmless when called again. */
  readonly abandon: () => void;
}
