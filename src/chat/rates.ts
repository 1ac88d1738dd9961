/**
 * How fast bytes come and go: the counters, looked at once a second while there is traffic. When a whole window has
 * passed without any, the clock stops: an idle chat wakes nobody.
 */

import { rateIntervalMs, rateSamplesMax } from "../protocol/limits.ts";
import type { Chat, Side } from "./state.ts";

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
}

export function createRates(): Rates {
  return { samples: [], seenIn: 0, seenOut: 0, isArmed: false };
}

/** Bytes have come or gone: the clock runs from now on. Without a screen there is nobody to look. */
export function armRates(chat: Chat, side: Side): void {
  if (side.rates.isArmed || chat.config.headless) return;
  side.rates.isArmed = true;
  chat.timers.set(`rate ${side.transport}`, chat.nowMs + rateIntervalMs);
}

/** A second is over. */
export function rateTimeReached(chat: Chat, side: Side): void {
  const { rates, bytesIn, bytesOut } = side;
  rates.isArmed = false;
  const sample = { bytesIn: bytesIn - rates.seenIn, bytesOut: bytesOut - rates.seenOut };
  const samples = [...rates.samples, sample].slice(-rateSamplesMax);
  rates.seenIn = bytesIn;
  rates.seenOut = bytesOut;
  const isOver = samples.every((one) => one.bytesIn === 0 && one.bytesOut === 0);
  rates.samples = isOver ? [] : samples;
  if (!isOver) armRates(chat, side);
}
