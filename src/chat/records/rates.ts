/** Bytes of the last seconds, and the clock that samples them. */

/** Bytes of one second. */
export interface RateSample {
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface Rates {
  /** The oldest first, at most `rateSamplesMax`; empty while nothing goes on. */
  samples: readonly RateSample[];
  seenIn: number;
  seenOut: number;
  /** The clock runs. */
  isArmed: boolean;
  /** Seconds until it stops, if nobody says anything more. */
  left: number;
}

export function createRates(): Rates {
  return { samples: [], seenIn: 0, seenOut: 0, isArmed: false, left: 0 };
}
