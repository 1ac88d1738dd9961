/** Impairment of UDP (`/trouble`), in English. */

import { impairmentDelayMaxMs, impairmentSeedMax } from "../../protocol/limits.ts";
import { quoteWord } from "../../protocol/address/target.ts";
import type { Impairment, ImpairmentCounts } from "../../protocol/sockets/network-impairment.ts";
import type { ImpairmentProblem, ImpairmentSetting } from "../../protocol/sockets/impairment-problem.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { TroubleSentences } from "../sentences/trouble.ts";

export const troubleEnglish: SentenceTable<TroubleSentences<Sentence>> = {
  trouble: ({ trouble }) => wordTrouble(trouble),
  "trouble-begins": ({ trouble }) =>
    `trouble is on for every UDP datagram, both ways: ${wordTrouble(trouble)}`,
  "trouble-begins-hint": ({ seed }, _word, _program, place) => {
    const again = `seed=${seed} makes the same again`;
    return place === "shell" ? again : `${again}; /trouble shows its counts, /trouble off ends it`;
  },
  "trouble-is-on": ({ trouble, seed, counts }) =>
    `trouble is on: ${wordTrouble(trouble)} (seed=${seed}). So far: ${wordCounts(counts)}`,
  "trouble-is-off": ({ counts }) => `trouble is off. What it did: ${wordCounts(counts)}`,
  "trouble-was-on": ({ counts }) => `trouble was on. What it did: ${wordCounts(counts)}`,
  "trouble-was-none": "there was no trouble",
  "trouble-is-none": "there is no trouble: the network is as it is",
  "trouble-hint": "/trouble loss=20% dup=5% reorder=10% delay=50ms makes some, on UDP",
  "trouble-unseen": ({ trouble }) => `trouble is on for every UDP datagram: ${wordTrouble(trouble)}`,
  "trouble-problem": ({ problem }) => wordProblem(problem),
  "trouble-option": ({ flag, problem }, word) => `${flag}: ${word(problem)}`,
};

/** `loss 20% dup 5% reorder 10% delay 50 ms`, without zeros; `none` if all are zero. */
function wordTrouble({ lossPercent, duplicatePercent, reorderPercent, delayMs }: Impairment): string {
  const parts = [
    lossPercent === 0 ? "" : `loss ${lossPercent}%`,
    duplicatePercent === 0 ? "" : `dup ${duplicatePercent}%`,
    reorderPercent === 0 ? "" : `reorder ${reorderPercent}%`,
    delayMs === 0 ? "" : `delay ${delayMs} ms`,
  ];
  return parts.filter((part) => part !== "").join(" ") || "none";
}

function wordCounts({ dropped, duplicated, delayed, reordered }: ImpairmentCounts): string {
  return `${dropped} dropped, ${duplicated} doubled, ${delayed} delayed, ${reordered} reordered`;
}

const allowed = "loss=20% dup=5% reorder=10% delay=50ms seed=7, each of them if you like, or off";

function wordProblem(problem: ImpairmentProblem): string {
  switch (problem.is) {
    case "missing":
      return `which trouble? Give ${allowed}`;
    case "none-made":
      return `that makes no trouble: give ${allowed}`;
    case "unknown":
      return `${quoteWord(problem.word)} is not a kind of trouble: give ${allowed}`;
    case "twice":
      return `${problem.setting} is given twice: once is enough`;
    case "wrong-value":
      return `${quoteWord(problem.word)} is not allowed: ${wordRange(problem.setting)}`;
  }
}

function wordRange(setting: ImpairmentSetting): string {
  switch (setting) {
    case "loss":
    case "dup":
    case "reorder":
      return `${setting} is from 0% to 100%`;
    case "delay":
      return `delay is from 0ms to ${impairmentDelayMaxMs}ms, or in seconds as 0.2s`;
    case "seed":
      return `seed is a whole number up to ${impairmentSeedMax}`;
  }
}
