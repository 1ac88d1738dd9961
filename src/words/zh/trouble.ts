/** Impairment of UDP (`/trouble`), in Chinese (Simplified). */

import { impairmentDelayMaxMs, impairmentSeedMax } from "../../protocol/limits.ts";
import { quoteWord } from "../../protocol/address/target.ts";
import type { Impairment, ImpairmentCounts } from "../../protocol/sockets/network-impairment.ts";
import type { ImpairmentProblem, ImpairmentSetting } from "../../protocol/sockets/impairment-problem.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { TroubleSentences } from "../sentences/trouble.ts";

export const troubleChinese: SentenceTable<TroubleSentences<Sentence>> = {
  trouble: ({ trouble }) => wordTrouble(trouble),
  "trouble-begins": ({ trouble }) => `弱网模拟已打开，作用于收发的每个 UDP 数据报：${wordTrouble(trouble)}`,
  "trouble-begins-hint": ({ seed }, _word, _program, place) => {
    const again = `seed=${seed} 可重现同样的弱网`;
    return place === "shell" ? again : `${again}；/trouble 查看，/trouble off 结束`;
  },
  "trouble-is-on": ({ trouble, seed, counts }) =>
    `弱网模拟已打开：${wordTrouble(trouble)}（seed=${seed}）。至今：${wordCounts(counts)}`,
  "trouble-is-off": ({ counts }) => `弱网模拟已关闭。共计：${wordCounts(counts)}`,
  "trouble-was-on": ({ counts }) => `之前的弱网模拟。共计：${wordCounts(counts)}`,
  "trouble-was-none": "弱网模拟本来就没有打开",
  "trouble-is-none": "弱网模拟没有打开，网络不受影响",
  "trouble-hint": "/trouble loss=20% dup=5% reorder=10% delay=50ms 在 UDP 上模拟弱网",
  "trouble-unseen": ({ trouble }) => `弱网模拟已打开，作用于每个 UDP 数据报：${wordTrouble(trouble)}`,
  "trouble-problem": ({ problem }) => wordProblem(problem),
  "trouble-option": ({ flag, problem }, word) => `${flag}：${word(problem)}`,
};

/** `丢包 20% 重复 5% 乱序 10% 延迟 50 ms`. */
function wordTrouble({ lossPercent, duplicatePercent, reorderPercent, delayMs }: Impairment): string {
  const parts = [
    lossPercent === 0 ? "" : `丢包 ${lossPercent}%`,
    duplicatePercent === 0 ? "" : `重复 ${duplicatePercent}%`,
    reorderPercent === 0 ? "" : `乱序 ${reorderPercent}%`,
    delayMs === 0 ? "" : `延迟 ${delayMs} ms`,
  ];
  return parts.filter((part) => part !== "").join(" ") || "无";
}

function wordCounts({ dropped, duplicated, delayed, reordered }: ImpairmentCounts): string {
  return `丢 ${dropped}，重复 ${duplicated}，延迟 ${delayed}，乱序 ${reordered}`;
}

const allowed = "请写 loss=20% dup=5% reorder=10% delay=50ms seed=7 中的任意几个，或 off";

function wordProblem(problem: ImpairmentProblem): string {
  switch (problem.is) {
    case "missing":
      return `要怎样的弱网？${allowed}`;
    case "none-made":
      return `这样不会有任何效果：${allowed}`;
    case "unknown":
      return `没有 ${quoteWord(problem.word)} 这一项：${allowed}`;
    case "twice":
      return `${problem.setting} 给了两次：只需一次`;
    case "wrong-value":
      return `${quoteWord(problem.word)} 无效：${wordRange(problem.setting)}`;
  }
}

function wordRange(setting: ImpairmentSetting): string {
  switch (setting) {
    case "loss":
    case "dup":
    case "reorder":
      return `${setting} 从 0% 到 100%`;
    case "delay":
      return `delay 从 0ms 到 ${impairmentDelayMaxMs}ms，或用秒写成 0.2s`;
    case "seed":
      return `seed 是不超过 ${impairmentSeedMax} 的整数`;
  }
}
