/** Comparisons of keys by two people (`/verify`). Types only. */

import type { ComparisonEnd } from "../../protocol/frames/frame.ts";

interface Compared {
  readonly name: string;
}

export interface ComparingSentences {
  readonly "comparison-begun": Compared;
  readonly "comparison-begun-hint": Compared;
  /** Our person began it. */
  readonly "comparison-digits": Compared & { readonly digits: string };
  /** The other person began it. */
  readonly "comparison-asked": Compared & { readonly digits: string };
  readonly "comparison-digits-hint": Compared;
  readonly "comparison-agreed": Compared;
  readonly "comparison-other-agreed": Compared;
  readonly "comparison-answer-hint": Compared;
  readonly "comparison-verified": Compared;
  /** `isTheirs`: the other side ended it. `hadDigits`: they were shown. */
  readonly "comparison-ended": Compared & {
    readonly why: ComparisonEnd;
    readonly isTheirs: boolean;
    readonly hadDigits: boolean;
  };
  /** Behind one that ended with different digits, or numbers that do not agree. */
  readonly "comparison-alarm-hint": Compared;
  readonly "comparison-missing": Compared;
  readonly "comparison-without-digits": Compared;
  readonly "comparisons-full": { readonly most: number };
  /** `why`: it is no duet; our connection to it is in the clear; its host names no key of it. */
  readonly "no-key-to-compare": Compared & { readonly why: "raw" | "plain" | "unnamed" };
}
