/** Chinese for figures and for the cells of tables: /who, /stats, the doctor of the local network. By their English. */

import type { SentencePair } from "./sentences.ts";

/** Between the pieces of a line that is put together. */
const marks: readonly SentencePair[] = [
  [", ", "，"],
  [": ", "："],
  ["; ", "；"],
];

const counts: readonly SentencePair[] = [
  ["{figure} datagram", "{1} 个数据报"],
  ["{figure} datagrams", "{1} 个数据报"],
  ["{figure} frame", "{1} 帧"],
  ["{figure} frames", "{1} 帧"],
  ["{figure} peer", "{1} 人"],
  ["{figure} peers", "{1} 人"],
  ["{figure} event", "{1} 个事件"],
  ["{figure} events", "{1} 个事件"],
  ["and {figure} more", "还有 {1}"],
];

/** What was measured, and what the kernel knows. */
const stats: readonly SentencePair[] = [
  ["{figure} in", "收 {1}"],
  ["{figure} out", "发 {1}"],
  ["{figure} wait", "待发 {1}"],
  ["{figure} malformed frame", "错误帧 {1}"],
  ["{figure} malformed frames", "错误帧 {1}"],
  ["round trip {figure} ± {figure}", "往返时间 {1} ± {2}"],
  ["rtt {figure}", "往返时间 {1}"],
  ["{figure} retransmit", "重传 {1}"],
  ["{figure} retransmits", "重传 {1}"],
  ["unacked {figure}", "未确认 {1}"],
  ["unsent {figure}", "未发 {1}"],
  ["unread {figure}", "未读 {1}"],
  ["their window {figure}", "对方窗口 {1}"],
  ["being made", "正在建立"],
  ["over for us", "对本端已结束"],
  ["{} (as its events tell)", "{1}（据事件推断）"],
  ["a raw UDP peer numbers nothing: its losses cannot be known", "普通 UDP 程序不编号：丢了多少无从得知"],
  ["from it {}", "收到 {1}"],
  ["{figure} lost ({figure})", "丢 {1}（{2}）"],
  ["{figure} doubled", "重复 {1}"],
  ["{figure} reordered", "乱序 {1}"],
  ["to it {}", "发出 {1}"],
  ["{figure} sent again", "重发 {1}"],
];

/** Who is here. */
const people: readonly SentencePair[] = [
  ["you", "你"],
  ["raw", "普通程序"],
  ["loss {figure}", "丢包 {1}"],
  ["in {name}'s room", "在 {1} 的房间里"],
];

/** What an interface of the local network hears. */
const interfaces: readonly SentencePair[] = [
  ["joined", "已加入"],
  ["not joined ({name})", "没有加入（{1}）"],
  ["hears itself", "听得到自己"],
  ["does not hear itself", "听不到自己"],
  ["listens", "在听"],
  ["cannot send ({name})", "发不出（{1}）"],
  ["hears nobody else", "没有听到别人"],
  ["hears {name}", "听到 {1}"],
  ["hears {name} and {figure} more", "听到 {1} 等，另有 {2} 人"],
  ["/{name}, then /connect {name}", "先 /{1}，再 /connect {2}"],
];

const troubleWords: Readonly<Record<string, string>> = {
  "loss {figure}": "丢包 {}",
  "dup {figure}": "重复 {}",
  "reorder {figure}": "乱序 {}",
  "delay {figure}": "延迟 {}",
};

/** `loss 20% delay 50 ms`: any of the four, in their order. */
const troubles: readonly SentencePair[] = Object.entries(troubleWords)
  .reduce<readonly (readonly (readonly [string, string])[])[]>(
    (chosen, word) => [...chosen, ...chosen.map((before) => [...before, word])],
    [[]],
  )
  .filter((words) => words.length > 0)
  .map((words): SentencePair => {
    const english = words.map(([word]) => word).join(" ");
    const said = words.map(([, word], place) => word.replace("{}", `{${place + 1}}`)).join(" ");
    return [english, said];
  });

export const figurePairs: readonly SentencePair[] = [
  ...marks,
  ...counts,
  ...stats,
  ...people,
  ...interfaces,
  ...troubles,
];
