/**
 * Coalesces writes: the owner of a send queue requests a flush, and is flushed once, after all reads of this turn of
 * the event loop and of the next. A write of 64 bytes costs the kernel as much as one of 16 KiB, so a host that relays
 * to many members needs this.
 */

export interface Flushable {
  /** Writes the queued bytes to the kernel. Never throws. */
  flush(): void;
}

/** Turns of the loop whose reads share one write. An idle turn takes microseconds. */
const coalescedTurns = 2;

let waiting: Flushable[] = [];
let turnsLeft = 0;
let isTurnScheduled = false;
let isFlushScheduled = false;

/** Flushes `owner` at the end of the coalesced turns. An owner must request this only once until it is flushed. */
export function flushAfterTurn(owner: Flushable): void {
  if (waiting.length === 0) turnsLeft = coalescedTurns;
  waiting.push(owner);
  if (isTurnScheduled) return;
  isTurnScheduled = true;
  setImmediate(endTurn);
}

function endTurn(): void {
  turnsLeft -= 1;
  isTurnScheduled = turnsLeft > 0 && waiting.length > 0;
  if (isTurnScheduled) setImmediate(endTurn);
  else flushWaiting();
}

/** Flushes at the end of this turn: so much is queued that a larger write would hardly cost less a byte. */
export function flushThisTurn(): void {
  if (isFlushScheduled) return;
  isFlushScheduled = true;
  setImmediate(flushWaiting);
}

/** Flushes every waiting owner now: the send queues have used up their budget. */
export function flushWaiting(): void {
  const owners = waiting;
  waiting = [];
  isFlushScheduled = false;
  for (const owner of owners) owner.flush();
}
