/** Answers and errors of commands, in Chinese (Simplified). */

import { errorCodes, refusalPages } from "../../protocol/errors/error-advice.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { CommandSentences } from "../sentences/commands.ts";
import { formatNumber, listNames } from "./numbers.ts";

export const commandsChinese: SentenceTable<CommandSentences<Sentence>> = {
  usage: ({ command, argumentsText }) => `用法：${`/${command} ${argumentsText}`.trim()}`,
  "no-slash": ({ slash }) => `什么也没发送：这一行以 ${slash} 开头，命令以 / 开头`,
  "no-slash-hint": ({ command }) => `请输入 /${command}；要当作文字发送，请在前面加一个空格`,
  "no-such-command": ({ name }) => `没有 /${name} 这个命令`,
  "commands-there": ({ commands }, _word, _program, place) => {
    const list = `${place === "screen" ? "F1" : "/help"} 列出全部命令`;
    return commands.length === 0
      ? `${list}，// 发送一个斜杠`
      : `你是指 ${commands.map((name) => `/${name}`).join(" 或 ")} 吗？${list}`;
  },
  "unknown-command": ({ unknown, hint }, word) => `${word(unknown)}：${word(hint)}`,
  "takes-no-argument": ({ command }) => `/${command} 不带参数`,
  "takes-on-or-off": ({ command, word }) => `/${command} 的参数是 on 或 off，不是 ${word}`,
  "needs-name": ({ command }) => `/${command} 需要一个名字`,
  "needs-text": ({ command }) => `/${command} 需要内容`,
  "needs-name-and-text": ({ command }) => `/${command} 需要名字和内容`,
  "needs-file": ({ command }) => `/${command} 需要文件名`,
  "needs-bytes": ({ command }) => `/${command} 需要字节`,
  "nobody-called": ({ word, names, more }) => {
    const all = more === 0 ? "" : ` 等 ${formatNumber(names.length + more)} 人`;
    return `没有人叫 ${word}：${names.length === 0 ? "这里没有人" : `这里有 ${listNames(names)}${all}`}`;
  },
  "ambiguous-name": ({ names }) =>
    `收件人不明确，可能是 ${names.map((name) => `"${name}"`).join(" 或 ")}：请给名字加上引号，例如 "${names.at(-1) ?? ""}" …`,
  "which-peer": "哪一个？这里有好几个人",
  "unix-needs-tcp": "UNIX 套接字是流：先 /tcp",
  "group-has-no-listener": "组播地址上没有人监听：用 /connect 加入",
  "group-needs-udp": "组播收的是数据报：先 /udp",
  "nothing-open-before": "这里之前没有打开过套接字",
  "nothing-open": "这里没有打开套接字",
  "pairing-given-up": "已放弃配对",
  "neighbour-waits": ({ name, at, transport }) =>
    `${name} 也在这台机器上等待，通过 ${transport.toUpperCase()}，地址 ${at}`,
  "neighbour-hint": ({ transport, isInChat }, _word, program) =>
    isInChat ? `/${transport} 加入那里` : `这样加入：${program}${transport === "udp" ? " --udp" : ""}`,
  "udp-has-no-half-close": "UDP 没有半关闭：没有连接可关",
  "peer-has-no-half-close": ({ name }) => `${name} 通过 UDP 通信，UDP 没有半关闭`,
  "peer-has-our-fin": ({ name }) => `${name} 已经收到我们的 FIN`,
  "duet-chooses-name": ({ name }) => `${name} 用的是 duet，名字只能由本人更改`,
  "duet-already": ({ name }) => `${name} 用的已经是 duet`,
  "raw-off-first": "raw 已打开：先 /raw off",
  "raw-already": ({ isOn }) => `raw 已经${isOn ? "打开" : "关闭"}`,
  "raw-on": "raw：原样发送所输入的内容，没有帧、欢迎行和名字",
  "raw-connects-again": "对方是 duet，无法读取裸文本：改为不用帧，重新连接",
  "raw-off": "duet 之间恢复握手；/upgrade 把当前的对方当作 duet",
  "no-range": ({ word }) => `${word} 既不是主机也不是地址范围：请写 10.0.0.0/8、fe80::/10、单个地址或名字`,
  "rule-host-unknown": ({ host, code }) => `没有找到 ${host} 的地址（${code}）`,
  "rules-unchanged": ({ rule }) => `规则没有变；/${rule} 也接受地址`,
  "ranges-full": ({ ranges }) => `已经有 ${ranges} 个范围了`,
  rules: ({ allow, allowCount, deny, denyCount, staying }) => {
    const who = allow.length === 0 ? "谁都可以加入" : `只有 ${listRanges(allow, allowCount)} 可以加入`;
    const not = deny.length === 0 ? "" : `，但 ${listRanges(deny, denyCount)} 除外`;
    return `${who}${not}${staying ? "；已在这里的人不受影响" : ""}`;
  },
  "port-kept": ({ target, state, seconds }) =>
    `${target} 刚被一个已结束的连接用过：内核还要保留它约 ${seconds} 秒（${state}）`,
  "port-kept-hint": ({ transport, host, port, isTyped }, _word, program) => {
    const listen = isTyped ? "/listen" : `${program}${transport === "udp" ? " -u" : ""} -l`;
    return `请稍等：一旦可用，duet 就在那里监听；也可以现在换一个端口：${listen} ${host} ${port}`;
  },
  "target-held": ({ target, transport, holder, why }, word) => {
    const held = `${target}（${transport.toUpperCase()}）${holder === undefined ? "被另一个程序" : `被 ${holder} `}占用`;
    if (why !== undefined) return `${held}，无法判断那是不是你的 duet：${word(why)}`;
    return `${held}，那不是可以加入的 duet`;
  },
  "folder-problem": ({ folder, problem }) => {
    switch (problem) {
      case "not ours":
        return `${folder} 属于别的用户`;
      case "symbolic link":
        return `${folder} 是符号链接`;
      case "open to others":
        return `别的用户可以写 ${folder}`;
      case "no directory":
        return `${folder} 不是文件夹`;
      default:
        return `${folder} 不能用（${problem}）`;
    }
  },
  "not-announced": ({ why }, word) => `你在这台机器上的其他 duet 无法通过 UDP 找到这一个：${word(why)}`,
  "no-announcements-hint": ({ duetAt, isHere }, _word, program, place) => {
    const join =
      isHere && place !== "shell" ? `/connect ${duetAt}，再 /upgrade` : `${program} -u --duet ${duetAt}`;
    return `用 ${join} 加入，或者让它们的 XDG_RUNTIME_DIR 都指向只有你能写的文件夹`;
  },
  "target-held-hint": ({ transport, port, duetAt, isInChat }, _word, program) => {
    if (isInChat === true) {
      const join = duetAt === undefined ? "" : `；如果那是别的用户的 duet：/connect ${duetAt}，再 /upgrade`;
      return `换一个端口：这边 /listen ${port}，那边 /connect 127.0.0.1 ${port}${join}`;
    }
    const start = `${program}${transport === "udp" ? " -u" : ""}`;
    const join = duetAt === undefined ? "" : `；如果那是别的用户的 duet：${start} --duet ${duetAt}`;
    return `换一个端口：这边 ${start} -l ${port}，那边 ${start} --duet 127.0.0.1 ${port}${join}`;
  },
  "needs-drawn-screen": ({ command }) => `/${command} 需要全屏界面；-o FILE 保存对话`,
  "no-page-for": ({ word }) =>
    `没有 ${word} 的说明，可查：${[...errorCodes, ...refusalPages, "PRIVATE"].join("、")}`,
  "nothing-went-wrong": "还没有出过错",
  "why-code-hint": "/why CODE 解释一个代码，如 ECONNREFUSED",
  "why-tells-more": ({ hint }, word) => `${word(hint)}；/why 查看说明`,
};

/** The newest ranges, since a file may list thousands. */
function listRanges(newest: readonly string[], count: number): string {
  return listNames(newest) + (count > newest.length ? ` 等 ${formatNumber(count)} 个范围` : "");
}
