/** The private lines that were received, to know one that a host sends again (SEALED.md, Private lines). */

import { privateIdsMax, privateSendersMax } from "../limits.ts";
import type { PrivateLine } from "./private-line.ts";

/** By the sender's key as text; the one that was received from longest ago is first. */
export type ReceivedLines = Map<string, LinesOfSender>;

interface LinesOfSender {
  /** By id, with their times; the oldest first. */
  readonly times: Map<string, number>;
  /** The latest time of those that were forgotten. */
  forgottenMs: number;
}

/**
 * Notes a line of the sender with this key. False: it was received before, or is as old as one that was forgotten.
 * `isKept`: of a sender that is forgotten after all others, when there are more than privateSendersMax.
 */
export function noteReceivedLine(
  received: ReceivedLines,
  key: string,
  { id, atMs }: Pick<PrivateLine, "id" | "atMs">,
  isKept: (key: string) => boolean,
): boolean {
  const lines = received.get(key) ?? {
    times: new Map<string, number>(),
    forgottenMs: Number.NEGATIVE_INFINITY,
  };
  if (lines.times.has(id) || atMs <= lines.forgottenMs) return false;
  received.delete(key);
  received.set(key, lines);
  lines.times.set(id, atMs);
  if (lines.times.size > privateIdsMax) forgetOldest(lines);
  if (received.size > privateSendersMax) forgetSender(received, key, isKept);
  return true;
}

function forgetOldest(lines: LinesOfSender): void {
  for (const [oldest, atMs] of lines.times) {
    lines.times.delete(oldest);
    lines.forgottenMs = Math.max(lines.forgottenMs, atMs);
    return;
  }
}

function forgetSender(received: ReceivedLines, newest: string, isKept: (key: string) => boolean): void {
  const others = [...received.keys()].filter((key) => key !== newest);
  const forgotten = others.find((key) => !isKept(key)) ?? others[0];
  if (forgotten !== undefined) received.delete(forgotten);
}
