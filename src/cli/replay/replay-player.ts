/** Plays a recording at its own pace: when the next event is due, pause, and going to another moment. It draws nothing. */

import type { Replay } from "../../replay/recording.ts";
import { type PaceClock, realClock } from "../terminal/paced-store.ts";

/** While it plays, the time that is shown moves at least so often. */
const tickMs = 500;

interface ReplayPlayerOptions {
  readonly replay: Replay;
  /** Another moment is to be drawn. */
  readonly onChange: () => void;
  readonly clock?: PaceClock;
}

/** What a screen says of it. */
interface ReplayProgress {
  readonly isPlaying: boolean;
  /** Since the first event, of so much in all. */
  readonly playedMs: number;
  readonly wholeMs: number;
  readonly position: number;
  readonly count: number;
}

export class ReplayPlayer {
  readonly #replay: Replay;
  readonly #onChange: () => void;
  readonly #clock: PaceClock;
  readonly #startMs: number;
  readonly #wholeMs: number;
  /** The moment of the recording that was shown at `#sinceMs` of the clock. */
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

  /** Goes on from where it is; at the end from the beginning. */
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

  /** So far on, or back. */
  seekBy(ms: number): void {
    this.#goTo(this.#nowPlayedMs() + ms);
    this.#show();
  }

  /** To the next event at once, however long it took to come. */
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

  /** Brings the replay to the moment, and waits for what is next. */
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
