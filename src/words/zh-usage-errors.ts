/** Chinese for wrong words on the command line, in settings and in commands. By their English. */

import type { SentencePair } from "./sentences.ts";

const choices: readonly SentencePair[] = [
  [
    "{} and {} do not go together: start in one, and Ctrl-T opens the other",
    "{1} 和 {2} 不能同时用：从其中一个开始，用 Ctrl-T 打开另一个",
  ],
  ["{} and {} do not go together: choose lines or events", "{1} 和 {2} 不能同时用：选按行输出或按事件输出"],
  ["{} and {} do not go together: {}; leave out {}", "{1} 和 {2} 不能同时用：去掉 {4}"],
  ["{} and {} do not go together: {} is an {} address", "{1} 和 {2} 不能同时用：{3} 是 {4} 地址"],
  ["{} and {} do not go together: {}", "{1} 和 {2} 不能同时用"],
  ["-U takes a path alone: leave out {}", "-U 只带一个路径：去掉 {1}"],
  [
    "--lan listens and HOST PORT connects: add -l to listen there, or leave out --lan",
    "--lan 是监听，HOST PORT 是连接：加 -l 在那里监听，或去掉 --lan",
  ],
  ["--replay shows what was and goes nowhere: leave out {}", "--replay 只重放记录，不连接：去掉 {1}"],
  ["{} and {} cannot both write {}: give each its own file", "{1} 和 {2} 不能都写 {3}：各用一个文件"],
  [
    "--tour needs a terminal: the walk is for a person who presses Enter",
    "--tour 需要终端：要有人按回车一步一步看",
  ],
];

const values: readonly SentencePair[] = [
  [
    "{} is not allowed: give seconds above 0, as in {}, at most {}",
    "不能写 {1}：要大于 0 的秒数，如 {2}，最多 {3}",
  ],
  ["{} is not allowed: give a whole number of peers from 1 to {}", "不能写 {1}：人数是 1 到 {2} 的整数"],
  ["{} needs a name that can be seen", "{1} 需要看得见的名字"],
  ["{} is too long: at most {} columns are allowed", "{1} 太长：最多 {2} 列"],
  ["{} cannot be shown as it is: {} is allowed", "{1} 无法原样显示：可以用 {2}"],
  ["{} is not allowed: give true or false", "不能写 {1}：用 true 或 false"],
  ["{} is not allowed: give a text or a list of them", "不能写 {1}：用文本，或文本列表"],
  ["{} is not allowed: give a text", "不能写 {1}：用文本"],
  ["{} is not allowed: give {}", "不能写 {1}：可用 {2}"],
  ["{} is not allowed: {}", "不能写 {1}：{2}"],
  ["{} takes no value, and {} was given", "{1} 不带值，却给了 {2}"],
  ["{} needs a value: {}, and {} looks like an option", "{1} 需要一个值：{2}，而 {3} 像是一个选项"],
  ["{} needs a value: {}", "{1} 需要一个值：{2}"],
  ["{} takes one value, and {} were given", "{1} 只带一个值，却给了 {2} 个"],
  ["unknown option {} in {}: {}", "没有 {1} 这个选项（在 {2} 里）：{3}"],
  ["unknown option {}: {}", "没有 {1} 这个选项：{2}"],
  ["unknown setting {}: {}", "没有 {1} 这个设置：{2}"],
  ["--help lists what is allowed", "--help 列出可用的选项"],
  ["duet --help lists the options", "duet --help 列出选项"],
  ["did you mean {}?", "是不是想写 {1}？"],
  ["the port is an argument: {}", "端口直接写：{1}"],
  ["it is not needed: -l goes on listening", "不需要：-l 会一直监听"],
  ["it is not needed: who joins a listening duet is in the room", "不需要：加入监听的 duet 就在房间里"],
  [
    'this is no TOML: {name}; write a line as name = "ada" or udp = true',
    '这不是 TOML：{1}；每行写成 name = "ada" 或 udp = true',
  ],
];

const places: readonly SentencePair[] = [
  [
    "{} is neither an option nor a port: a port is a number from {} to {}",
    "{1} 不是选项，也不是端口：端口是 {2} 到 {3} 的数字",
  ],
  ["{} is one argument too many: give HOST and PORT", "{1} 是多余的参数：写 HOST 和 PORT"],
  ["{} is one argument too many: -U takes a path alone", "{1} 是多余的参数：-U 只带一个路径"],
  ["-U needs the path of a socket, or @NAME for an abstract one", "-U 需要套接字的路径，或抽象名 @NAME"],
  ["-U takes a path without NUL bytes", "-U 的路径里不能有 NUL 字节"],
  ["connect to what? Give HOST and PORT", "连接到哪里？写 HOST 和 PORT"],
  ["which port of {}? Give HOST and PORT: {}", "{1} 的哪个端口？写 HOST 和 PORT：{2}"],
  ["{} is not a port: a port is a number from {}", "{1} 不是端口：端口是数字，从 {2}"],
  ["0 to 65535 (0: the system chooses one)", "0 到 65535（0 由系统选择）"],
  ["1 to 65535", "1 到 65535"],
  ["{} is not a host: for a UNIX socket write -U PATH", "{1} 不是主机：UNIX 套接字写成 -U PATH"],
  [
    "{} is not an IPv4 address: it has four numbers from 0 to 255, as in {}",
    "{1} 不是 IPv4 地址：它是四个 0 到 255 的数，如 {2}",
  ],
  [
    "{} is not a host: give a name, an IPv4 address or an IPv6 address, as in {}",
    "{1} 不是主机：写名字、IPv4 地址或 IPv6 地址，如 {2}",
  ],
  [
    "{} is no group: give an address of 224.0.0.0/4 or ff00::/8, or none",
    "{1} 不是组播地址：写 224.0.0.0/4 或 ff00::/8 里的地址，或不写",
  ],
  [
    "--group needs a port from 1 to 65535, the same for everybody",
    "--group 需要 1 到 65535 的端口，所有人相同",
  ],
  ["{} is a group, where nobody listens: {} joins it", "{1} 是组播地址，那里没有人监听：用 {2} 加入"],
];

const troubles: readonly SentencePair[] = [
  [
    "give loss=20% dup=5% reorder=10% delay=50ms seed=7, each of them if you like, or off",
    "写 loss=20% dup=5% reorder=10% delay=50ms seed=7 中的任意几个，或 off",
  ],
  [
    "Give loss=20% dup=5% reorder=10% delay=50ms seed=7, each of them if you like, or off",
    "写 loss=20% dup=5% reorder=10% delay=50ms seed=7 中的任意几个，或 off",
  ],
  ["--trouble: {}", "--trouble：{1}"],
  ["which trouble? {}", "哪种故障？{1}"],
  ["that makes no trouble: {}", "这样没有故障：{1}"],
  ["{} is no trouble: {}", "{1} 不是故障：{2}"],
  ["{} is given twice: once is enough", "{1} 给了两次：一次就够"],
  ["{} goes from 0% to 100%", "{1} 从 0% 到 100%"],
  ["delay goes from 0ms to {}, or in seconds as 0.2s", "delay 从 0ms 到 {1}，或用秒写成 0.2s"],
  ["seed is a whole number up to {}", "seed 是不超过 {1} 的整数"],
];

export const usageErrorPairs: readonly SentencePair[] = [...choices, ...values, ...places, ...troubles];
