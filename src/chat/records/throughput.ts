/** Throughput of the last seconds, and the state of its sampling timer. */

export interface RateSample {
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface Throughput {
  /** The oldest first, at most `rateSamplesMax`; empty while there is no traffic. */
  samples: readonly RateSample[];
  seenIn: number;
  seenOut: number;
  /** The sampling timer is set. */
  isArmed: boolean;
  /** Samples until the timer stops, unless there is more traffic. */
  left: number;
}

export function createThroughput(): Throughput {
  return { samples: [], seenIn: 0, seenOut: 0, isArmed: false, left: 0 };
}
