/** Errors of the command line and of settings files, in Chinese (Simplified). */

import type { RoomPlaceProblem } from "../../protocol/hubs/room-place.ts";
import { quoteWord } from "../../protocol/address/target.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { ClashReason, OptionSentences } from "../sentences/options.ts";

export const optionsChinese: SentenceTable<OptionSentences<Sentence>> = {
  clash: ({ one, other, why, leaveOut }) =>
    `${one} 和 ${other} 不能同时用：${clashReasons[why]}${leaveOut === undefined ? "" : `；请去掉 ${leaveOut}`}`,
  "room-needs-listener": "--room 共享的是监听方的房间：请加上 -l",
  "room-needs-engine": ({ room }) => `--room ${room} 需要引擎：请写 redis://HOST/${room}，或设置 REDIS_URL`,
  "wrong-room": ({ problem }) => `--room ${roomProblems[problem]}：请写 redis://HOST[:PORT]/ROOM`,
  "wrong-key": ({ flag, word }) =>
    `${flag} ${quoteWord(word)} 不是密钥：密钥有 52 个字母和数字，打错会被发现`,
  "path-alone": ({ word }) => `-U 只带一个路径：去掉 ${quoteWord(word)}`,
  "lan-or-place": "--lan 是监听，HOST PORT 是连接：加 -l 在那里监听，或去掉 --lan",
  "replay-has-no-place": ({ word }) => `--replay 只回放记录，不建立连接：去掉 ${quoteWord(word)}`,
  "file-shared": ({ one, other, path }) => `${one} 和 ${other} 不能都写 ${quoteWord(path)}：各用一个文件`,
  "tour-needs-terminal": "--tour 需要终端：演示由人按回车逐步进行",
  "no-group": ({ host }) =>
    `--group ${quoteWord(host)} 不是组播地址：请写 224.0.0.0/4 或 ff00::/8 里的地址，或不写`,
  "group-needs-port": "--group 需要 1 到 65535 的端口，所有人相同",
  "group-misplaced": ({ host }) => `${host} 是组播地址，那里没有人监听：用 --group ${host} 加入`,
  "wrong-seconds": ({ flag, word, max }) =>
    `${flag} ${quoteWord(word)} 无效：应为大于 0 的秒数，如 ${flag} 2.5，最大 ${max}`,
  "wrong-peers-max": ({ flag, word, max }) => `${flag} ${quoteWord(word)} 无效：人数应为 0 到 ${max} 的整数`,
  "wrong-range": ({ flag, word }) =>
    `${flag} ${quoteWord(word)} 不是地址范围：请写 10.0.0.0/8、fe80::/10、单个地址或主机名`,
  "hosts-full": ({ flag, ranges }) => `${flag} 给出的主机超过 ${ranges} 个：请写范围，如 10.0.0.0/8`,
  "hosts-unreadable": ({ flag, path, code }) =>
    `${flag} ${quoteWord(path)} 无法读取（${code}）：请给出每行一个主机的文件`,
  "hosts-file-empty": ({ flag, path }) =>
    `${flag} ${quoteWord(path)} 没有列出任何人：请写入可以加入的主机，或不用它`,
  "host-unknown": ({ flag, host, code }) =>
    `${flag} ${quoteWord(host)}：查不到这个名字的地址（${code}）；请检查拼写，或写地址`,
  "wrong-choice": ({ flag, word, choices }) =>
    `${flag} ${quoteWord(word)} 无效：可用 ${choices.slice(0, -1).join("、")} 或 ${choices.at(-1)}`,
  "name-unseen": ({ flag }) => `${flag} 需要可见的名字`,
  "name-too-long": ({ flag, name, columns }) => `${flag} ${quoteWord(name)} 太长：最多 ${columns} 列`,
  "name-not-as-is": ({ flag, name, shown }) =>
    `${flag} ${quoteWord(name)} 无法原样显示：可以用 ${quoteWord(shown)}`,
  "no-option-nor-port": ({ word }) => `${quoteWord(word)} 不是选项，也不是端口：端口是 0 到 65535 的数字`,
  "unknown-option": ({ option, inside, advice }, word) =>
    `没有 ${quoteWord(option)} 这个选项${inside === undefined ? "" : `（在 ${quoteWord(inside)} 里）`}：${word(advice)}`,
  "did-you-mean": ({ option }) => `是不是想写 ${option}？`,
  "help-lists": "--help 列出可用的选项",
  "port-is-argument": "监听的端口直接写：-l 127.0.0.1 8080；客户端自己的端口由系统选择",
  "addresses-not-looked-up": "不需要：地址从不查询，对方的名字也不查询",
  "broadcast-is-command": "在全屏界面里用 UDP：/broadcast TEXT",
  "goes-on-listening": "不需要：-l 会一直监听",
  "joining-is-room": "不需要：加入正在监听的 duet，就在它的房间里",
  "takes-no-value": ({ option, value }) => `${option} 不带值，却给了 ${quoteWord(value)}`,
  "needs-value": ({ option, valueName, given }) =>
    `${option} 需要一个值：${option} ${valueName}${given === undefined ? "" : `，而 ${quoteWord(given)} 像是一个选项`}`,
  "no-toml": ({ detail }) => `这不是 TOML：${detail}；每行写成 name = "ada" 或 udp = true`,
  "unknown-setting": ({ key, advice }, word) => `没有 ${quoteWord(key)} 这个设置：${word(advice)}`,
  "help-lists-options": "--help 列出选项",
  "setting-is-switch": ({ key, value }) => `${key} = ${quoteWord(value)} 无效：应为 true 或 false`,
  "setting-is-text": ({ key, value, mayRepeat }) =>
    `${key} = ${quoteWord(value)} 无效：应为文本${mayRepeat ? "，或文本列表" : ""}`,
  "setting-is-one": ({ key, values }) => `${key} 只带一个值，却给了 ${values} 个`,
};

