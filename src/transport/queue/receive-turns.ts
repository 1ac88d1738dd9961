/**
 * Shares the turns of the event loop among the sources of received bytes: stream connections and UDP endpoints. A source
 * has a budget of work a turn; what exceeds it waits with the source, and is reported in later turns, round robin.
 * Between two turns the loop serves keys and timers that are due.
 *
 * The order is that of FQ-CoDel (RFC 8290 §4.2): a source that begins to wait is served before those that waited in
 * earlier turns, once; so a single line overtakes floods, and no flood is shut out.
 */

import { longSourcesRead, receivedLineWork, receivedWorkMax, receiveTurnMs } from "../../protocol/limits.ts";

export interface TurnClock {
  /** Milliseconds, of any origin. */
  now(): number;
  /** Calls `work` once, in a later turn of the event loop. */
  runLater(work: () => void): void;
}

/** The work of `lines` lines or datagrams of `bytes` bytes in all, in bytes. */
export function computeWork(bytes: number, lines: number): number {
  return bytes + lines * receivedLineWork;
}

/** One source's share of the turns. */
export class ReceiveShare {
  readonly #turns: ReceiveTurns;
  /** Reports one chunk of what waits. Returns true if more waits. */
  readonly report: () => boolean;
  readonly resume: () => void;
  isWaiting = false;
  #turn = 0;
  #work = 0;

  /**
   * `report`: reports one chunk of what waits, spends its work, and returns true if more waits. `resume`: reads the source
   * again, after `resumeInTurn`.
   */
  constructor(turns: ReceiveTurns, report: () => boolean, resume: () => void = () => {}) {
    this.#turns = turns;
    this.report = report;
    this.resume = resume;
  }

  /** True if bytes that arrive now may be reported at once: no source waits, and the turn has room for this one. */
  get mayReportNow(): boolean {
    return !this.isSpent && this.#turns.hasRoom();
  }

  /** True if the source has used up its budget of this turn. */
  get isSpent(): boolean {
    return this.#turn === this.#turns.number && this.#work >= receivedWorkMax;
  }

  /** Counts work that was done in this turn. */
  spend(work: number): void {
    if (this.#turn !== this.#turns.number) {
      this.#turn = this.#turns.number;
      this.#work = 0;
    }
    this.#work += work;
  }

  /** Lets the source wait for its next turn. */
  wait(): void {
    this.#turns.add(this);
  }

  /** Calls `resume` once few others that send much are being read: reading them all in one turn takes too long. */
  resumeInTurn(): void {
    this.#turns.resumeInTurn(this);
  }

  /** The source has nothing more to report. */
  leave(): void {
    this.#turns.remove(this);
  }
}

export class ReceiveTurns {
  readonly #clock: TurnClock;
  #number = 1;
  /** When this turn has no more time; undefined before its first work. */
  #endsMs: number | undefined;
  /** Sources that began to wait since they were last served. */
  readonly #fresh = new Set<ReceiveShare>();
  /** Sources that waited before, and those whose last chunk was reported lately: the next one to serve is first. */
  readonly #served = new Set<ReceiveShare>();
  #waiting = 0;
  /** Sources that are not read although nothing of them waits: the next one to resume is first. */
  readonly #unread = new Set<ReceiveShare>();
  /** How many of them were resumed in this turn. */
  #resumed = 0;

  constructor(clock: TurnClock) {
    this.#clock = clock;
  }

  /** The number of this turn. */
  get number(): number {
    return this.#number;
  }

  now(): number {
    return this.#clock.now();
  }

  /** True if no source waits and this turn has time left. */
  hasRoom(): boolean {
    return this.#waiting === 0 && this.#hasTime();
  }

  add(share: ReceiveShare): void {
    if (share.isWaiting) return;
    share.isWaiting = true;
    this.#waiting += 1;
    if (!this.#served.has(share)) this.#fresh.add(share);
    this.#beginTurn();
  }

  resumeInTurn(share: ReceiveShare): void {
    this.#unread.add(share);
    this.#resumeSome();
    if (this.#unread.size > 0) this.#beginTurn();
  }

  /** At least one a turn is resumed, however many others wait. */
  #resumeSome(): void {
    for (const share of this.#unread) {
      if (this.#resumed > 0 && this.#resumed + this.#waiting >= longSourcesRead) return;
      this.#resumed += 1;
      this.#unread.delete(share);
      share.resume();
    }
  }

  remove(share: ReceiveShare): void {
    this.#unread.delete(share);
    this.#stopWaiting(share);
    this.#fresh.delete(share);
    this.#served.delete(share);
  }

  #stopWaiting(share: ReceiveShare): void {
    if (!share.isWaiting) return;
    share.isWaiting = false;
    this.#waiting -= 1;
  }

  #hasTime(): boolean {
    return this.#clock.now() < this.#beginTurn();
  }

  /** Returns when the turn ends. */
  #beginTurn(): number {
    if (this.#endsMs !== undefined) return this.#endsMs;
    this.#endsMs = this.#clock.now() + receiveTurnMs;
    this.#clock.runLater(() => this.#runTurn());
    return this.#endsMs;
  }

  #runTurn(): void {
    this.#number += 1;
    this.#endsMs = undefined;
    this.#resumed = 0;
    this.#resumeSome();
    if (this.#unread.size > 0) this.#beginTurn();
    if (this.#waiting === 0) return this.#served.clear();
    this.#beginTurn();
    const oldest = this.#findOldest();
    for (const share of [...this.#fresh]) {
      this.#serve(share);
      if (!this.#hasTime()) break;
    }
    // However many sources begin to wait, those that waited before go on.
    if (oldest !== undefined) this.#serve(oldest);
    this.#goRound();
  }

  /** The source that waits longest of those that waited in earlier turns. */
  #findOldest(): ReceiveShare | undefined {
    for (const share of this.#served) {
      if (share.isWaiting) return share;
      this.#served.delete(share);
    }
    return undefined;
  }

  /** Serves the sources in turn until all have used up their budgets or the turn its time. */
  #goRound(): void {
    let passed = 0;
    while (passed < this.#served.size && this.#hasTime()) {
      const [share] = this.#served;
      if (share === undefined) return;
      if (share.isWaiting && share.isSpent) {
        this.#served.delete(share);
        this.#served.add(share);
        passed += 1;
      } else {
        passed = 0;
        this.#serve(share);
      }
    }
  }

  /** Reports one chunk of a source, which is last in the round then. */
  #serve(share: ReceiveShare): void {
    this.#fresh.delete(share);
    this.#served.delete(share);
    if (!share.isWaiting) return;
    // The report may end or pause the source, and make others wait.
    if (!share.report()) this.#stopWaiting(share);
    this.#served.add(share);
  }
}

/** The turns of this process, which has one event loop. */
export const processTurns = new ReceiveTurns({
  now: () => performance.now(),
  runLater: (work) => void setImmediate(work),
});
