/**
 * One write for each connection and turn of the event loop: an owner of queued bytes asks to be flushed, and is flushed
 * once, after all reads of this turn and of the next. A write of 64 bytes costs the kernel as much as one of 16 KiB, so
 * this makes a hub fast. It knows neither sockets nor bytes.
 */

export interface Flushable {
  /** Writes the queued bytes to the kernel. Never throws. */
  flush(): void;
}

/** Turns of the loop whose reads share one write. A turn with nothing to do takes microseconds. */
const gatherTurns = 2;

let waiting: Flushable[] = [];
let turnsLeft = 0;
let isTurning = false;
let isSoon = false;

/** Flushes `owner` at the end of the gathered turns. Each owner asks once. */
export function flushAfterTurn(owner: Flushable): void {
  if (waiting.length === 0) turnsLeft = gatherTurns;
  waiting.push(owner);
  if (isTurning) return;
  isTurning = true;
  setImmediate(turn);
}

function turn(): void {
  turnsLeft -= 1;
  isTurning = turnsLeft > 0 && waiting.length > 0;
  if (isTurning) setImmediate(turn);
  else flushWaiting();
}

/** Flushes at the end of this turn: so much is queued that a larger write would hardly cost less. */
export function flushThisTurn(): void {
  if (isSoon) return;
  isSoon = true;
  setImmediate(flushWaiting);
}

/** Flushes every owner that asked, now: the process has no memory left to gather in. */
export function flushWaiting(): void {
  const owners = waiting;
  waiting = [];
  isSoon = false;
  for (const owner of owners) owner.flush();
}
