/** Sentences about members and peers, in Chinese (Simplified). */

import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { PeopleSentences, Person, Several } from "../sentences/people.ts";
import { isGone, isOwnEnd } from "../sentences/gone-reasons.ts";
import { wordGoodbye } from "./reasons.ts";
import { formatNumber, listNames, listSome } from "./numbers.ts";

export const peopleChinese: SentenceTable<PeopleSentences<Sentence>> = {
  "peer-joined": (person) => `${nameAndAddress(person)} 加入了${person.isDuet ? "，用的是 duet" : ""}`,
  "peer-left": ({ name, reason }, word) => {
    if (reason === undefined) return `${name} 离开了`;
    if (isOwnEnd(reason)) return word(reason);
    if (reason.id === "said-goodbye") return `${name} 离开了${wordGoodbye(reason.params, word)}`;
    return `${name} ${isGone(reason) ? "已掉线" : "离开了"}：${word(reason)}`;
  },
  "several-joined": (people) => `${listPeople(people)}加入了`,
  "several-left": (people) => `${listPeople(people)}离开了`,
  "joined-times": ({ name, times }) => `${name} 加入了 ${formatNumber(times)} 次`,
  "left-times": ({ name, times }) => `${name} 离开了 ${formatNumber(times)} 次`,
  "joins-and-leaves": ({ sentences }, word) => sentences.map(word).join("；"),
  "peer-here": (person) => `${nameAndAddress(person)} 在这里`,
  "here-by-too": (person) => `${nameAndAddress(person)} 也通过 ${person.transport.toUpperCase()} 加入了`,
  "no-longer-here-by": ({ name, transport, reason }, word) =>
    `${name} 不再通过 ${transport.toUpperCase()} 连接：${word(reason)}`,
  "peer-is-duet": ({ name, address }) => `${address} 是 ${name}，用的是 duet`,
  "you-are-now": ({ name }) => `你现在叫 ${name}`,
  "name-taken": ({ wanted, name }) => `这里已有 ${wanted}，或它与已有、保留的名字相似：你叫 ${name}`,
  "peer-name-taken": ({ wanted, from, name }) =>
    `这里已有 ${wanted}，或它与已有、保留的名字相似：${from} 叫 ${name}`,
  "peer-renamed": ({ from, name }) => `${from} 现在叫 ${name}`,
  "you-are-in-room": ({ you, host, address, others: { names, more } }) => {
    const also = names.length === 0 ? "" : `；这里还有 ${listSome(names, more)}`;
    return `你是 ${you}，在 ${host} 的房间里（${address}）${also}`;
  },
  "lines-left-out": ({ lines }) => `另有 ${lines} 条关于加入、离开或出错的消息没有显示`,
  "turned-away": ({ address, reason }, word) => `${address} 被拒绝加入：${word(reason)}`,
  "offers-duet": ({ name }) => `${name} 自称是 duet`,
  "upgrade-hint": ({ name }, _word, _program, place) =>
    place === "shell" ? "它发来的内容当作普通文本" : `/upgrade ${name} 改为按 duet 通信`,
  "greeted-as-duet": ({ name }) => `已向 ${name} 发起 duet 握手`,
  "no-greeting": ({ address }) => `${address} 没有发起 duet 握手：你的消息按普通文本发送`,
  "silent-end-hint": (_params, _word, program) =>
    `它一言不发就关闭了，有密码的 duet 房间会这样：${program} --duet HOST PORT 会询问密码`,
  "no-answer-to-greetings": ({ address, greetings }) =>
    `发起了 ${greetings} 次握手，${address} 上没有 duet 应答`,
  "own-greeting-from": ({ address }) => `从 ${address} 收到了自己发出的握手：那是回显服务，或者就是本 duet`,
  "host-forgot-us": ({ name }) => `又收到 ${name} 的数据，但对方已不认得我们：正在重新加入`,
  "forged-datagram": ({ address }) => `一个以 ${address} 名义发来的数据报没有我们的密钥`,
  "forged-hint": "它是伪造的，或是以前的会话遗留的；以后这样的数据报直接丢弃，不再提示",
  "host-slows-us": ({ name, reason }, word) => `${name} 限制了我们的发言速度：${word(reason)}`,
  "you-are-slowed": ({ linesPerSecond }) =>
    `你每秒发送超过了 ${linesPerSecond} 行：其余的会排队，断开连接后不再保留`,
  "peer-slowed": ({ name }) => `${name} 的发言超过了对陌生人的限速，已被限速`,
  "waiting-lines-dropped": ({ lines, name }) => `${name} 离开时还有 ${formatNumber(lines)} 行在排队：已丢弃`,
  "accept-hint": ({ name, address }, _word, _program, place) =>
    place === "shell"
      ? `启动时用 --allow ${address} 解除限制，同时别人都不能加入`
      : `/accept ${name} 解除限制`,
  "peer-accepted": ({ name }) => `${name} 不再受限，也能收到房间里的消息`,
  "another-of-that-name": ({ name }, _word, _program, place) => {
    const send = place === "screen" ? "按回车把输入行里的内容发给它" : "用 /msg 仍可发给它";
    return `${name} 现在是新的连接，可能换了人（${send}）`;
  },
  "are-no-longer-here": ({ names }) => `${listNames(names)} 已不在这里`,
};

function nameAndAddress({ name, address }: Person): string {
  return address === undefined ? name : `${name} (${address})`;
}

/** `bob `, `bob 和 eve `, `bob、eve 等 33 人`. */
function listPeople({ names, more }: Several): string {
  return more === 0 ? `${listNames(names)} ` : listSome(names, more);
}
