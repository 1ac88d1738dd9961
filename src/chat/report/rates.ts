/**
 * How fast bytes come and go: the counters, looked at once a second while there is traffic. When a whole window has
 * passed without a word, the clock stops: an idle chat wakes nobody.
 */

import { rateIntervalMs, rateSamplesMax } from "../../protocol/limits.ts";
import type { Chat } from "../model/chat.ts";
import type { Side } from "../model/side.ts";

/**
 * Somebody has said something: the clock runs from now on. The pings of two idle duets do not start it, or it would
 * never stop. Without a screen there is nobody to look.
 */
export function armRates(chat: Chat, side: Side): void {
  side.counters.rates.left = rateSamplesMax;
  if (side.counters.rates.isArmed || chat.config.headless) return;
  side.counters.rates.isArmed = true;
  chat.timers.set({ kind: "rate-sample", of: side.transport }, chat.nowMs + rateIntervalMs);
}

/** Bytes are about to be counted. While the clock stands still, those before them are no traffic of its first second. */
export function countFromHere({ counters: { rates, bytesIn, bytesOut } }: Side): void {
  if (rates.isArmed) return;
  rates.seenIn = bytesIn;
  rates.seenOut = bytesOut;
}

/** A second is over. */
export function rateTimeReached(chat: Chat, side: Side): void {
  const { rates, bytesIn, bytesOut } = side.counters;
  const sample = { bytesIn: bytesIn - rates.seenIn, bytesOut: bytesOut - rates.seenOut };
  const samples = [...rates.samples, sample].slice(-rateSamplesMax);
  chat.focus.shownChanges += 1;
  rates.seenIn = bytesIn;
  rates.seenOut = bytesOut;
  rates.left -= 1;
  rates.isArmed = rates.left >= 0;
  rates.samples = rates.isArmed ? samples : [];
  if (rates.isArmed)
    chat.timers.set({ kind: "rate-sample", of: side.transport }, chat.nowMs + rateIntervalMs);
}
