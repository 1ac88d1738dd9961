/** Figures and the cells of tables, in Chinese (Simplified). */

import {
  formatBytes,
  formatFineRoundTrip,
  formatPercent,
  formatRoundTrip,
} from "../../protocol/text/quantities.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { FigureSentences } from "../sentences/figures.ts";
import { rowText } from "../parts/table.ts";
import { formatNumber } from "./numbers.ts";

export const figuresChinese: SentenceTable<FigureSentences<Sentence>> = {
  row: ({ table, at }, word) => rowText(table, at, word),
  list: ({ name, items }, word) => `${name === undefined ? "  " : `${name}：`}${items.map(word).join("，")}`,
  "and-more": ({ more }) => `还有 ${more}`,
  duration: ({ ms }) => formatRoundTrip(ms),
  you: "你",
  "kind-raw": "普通程序",
  loss: ({ share }) => `丢包 ${formatPercent(share)}`,
  "in-room-of": ({ name }) => `在 ${name} 的房间里`,
  "bytes-in": ({ bytes }) => `收 ${formatBytes(bytes)}`,
  "bytes-out": ({ bytes }) => `发 ${formatBytes(bytes)}`,
  "bytes-waiting": ({ bytes }) => `待发 ${formatBytes(bytes)}`,
  peers: ({ peers }) => `${formatNumber(peers)} 人`,
  "malformed-frames": ({ frames }) => `错误帧 ${formatNumber(frames)}`,
  "round-trip": ({ ms, variationMs }) => `往返时间 ${formatRoundTrip(ms)} ± ${formatRoundTrip(variationMs)}`,
  "kernel-round-trip": ({ ms }) => `往返时间 ${formatFineRoundTrip(ms)}`,
  retransmits: ({ segments }) => `重传 ${formatNumber(segments)}`,
  "bytes-unacked": ({ bytes }) => `未确认 ${formatBytes(bytes)}`,
  "bytes-unsent": ({ bytes }) => `未发 ${formatBytes(bytes)}`,
  "bytes-unread": ({ bytes }) => `未读 ${formatBytes(bytes)}`,
  "peer-window": ({ bytes }) => `对方窗口 ${formatBytes(bytes)}`,
  "being-made": "正在建立",
  "over-for-us": "本端已结束",
  "state-by-events": ({ state }) => `${state}（据事件推断）`,
  "losses-unknown": "普通 UDP 程序不编号，无法得知丢失的数量",
  "frames-received": ({ frames }) => `收到 ${formatNumber(frames)} 帧`,
  "frames-lost": ({ frames, share }) => `丢 ${frames}（${formatPercent(share)}）`,
  "frames-doubled": ({ frames }) => `重复 ${frames}`,
  "frames-reordered": ({ frames }) => `乱序 ${frames}`,
  "frames-sent": ({ frames }) => `发出 ${formatNumber(frames)} 帧`,
  "frames-sent-again": ({ frames }) => `重发 ${frames}`,
};
