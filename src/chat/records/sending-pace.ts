/**
 * How much a peer, or the person here, has written lately. Whoever writes much waits for slow members of the room; a line
 * now and then does not.
 */

import { lightSenderMaxBytes, lightSenderMs } from "../../protocol/limits.ts";

export interface SendingPace {
  /** Bytes of messages since `sinceMs`, for at most lightSenderMs. */
  bytes: number;
  sinceMs: number;
  heavyUntilMs: number;
}

export function createSendingPace(): SendingPace {
  return { bytes: 0, sinceMs: Number.NEGATIVE_INFINITY, heavyUntilMs: Number.NEGATIVE_INFINITY };
}

/** Counts bytes of messages. Returns true if the sender is heavy now. */
export function countWrittenBytes(pace: SendingPace, nowMs: number, bytes: number): boolean {
  if (nowMs - pace.sinceMs >= lightSenderMs) {
    pace.sinceMs = nowMs;
    pace.bytes = 0;
  }
  pace.bytes += bytes;
  if (pace.bytes > lightSenderMaxBytes) pace.heavyUntilMs = nowMs + lightSenderMs;
  return isHeavy(pace, nowMs);
}

/** True for a sender of more than lightSenderMaxBytes within lightSenderMs, for as long again. */
export function isHeavy(pace: Readonly<SendingPace>, nowMs: number): boolean {
  return nowMs < pace.heavyUntilMs;
}
