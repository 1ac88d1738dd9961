/** Reasons of an end, a failure or a change of state, in Chinese (Simplified). */

import type { Refusal } from "../../protocol/sockets/refusal.ts";
import type { ParamsOf, Sentence, SentenceTable, Word } from "../sentences/sentence.ts";
import type { ReasonSentences } from "../sentences/reasons.ts";
import { formatNumber } from "./numbers.ts";

export const reasonsChinese: SentenceTable<ReasonSentences<Sentence>> = {
  "as-written": ({ text }) => text,
  "state-line": ({ who, state, reason }, word) =>
    `${subject(who)}${state}${reason === undefined ? "" : `：${word(reason)}`}`,
  "waiting-for-connection": ({ local }) => `已绑定 ${local}，等待别人连接`,
  "waiting-for-datagram": ({ local }) => `已绑定 ${local}，等待第一个数据报`,
  "datagrams-leave-from": ({ local }) => `数据报从 ${local} 发出`,
  "asked-for-connection": ({ target }) => `正在请求与 ${target} 建立连接`,
  "connection-made": ({ address }) => `与 ${address} 的连接已建立`,
  "peer-connected": ({ address }) => `${address} 已连接`,
  "datagram-received": ({ address }) => `收到了 ${address} 的数据`,
  "connection-over": "连接已结束",
  "closed-here": "本端已关闭",
  "place-needed": "它一直没有发送，位置让给了新来者",
  "opening-another": "要打开另一个连接",
  "closed-on-its-side": "关闭了连接",
  "gone-elsewhere": "打开了另一个连接",
  "closed-by-host": "被主机关闭",
  quit: "已离开",
  "both-closed": "双方都已关闭（FIN）",
  "both-said-all": "双方都已发完（FIN）",
  "reset-by-peer": "对方重置了连接（RST）",
  "reset-here": "在本端重置（RST）：途中的数据已丢失",
  "nothing-received": "长时间无响应",
  "connection-broke": "连接中断",
  "peer-sent-fin": "对方不再发送（FIN），但还能读你写的内容",
  "ended-without-goodbye": "程序已结束，没有道别",
  "reset-without-goodbye": "没有道别就重置了连接（RST）",
  "we-sent-fin": "我们不再发送（FIN），但继续读",
  "said-goodbye": (goodbye, word) =>
    `${goodbye.who === undefined ? "对方" : `${goodbye.who} `}已离开${wordGoodbye(goodbye, word)}`,
  "left-before": "对方之前已离开",
  "stopped-listening": "不再监听",
  "became-duet": "已识别为 duet",
  "no-duet-there": "那不是 duet",
  "own-broadcast": "那是我们自己的广播",
  "address-not-allowed": "不允许这个地址加入",
  "address-not-allowed-now": "不再允许这个地址加入",
  refused: ({ refusal }) => wordRefusal(refusal),
  "hello-incomplete": ({ seconds }) => `${seconds} 秒内没有收到完整的握手`,
  "own-greeting-back": "收到了自己发出的握手",
  "side-is-raw": "改为原样收发",
  "unanswered-pings": ({ who, pings }) => `${subject(who)}对 ${pings} 次 ping 都没有应答`,
  "silent-for-seconds": ({ address, seconds }) => `${seconds} 秒没有收到 ${address} 的数据`,
  "silent-for-minutes": ({ minutes }) => `${minutes} 分钟没有收到数据`,
  "idle-for": ({ seconds }) => `${seconds} 秒没有收发（-i）`,
  "did-not-read": ({ who, seconds }) => `${subject(who)}${seconds} 秒没有读取，别人一直在等待`,
  "reads-too-slowly": ({ who, bytes }) => `${subject(who)}读取太慢：发送队列已满，${bytes} 字节放不下`,
  "acknowledges-too-slowly": ({ who }) => `${subject(who)}确认太慢：发送队列已满`,
  "target-taken": ({ target }) => `${target} 已被占用`,
  "nobody-there": "那里没有人",
  "nobody-here": "这里没有人",
  "signal-came": ({ signal }) => `收到 ${signal}`,
  "terminal-hung-up": "终端已断开",
  "output-closed": "标准输出已关闭",
  "everybody-left": "输入发完后大家都离开了（-N）",
  "input-over": "输入已发完，等待时间也已到",
  "had-forgotten-us": "主机已不认得我们",
  "did-not-answer": "对方没有应答",
};

/** The reason of a goodbye in brackets, after 离开; empty if there is none or it is `quit`. */
export function wordGoodbye({ reason }: ParamsOf<"said-goodbye">, word: Word): string {
  return reason === undefined || reason.id === "quit" ? "" : `（${word(reason)}）`;
}

function subject(who: string | undefined): string {
  return who === undefined ? "" : `${who} `;
}

function wordRefusal(refusal: Refusal): string {
  switch (refusal.is) {
    case "closing":
      return "房间正在关闭";
    case "full":
      return `房间已满（${formatNumber(refusal.peersMax)} 人）`;
    case "address-full":
      return `这个地址已有 ${refusal.connections} 个连接`;
    case "no-descriptors":
      return "本机无法再接受更多连接";
    case "datagrams-full":
      return `房间已满（-m ${refusal.peersMax}）`;
  }
}
