/**
 * Throughput: the counters are sampled once a second while there is traffic. After a whole window without any the
 * timer stops, so that an idle chat never wakes.
 */

import { rateIntervalMs, rateSamplesMax } from "../../protocol/limits.ts";
import type { Chat } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { noteShownChange } from "./shown-changes.ts";
import type { Counters } from "../model/side.ts";

/**
 * Starts sampling after a message. Pings do not start it, or it would never stop; without a screen it is not needed.
 */
export function armRates(
  chat: Pick<Chat, "config" | "nowMs" | "timers">,
  side: Pick<Side, "transport" | "counters">,
): void {
  side.counters.rates.left = rateSamplesMax;
  if (side.counters.rates.isArmed || chat.config.headless) return;
  side.counters.rates.isArmed = true;
  chat.timers.set({ kind: "rate-sample", of: side.transport }, chat.nowMs + rateIntervalMs);
}

/** Called before bytes are counted. While sampling is off, earlier bytes must not count in its first second. */
export function rebaseRates({ rates, bytesIn, bytesOut }: Counters): void {
  if (rates.isArmed) return;
  rates.seenIn = bytesIn;
  rates.seenOut = bytesOut;
}

/** Takes one sample. */
export function handleRateTimer(
  chat: Pick<Chat, "nowMs" | "timers" | "focus">,
  side: Pick<Side, "transport" | "counters">,
): void {
  const { rates, bytesIn, bytesOut } = side.counters;
  const sample = { bytesIn: bytesIn - rates.seenIn, bytesOut: bytesOut - rates.seenOut };
  const samples = [...rates.samples, sample].slice(-rateSamplesMax);
  noteShownChange(chat.focus);
  rates.seenIn = bytesIn;
  rates.seenOut = bytesOut;
  rates.left -= 1;
  rates.isArmed = rates.left >= 0;
  rates.samples = rates.isArmed ? samples : [];
  if (rates.isArmed)
    chat.timers.set({ kind: "rate-sample", of: side.transport }, chat.nowMs + rateIntervalMs);
}
