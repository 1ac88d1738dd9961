/** Comparisons of keys by two people (`/verify`; SEALED.md, Comparing): those that run, and how many members may begin. Types only. */

import type { ConnectedAddressee } from "./side.ts";

/** One comparison with one other member. */
export interface Comparison {
  readonly other: ConnectedAddressee;
  /** The other's key, as text, when it began. */
  readonly key: string;
  /** The first digits of the commitment, by which frames name the comparison. */
  readonly id: string;
  /** We have committed; else the other has. */
  readonly isOurs: boolean;
  readonly commitment: string;
  readonly ourNumber: Uint8Array;
  /** Undefined until the numbers are known; then the people compare them. */
  digits: string | undefined;
  hasPersonAgreed: boolean;
  hasOtherAgreed: boolean;
  /** Then it has taken too long. */
  dueMs: number;
}

/** How many comparisons a member may still begin, and when that was computed. */
interface ComparisonBudget {
  left: number;
  atMs: number;
}

export interface Comparisons {
  /** By the key of the other member, at most comparisonsMax. */
  readonly running: Map<string, Comparison>;
  /** The same, of the members that began one last. */
  readonly budgets: Map<string, ComparisonBudget>;
}