const roomProblems: Readonly<Record<RoomPlaceProblem, string>> = {
  "no-url": "需要 redis:// 或 rediss:// 的 URL、file:PATH，或配合 REDIS_URL 的房间名",
  "no-host": "缺少主机",
  "bad-port": "的端口不在 1 到 65535 之间",
  "no-room": "缺少房间名",
  "bad-room": "的房间名含有字母、数字、_ . - 以外的字符，或超过 64 个",
  "too-long": "太长",
};

const clashReasons: Readonly<Record<ClashReason, string>> = {
  "start-in-one": "从其中一个开始；在屏幕上用 Ctrl-T 打开另一个",
  "either-family": "两个都去掉，则两种地址族都可用",
  "lines-or-events": "请选择按行输出或按事件输出",
  "raw-has-no-frames": "原样的字节里没有帧",
  "nothing-left-to-do": "那样就没有事可做了",
  "no-unix-datagrams": "不支持 UNIX 数据报套接字",
  "unix-has-no-family": "UNIX 套接字没有地址族",
  "unix-stays-here": "UNIX 套接字只在本机",
  "group-is-udp": "组播收的是数据报",
  "group-has-no-listener": "组播地址上没有人监听",
  "group-has-address": "组播用的是地址，不是路径",
  "group-needs-no-search": "组播不需要查找别人；去掉其中一个",
  "group-is-plain-text": "组播用的是普通文本",
  "proof-needs-encryption": "密钥和密码要靠加密来证明",
  "sealing-needs-frames": "只有用帧通信的 duet 才加密",
  "room-has-lines": "枢纽之间共享消息，不共享字节",
  "room-goes-both-ways": "共享的房间是双向的",
  "file-or-none": "要么指定文件，要么不读",
  "replay-has-no-peers": "回放的是记录，没有人能加入",
  "tour-is-for-person": "演示需要有人在终端前操作",
  "replay-or-tour": "一个回放记录，一个现场执行",
  "whom-lines-are-for": "两种按行输出只能选一种",
};
