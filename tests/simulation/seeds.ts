/** Runs many seeds: the sums of their figures, and the first seed that breaks an invariant, with the command to repeat it. */

import { type ChatKind, simulate } from "./whole-chats.ts";

export interface Run {
  /** Seed, broken invariant, and the command that repeats the chat. */
  readonly broken: string | undefined;
  readonly done: number;
  readonly datagrams: number;
  readonly lost: number;
  readonly lines: number;
  readonly undelivered: number;
  readonly received: number;
}

/** Runs seeds in order until one breaks an invariant; calls `onSeed` after each. */
export function firstBroken(
  from: number,
  count: number,
  onSeed: (done: number) => void = () => {},
  kind: ChatKind = "plain",
): Run {
  const sum = { done: 0, datagrams: 0, lost: 0, lines: 0, undelivered: 0, received: 0 };
  for (let seed = from; seed < from + count; seed += 1) {
    try {
      const { datagrams, lost, lines, undelivered, received } = simulate(seed, undefined, kind);
      sum.datagrams += datagrams;
      sum.lost += lost;
      sum.lines += lines;
      sum.undelivered += undelivered;
      sum.received += received;
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      return { ...sum, broken: `seed ${seed}: ${what}\n  SIM_SEED=${seed} bun test tests/simulation` };
    }
    sum.done += 1;
    onSeed(sum.done);
  }
  return { ...sum, broken: undefined };
}
