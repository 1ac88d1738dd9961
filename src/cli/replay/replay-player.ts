/** Plays a recording at its own pace, with pause, seeking and skipping. */

import type { Replay } from "../../replay/recording.ts";
import type { ReplayProgress } from "../../view/bars/replay-progress.ts";
import { type PaceClock, realClock } from "../terminal/paced-store.ts";

/** The longest time between two changes while playing, so that the shown time advances. */
const tickMs = 500;

interface ReplayPlayerOptions {
  readonly replay: Replay;
  /** Called when the position, the time or the pause changed. */
  readonly onChange: () => void;
  readonly clock?: PaceClock;
}

export class ReplayPlayer {
  readonly #replay: Replay;
  readonly #onChange: () => void;
  readonly #clock: PaceClock;
  readonly #startMs: number;
  readonly #wholeMs: number;
  /** The time in the recording at `#sinceMs` of the clock. */
  #playedMs = 0;
  #sinceMs = 0;
  #isPlaying = false;
  #cancel: (() => void) | undefined;

  constructor({ replay, onChange, clock = realClock }: ReplayPlayerOptions) {
    this.#replay = replay;
    this.#onChange = onChange;
    this.#clock = clock;
    this.#startMs = replay.events[0]?.atMs ?? 0;
    this.#wholeMs = (replay.events.at(-1)?.atMs ?? 0) - this.#startMs;
  }

  get progress(): ReplayProgress {
    return {
      isPlaying: this.#isPlaying,
      playedMs: this.#nowPlayedMs(),
      wholeMs: this.#wholeMs,
      position: this.#replay.position,
      count: this.#replay.events.length,
    };
  }

  /** Plays from the current position, or from the beginning if it is at the end. */
  play(): void {
    if (this.#replay.position === this.#replay.events.length) this.#goTo(0);
    this.#isPlaying = true;
    this.#sinceMs = this.#clock.nowMs();
    this.#show();
  }

  pause(): void {
    this.#playedMs = this.#nowPlayedMs();
    this.#isPlaying = false;
    this.#show();
  }

  toggle(): void {
    if (this.#isPlaying) this.pause();
    else this.play();
  }

  /** Moves forward, or back if `ms` is negative. */
  seekBy(ms: number): void {
    this.#goTo(this.#nowPlayedMs() + ms);
    this.#show();
  }

  /** Moves to the next event without waiting for it. */
  skip(): void {
    const next = this.#replay.events[this.#replay.position];
    if (next !== undefined) this.#goTo(next.atMs - this.#startMs);
    this.#show();
  }

  stop(): void {
    this.#isPlaying = false;
    this.#cancel?.();
  }

  #nowPlayedMs(): number {
    const passed = this.#isPlaying ? this.#clock.nowMs() - this.#sinceMs : 0;
    return Math.min(this.#wholeMs, this.#playedMs + passed);
  }

  #goTo(playedMs: number): void {
    this.#playedMs = Math.max(0, Math.min(this.#wholeMs, playedMs));
    this.#sinceMs = this.#clock.nowMs();
  }

  /** Moves the replay to the current time and arms a timer for the next event. */
  #show(): void {
    const playedMs = this.#nowPlayedMs();
    this.#replay.goTo(this.#replay.positionAt(this.#startMs + playedMs));
    this.#cancel?.();
    this.#cancel = undefined;
    const next = this.#replay.events[this.#replay.position];
    if (this.#isPlaying && next === undefined) {
      this.#playedMs = this.#wholeMs;
      this.#isPlaying = false;
    }
    if (this.#isPlaying && next !== undefined) {
      const waitMs = Math.min(tickMs, Math.max(1, next.atMs - this.#startMs - playedMs));
      this.#cancel = this.#clock.after(waitMs, () => this.#show());
    }
    this.#onChange();
  }
}
