/** Sentences about people, in Chinese (Simplified). */

import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { PeopleSentences, Person, Several } from "../sentences/people.ts";
import { formatNumber, listNames } from "./numbers.ts";

export const peopleChinese: SentenceTable<PeopleSentences<Sentence>> = {
  "peer-joined": (person) => `${nameAndAddress(person)} 加入了${person.isDuet ? "，是 duet" : ""}`,
  "peer-left": ({ name, reason }, word) => `${name} 离开了${reason === undefined ? "" : `：${word(reason)}`}`,
  "several-joined": (people) => `${listPeople(people)}加入了`,
  "several-left": (people) => `${listPeople(people)}离开了`,
  "joined-times": ({ name, times }) => `${name} 加入了 ${formatNumber(times)} 次`,
  "left-times": ({ name, times }) => `${name} 离开了 ${formatNumber(times)} 次`,
  "joins-and-leaves": ({ sentences }, word) => sentences.map(word).join("；"),
  "peer-here": (person) => `${nameAndAddress(person)} 来了`,
  "here-by-too": (person) => `${nameAndAddress(person)} 也通过 ${person.transport.toUpperCase()} 来了`,
  "no-longer-here-by": ({ name, transport, reason }, word) =>
    `${name} 不再通过 ${transport.toUpperCase()} 连接：${word(reason)}`,
  "peer-is-duet": ({ name, address }) => `${address} 是 ${name}，用的是 duet`,
  "you-are-now": ({ name }) => `你现在叫 ${name}`,
  "peer-renamed": ({ from, name }) => `${from} 现在叫 ${name}`,
  "you-are-in-room": ({ you, host, address, others: { names, more } }) => {
    const also = names.length === 0 ? "" : `；还有：${listNames(names)}`;
    return `你是 ${you}，在 ${host} 的房间里（${address}）${also}${more === 0 ? "" : ` 等，另有 ${more} 人`}`;
  },
  "lines-left-out": ({ lines }) => `另有 ${lines} 行来去或出错的消息没有显示`,
  "turned-away": ({ address, reason }, word) => `${address} 被拒绝加入：${word(reason)}`,
  "offers-duet": ({ name }) => `${name} 自称是 duet`,
  "upgrade-hint": ({ name }) => `/upgrade ${name} 按 duet 与对方通信`,
  "greeted-as-duet": ({ name }) => `已按 duet 向 ${name} 打招呼`,
  "no-greeting": ({ address }) => `${address} 没有按 duet 打招呼：你输入的内容按普通文本发送`,
  "no-answer-to-greetings": ({ address, greetings }) =>
    `打了 ${greetings} 次招呼，${address} 上没有 duet 应答`,
  "own-greeting-from": ({ address }) => `${address} 把我们的招呼原样送回：那是回显服务，或者就是本 duet`,
  "host-forgot-us": ({ name }) => `又收到 ${name} 的数据，但对方已不认得我们：重新加入`,
  "forged-datagram": ({ address }) => `一个以 ${address} 名义发来的数据报没有我们的密钥`,
  "forged-hint": "它是伪造的，或是以前会话留下的；再收到这样的数据报会直接丢弃，不再提示",
  "host-slows-us": ({ name, reason }, word) => `${name} 限制了我们的发言速度：${word(reason)}`,
  "you-are-slowed": ({ linesPerSecond }) =>
    `你每秒的发言超过了 ${linesPerSecond} 行：内容会排队等待，不会丢失`,
  "peer-slowed": ({ name }) => `${name} 发言超过了对陌生人的限速，已放慢`,
  "accept-hint": ({ name }) => `/accept ${name} 不再限制对方`,
  "peer-accepted": ({ name }) => `${name} 可以随意发言，也能收到大家的话`,
  "are-no-longer-here": ({ names }) => `${listNames(names)} 已不在这里`,
};

function nameAndAddress({ name, address }: Person): string {
  return address === undefined ? name : `${name} (${address})`;
}

/** `bob `, `bob 和 eve `, `bob、eve 等又有 31 人`. */
function listPeople({ names, more }: Several): string {
  return more === 0 ? `${listNames(names)} ` : `${names.join("、")} 等又有 ${formatNumber(more)} 人`;
}
