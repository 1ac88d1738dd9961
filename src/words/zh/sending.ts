/** Where messages are sent, and whether they were delivered, in Chinese (Simplified). */

import { formatBytes, formatPercent } from "../../protocol/text/quantities.ts";
import { duetCommand } from "../parts/invitation.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { SendingSentences } from "../sentences/sending.ts";
import { formatNumber } from "./numbers.ts";

export const sendingChinese: SentenceTable<SendingSentences<Sentence>> = {
  "friend-joins": ({ invitation }, _word, program) => `朋友这样加入：${duetCommand(program, invitation)}`,
  "friend-joins-group": ({ host, port }, _word, program) =>
    `朋友这样加入：${program} --group ${host} ${port}`,
  "open-to-network": "对网络开放：能到达这个端口的人都能加入并读取",
  "open-with-password": "对网络开放：能到达这个端口并知道密码的人都能加入并读取",
  "goes-as-datagrams": ({ address }) => `你输入的内容以数据报发往 ${address}；UDP 无法知道那里有没有人`,
  "goes-to-group": ({ address }) => `你输入的内容以普通文本数据报发给所有加入 ${address} 的人`,
  "group-promises-nothing": "UDP 组播不保证送达，也不核对名字：内容可能丢失，谁都可以冒充谁",
  "goes-to-all": "你输入的内容又发给所有人",
  "goes-to-one": ({ name }) => `你输入的内容只发给 ${name}`,
  "to-ends-that": "/to 结束私聊",
  "to-ends-private-line": "/to 结束私聊",
  "no-private-line": "现在没有私聊",
  "me-is-for-all": ({ name }) => `/me 是说给所有人的，而你正在和 ${name} 私聊：/to 结束私聊`,
  "line-not-sent": ({ why }, word) => `${word(why)}：这一行没有发送`,
  "line-not-sent-again": ({ why }, word) => `${word(why)}：这一行没有重发`,
  "reconnect-hint": ({ target }) => `/reconnect 再试 ${target}`,
  "bytes-not-sent-to": ({ bytes, name }) => `给 ${name} 的 ${bytes} 字节没有发出`,
  "bytes-perhaps-lost": ({ bytes, name }) =>
    `发给 ${name} 的最后 ${bytes} 字节可能已丢失：连接关闭前未得到确认。`,
  "send-again-hint": "请重新发送，或核对对方收到的内容",
  "transfer-cut": ({ name, seconds }) =>
    `${name} 已 ${seconds} 秒没有发送，也没有关闭连接：如果还有后续内容，就被截断了。`,
  "wait-longer-hint": "允许更长的停顿：-w 秒数",
  "transfer-sent": ({ bytes, totalBytes, perSecond }) => {
    const share =
      totalBytes === undefined || totalBytes === 0
        ? ""
        : ` / ${formatBytes(totalBytes)}（${formatPercent(Math.min(1, bytes / totalBytes))}）`;
    return `已发送 ${formatBytes(bytes)}${share}，${formatBytes(perSecond)}/s`;
  },
  "transfer-received": ({ bytes, perSecond }) => `已收到 ${formatBytes(bytes)}，${formatBytes(perSecond)}/s`,
  "input-no-utf8": "输入不是 UTF-8：普通程序收到原字节，duet 收到的则是 U+FFFD",
  "bytes-not-sent": ({ bytes }) => `${bytes} 字节没有发出：那里没有人`,
  "empty-line-no-datagram": "空行不能作为数据报：什么也没发送",
  "send-once-joined": "等有人加入后再发一次",
  "back-in-composer": (_params, _word, _program, place) =>
    place === "screen" ? "内容已放回输入行" : "再输入一次即可发送",
  "typed-for-others": "它在排队，而现在会发给的人不是输入时的收件人",
  "nobody-takes-lines": "这里已没有人能接收消息",
  "nobody-here-yet": "这里还没有人",
  "our-fin-sent": "我们的 FIN 已发出",
  "our-fin-hint": (_params, _word, _program, place) =>
    `收到的内容仍会读取；${place === "shell" ? "重新启动 duet" : "/reconnect"} 建立新连接`,
  "no-one-over": ({ transport }) => `${transport.toUpperCase()} 上没有可以发送的对象`,
  "enter-again-hint": ({ target }, _word, _program, place) =>
    place === "screen" ? `按回车重新连接 ${target} 并发送` : `/reconnect 重新连接 ${target}，然后再输入一次`,
  "open-hint": (_params, _word, program, place) =>
    place === "shell"
      ? `${program} HOST PORT 连接，${program} -l 监听`
      : "/connect HOST PORT、/listen 或 /reconnect 建立连接",
  "takes-no-lines": ({ who }) => `${who === undefined ? "对方" : `${who} `}现在不接收消息`,
  "too-long-for-message": "一条消息放不下",
  "line-too-long": ({ kibibytes }) => `这一行超过一条消息的上限（${kibibytes} KiB）：没有发送`,
  "send-in-lines": "分几行发送，或改用 TCP",
  "large-datagram": ({ bytes, readBytes }) =>
    `${bytes} 字节作为一个数据报发出：每次只读 ${readBytes} 字节的接收方会丢掉其余部分`,
  "private-line-undelivered": ({ name, reason }, word) => `你给 ${name} 的话没有送到：${word(reason)}`,
  "not-delivered": ({ reason }, word) => `没有送到：${word(reason)}`,
  "not-delivered-to": ({ name, reason }, word) => `没有送到 ${name}：${word(reason)}`,
  "not-delivered-to-some": ({ lost, of, reason }, word) => `${of} 人中有 ${lost} 人没有收到：${word(reason)}`,
  "line-not-delivered": ({ line, name, reason }, word) => `第 ${line} 行没有送到 ${name}：${word(reason)}`,
  "sent-again-below": "没有送到，已在下面重发",
  "only-undelivered-again": "只有没有送到的一行才能再发",
  "nothing-undelivered": "这里没有未送到的行",
  "datagrams-missing": ({ datagrams, name }) =>
    `${name} 的 ${formatNumber(datagrams)} 个数据报还没有到：后面的在等待`,
  "piped-limit": ({ name }) =>
    `UDP 地址可以伪造，${name} 也不例外：标准输入发给它的字节数不超过它发来的字节数`,
  "piped-limit-hint": ({ address }) => `--allow ${address} 解除此限制`,
  "datagrams-lost": ({ datagrams, name }) => `${name} 的 ${formatNumber(datagrams)} 个数据报丢失了`,
  "datagrams-overrun": ({ datagrams }) => `${formatNumber(datagrams)} 个数据报到达太快，来不及读取，已丢弃`,
  "overrun-hint": "用 TCP 的话，发送方会被迫等待",
  "key-introduced": ({ key, knownAs, by }) =>
    (knownAs === undefined
      ? `只有${by === "hub" ? "对方的枢纽" : "主机"}说这是对方的密钥`
      : `你认识的这个密钥属于 ${knownAs}`) + (key === undefined ? "" : `：${key}`),
  "key-unknown": ({ key }) => `加密所用的不是作者的密钥${key === undefined ? "" : `：${key}`}`,
  "key-unusable": ({ name }) => `主机为 ${name} 介绍的密钥无法用来加密`,
  "host-replaced-key": ({ name, before, now }) =>
    `主机说 ${name} ${now === undefined ? "不再有密钥" : `的密钥是 ${now}`}，以前说是 ${before}：它可能在说谎`,
  "host-reads": "没有端到端加密：主机可以读到",
  "another-key-mark": ({ name }) => `密钥和你认识的 ${name} 不同`,
  "why-private": ({ part }) => privateLines[part],
  "host-reads-room": ({ host }, _word, _program, place) =>
    `${host === undefined ? "你的 duet" : `${host} `}转发这个房间，${host === undefined ? "你" : ""}能读到发给所有人的话` +
    (place === "shell" ? "" : "；两个加密的 duet 之间的私信（/msg、/to）是端到端的"),
  "private-line-unreadable": ({ name }) =>
    `${name} 的一条私信已丢弃：它在途中被改动，或是为别人或以前的运行加密的`,
  "private-line-repeated": ({ name }) => `${name} 的一条私信已丢弃：主机重发了以前收到过的一行`,
  "private-line-hint": "内容没有显示，发送者也不会收到回执",
  "cannot-open-sealed": "它是端到端加密的，而这个成员的连接是 PLAIN",
  "no-such-member": "那个编号的人已不在这里",
  "that-is-you": "那就是你自己",
  "no-relay-over-udp": "UDP 下不把别人的话转发到那里",
  "unsent-in-history": "没有发送的内容在历史里：按 ↑ 取回",
  "socket-stays-open": "套接字保持打开：仍可收发",
  "nc-receives-first": "如果那是 nc -ul，它只接收第一个发送方的数据：请重新启动它",
  "cut-line": (cut) => wordCut(cut),
  "peers-line-cut": (cut) => `${cut.name} 的一行${wordCut(cut)}`,
  "empty-datagram": ({ name }) => `${name} 发来一个空数据报`,
  "nc-probe": "一次探测，nc -u -v 会这样发",
  "sent-as-hex": "按十六进制发送",
  "no-newline-sent": "没有发送换行",
  "to-subnet": ({ address, port }) => `发给 ${address}:${port} 上的所有人，只有一个数据报：无法知道是否送到`,
  "broadcast-left": "广播已从 UDP 一侧发出",
  "broadcast-not-sent": ({ why }, word) => `没有发送：${word(why)}`,
};

function wordCut({ kibibytes, bytes }: { readonly kibibytes: number; readonly bytes: number }): string {
  return `在 ${kibibytes} KiB 处截断：其后没有换行的 ${bytes} 字节被略过`;
}

const privateLines = {
  what: "两个加密的 duet 之间的私信（/msg、/to）：每一条都从你的身份加密到对方的身份（Noise X），里面有时间和编号",
  host: "主机转发它，但打不开。它看得到谁写给谁、什么时候、多长，可以丢弃，也可以谎报回执；它重发或改动的，这里会丢弃",
  key: "密钥是主机介绍的，直到它经过核对（VERIFIED），或在你自己的连接里以同一个名字认识过：在那之前，那一行显示密钥，/verify NAME 可以核对",
  later:
    "接收方没有前向保密：有人录下它，以后又偷到接收方的身份，就能打开。两个 duet 之间发给所有人的话有前向保密",
  plain: "对方的 duet 不加密，或者不是 duet 时，私信以明文发送，主机可以读到，那一行会说明",
};
