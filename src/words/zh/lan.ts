/** The local network, and broadcasts to a subnet, in Chinese (Simplified). */

import { formatEndpoint } from "../../protocol/address/endpoint.ts";
import { duetCommand } from "../parts/invitation.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { LanSentences } from "../sentences/lan.ts";
import { listSome } from "./numbers.ts";

export const lanChinese: SentenceTable<LanSentences<Sentence>> = {
  "lan-looking": ({ interfaces }, _word, _program, place) => {
    const looking = `正在局域网里查找 duet（${interfaces.join("、")}）`;
    return place === "shell" ? looking : `${looking}；/lan 列出它们`;
  },
  "lan-looking-hint": (_params, _word, _program, place) => {
    const announced = "对外监听的 duet 会在局域网里通告";
    return place === "shell" ? announced : `${announced}；/lan off 停止`;
  },
  "lan-no-network": (_params, _word, _program, place) =>
    `没有可供查找 duet 的网络；${place === "shell" ? "ip -brief address" : "/lan"} 列出每个接口`,
  "lan-off": "已停止在局域网里查找和通告",
  "lan-was-off": "局域网查找本来就没有打开",
  "lan-off-hint": "/close 结束监听；/lan 重新查找",
  "lan-found": ({ name, places, marks }, word) => {
    const where = places.map(
      ({ transport, endpoint }) => `${transport.toUpperCase()} ${formatEndpoint(endpoint)}`,
    );
    const mark = marks.length === 0 ? "" : `（${marks.map(word).join("；")}）`;
    return `${name} 在局域网里：${where.join("，")}${mark}`;
  },
  "lan-key-of": ({ name, isVerified }) =>
    `通告带有 ${name} 的${isVerified ? " VERIFIED " : ""}密钥，加入才能证明`,
  "lan-other-key": "通告没有带上你认识的同名者的密钥",
  "lan-id-elsewhere": "另一个地址自称是同一个 duet",
  "lan-name-elsewhere": "另一个地址用同样的名字",
  "lan-found-hint": ({ words }, _word, program, place) => {
    if (place === "shell") return `这样加入：${program} ${words}`;
    return place === "screen" ? "/lan 列出全部，在那里按回车加入" : "/lan 列出全部，以及加入的命令";
  },
  "lan-gone": ({ name, reason }, word) =>
    reason.id === "said-goodbye" ? `${name} 已离开局域网` : `${name} 已不在局域网里：${word(reason)}`,
  "lan-duet-gone": "那个 duet 已离开",
  "lan-nobody": "局域网里还没有发现别人",
  "lan-nobody-can-join": (_params, _word, _program, place) =>
    `别人加入不了：没有对外监听（${place === "shell" ? "--lan 不带 HOST PORT" : "/listen 0.0.0.0"} 可以）`,
  "lan-blocked": "在组播不通的网络（访客 WLAN、VPN、其他网络），请把这条命令发给对方：",
  "lan-invitation": ({ invitation }, _word, program) => `  ${duetCommand(program, invitation)}`,
  "lan-connect": ({ transport, isActive, place: there, key }, _word, program, place) => {
    if (place === "shell")
      return `${program} ${transport === "udp" ? "-u " : ""}--duet ${there}${key === undefined ? "" : ` --key ${key}`}`;
    return isActive ? `/connect ${there}` : `先 /${transport}，再 /connect ${there}`;
  },
  "interface-joined": "已加入",
  "interface-not-joined": ({ code }) => `没有加入（${code}）`,
  "interface-has-echo": "收得到自己",
  "interface-deaf": "收不到自己",
  "interface-listens": "正在接收",
  "interface-cannot-send": ({ code }) => `发不出（${code}）`,
  "interface-receives": ({ names, more }) => {
    if (names.length === 0) return "没有发现别人";
    return `发现 ${listSome(names, more)}`;
  },
  "broadcast-too-long": ({ bytes }) => `广播最多 ${bytes} 字节`,
  "broadcast-needs-socket": "广播从 UDP 一侧发出，而那里没有打开套接字",
  "broadcast-needs-network": "UDP 一侧只在本机通信：先 /udp，再 /listen 0.0.0.0",
  "no-subnet": "没有可到达的子网",
  "no-broadcast-address": ({ address }) => `${address} 不是这里任何子网的广播地址`,
  "broadcast-addresses": ({ addresses, nearest }) => {
    const ours = addresses.length === 0 ? "本机不在任何子网里" : `本机的广播地址：${addresses.join("、")}`;
    return `${ours}；${nearest} 用于所在的网络`;
  },
};
