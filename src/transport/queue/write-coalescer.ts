/**
 * One write a peer and turn of the event loop: whoever has something to flush says so, and is flushed
 * once, after all reads of the turn and of the next. A write costs the kernel the same for 64 bytes as for 16 KiB, so
 * this is where a hub's speed comes from. It knows neither sockets nor bytes.
 */

export interface Flushable {
  /** Hands what waits to the kernel. Never throws. */
  flush(): void;
}

/** Rounds of the loop: what is read there leaves in the same writes. A round with nothing to do takes microseconds. */
const gatherTurns = 2;

let waiting: Flushable[] = [];
let turnsLeft = 0;
let isTurning = false;
let isSoon = false;

/** Has `owner` flushed at the end of this turn. The caller asks once a turn for each owner. */
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

/** Does not go round the loop again: so much waits already that a larger write would hardly cost less. */
export function flushThisTurn(): void {
  if (isSoon) return;
  isSoon = true;
  setImmediate(flushWaiting);
}

/** Flushes all that asked, now: when the process has no room left to gather in. */
export function flushWaiting(): void {
  const owners = waiting;
  waiting = [];
  isSoon = false;
  for (const owner of owners) owner.flush();
}
