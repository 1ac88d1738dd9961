/** Turns of an event loop that a test ends, with a clock that it moves. */

import { ReceiveTurns } from "../../src/transport/queue/receive-turns.ts";

export class TurnWorld {
  nowMs = 0;
  #later: (() => void)[] = [];
  readonly turns = new ReceiveTurns({
    now: () => this.nowMs,
    runLater: (work) => void this.#later.push(work),
  });

  /** Ends this turn: the next one serves the sources that wait. True if it had any work. */
  endTurn(): boolean {
    const work = this.#later;
    this.#later = [];
    for (const one of work) one();
    return work.length > 0;
  }

  /** Ends turns until nothing waits. */
  endAllTurns(): void {
    while (this.endTurn());
  }
}
