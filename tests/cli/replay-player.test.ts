/** The pace of a replay, on a clock of the test's own. */

import { expect, test } from "bun:test";
import { parseRecorded } from "../../src/replay/recorded-event.ts";
import { Replay } from "../../src/replay/recording.ts";
import type { PaceClock } from "../../src/cli/terminal/paced-store.ts";
import { ReplayPlayer } from "../../src/cli/replay/replay-player.ts";
import { english } from "../support/words.ts";

class FakeClock implements PaceClock {
  #nowMs = 5000;
  #due: { readonly atMs: number; readonly call: () => void } | undefined;

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, call: () => void): () => void {
    const due = { atMs: this.#nowMs + delayMs, call };
    this.#due = due;
    return () => {
      if (this.#due === due) this.#due = undefined;
    };
  }

  get isArmed(): boolean {
    return this.#due !== undefined;
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    while (this.#due !== undefined && this.#due.atMs <= untilMs) {
      const { atMs, call } = this.#due;
      this.#due = undefined;
      this.#nowMs = atMs;
      call();
    }
    this.#nowMs = untilMs;
  }
}

/** A player of events at these seconds of a recording. */
function playerOf(...seconds: readonly number[]) {
  const events = seconds.map((second) => {
    const at = new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
    const line = JSON.stringify({
      type: "message",
      at,
      transport: "tcp",
      direction: "in",
      peer: "p",
      name: "n",
      text: "x",
    });
    return parseRecorded(line)!;
  });
  const clock = new FakeClock();
  const replay = new Replay(events, english);
  let drawn = 0;
  const player = new ReplayPlayer({ replay, clock, onChange: () => (drawn += 1) });
  return { clock, replay, player, draws: () => drawn };
}

test("each event is played at its time, and the player stops at the end", () => {
  const { clock, replay, player } = playerOf(0, 2, 3, 60);
  player.play();
  expect(replay.position).toBe(1);
  clock.advance(1999);
  expect(replay.position).toBe(1);
  clock.advance(1);
  expect(replay.position).toBe(2);
  clock.advance(1000);
  expect(replay.position).toBe(3);
  clock.advance(57_000);
  expect(replay.position).toBe(4);
  expect(player.progress).toEqual({
    isPlaying: false,
    playedMs: 60_000,
    wholeMs: 60_000,
    position: 4,
    count: 4,
  });
  expect(clock.isArmed).toBe(false);
});

test("a paused player runs no timer, and continues where it was", () => {
  const { clock, replay, player } = playerOf(0, 2, 9);
  player.play();
  clock.advance(1500);
  player.toggle();
  clock.advance(60_000);
  expect([replay.position, clock.isArmed, player.progress.playedMs]).toEqual([1, false, 1500]);
  player.toggle();
  clock.advance(500);
  expect(replay.position).toBe(2);
});

test("seeking moves by seconds, and never past the ends", () => {
  const { replay, player } = playerOf(0, 10, 20, 30);
  player.play();
  player.seekBy(15_000);
  expect([replay.position, player.progress.playedMs]).toEqual([2, 15_000]);
  player.seekBy(-10_000);
  expect(replay.position).toBe(1);
  player.seekBy(-99_000);
  expect([replay.position, player.progress.playedMs]).toEqual([1, 0]);
  player.seekBy(999_000);
  expect([replay.position, player.progress.playedMs]).toEqual([4, 30_000]);
});

test("skip plays the next event at once, playing or paused", () => {
  const { clock, replay, player } = playerOf(0, 3600, 3601);
  player.play();
  player.skip();
  expect(replay.position).toBe(2);
  player.pause();
  player.skip();
  expect([replay.position, clock.isArmed]).toEqual([3, false]);
  player.skip();
  expect(replay.position).toBe(3);
});

test("playing at the end starts again", () => {
  const { clock, replay, player } = playerOf(0, 1);
  player.play();
  clock.advance(1000);
  player.toggle();
  expect([replay.position, player.progress.isPlaying]).toEqual([1, true]);
});

test("the time is redrawn during a long silence", () => {
  const { clock, player, draws } = playerOf(0, 100);
  player.play();
  const before = draws();
  clock.advance(10_000);
  expect(draws() - before).toBe(20);
});
