/** Commands on a socket, and why one is impossible, in Chinese (Simplified). */

import type { SentenceTable } from "../sentences/sentence.ts";
import type { SocketSentences } from "../sentences/sockets.ts";

export const socketsChinese: SentenceTable<SocketSentences> = {
  "udp-has-no-reset": "UDP 没有连接可重置：/close 移除对方，不发通知",
  "peer-has-no-reset": ({ name }) => `${name} 通过 UDP 通信，UDP 没有重置`,
  "no-hex-digit": ({ digit }) => `${digit} 不是十六进制数字`,
  "odd-hex-digits": "一个字节是两位十六进制数字，少了一位",
  "too-much-hex": ({ bytes }) => `/send-hex 一次最多 ${bytes} 字节`,
  "partial-over-udp": "数据报本身就是完整的消息，不带换行：直接按行发送即可",
  "duet-takes-frames": ({ name }) =>
    `${name} 用的是 duet，收的是帧而不是裸字节：/to 只对一个普通程序说，/raw 对所有人`,
  "behind-hub": ({ name }) => `${name} 由主机转接：本端没有与其相连的套接字`,
  "nobody-to-send-to": "这里没有可以发送的对象",
  "udp-has-no-window": "UDP 没有窗口：接收缓冲区放不下的直接丢弃，不发通知",
  "peer-has-no-window": ({ name }) => `${name} 通过 UDP 通信，UDP 没有窗口`,
  "buffer-size": ({ bytes }) => `/buffer 的参数是 1 到 ${bytes} 字节，或 off`,
  "read-as-ever": ({ name }) => `${name} 的数据一直在正常读取`,
  "reading-stopped": ({ name }) => `已停止读取 ${name} 的数据：对方的内核可以一直发到这里的缓冲区满为止`,
  "reading-stopped-hint": (_params, _word, _program, place) =>
    place === "screen" ? "/buffer off 恢复读取；F2 显示调用" : "/buffer off 恢复读取",
  "reading-again": ({ name }) => `恢复读取 ${name} 的数据`,
};
