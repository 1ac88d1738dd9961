/** Sealed sessions, in Chinese. */

import type { SealFault } from "../../protocol/sockets/socket-event.ts";
import type { SealingSentences } from "../sentences/sealing.ts";
import type { SentenceTable } from "../sentences/sentence.ts";

export const sealingChinese: SentenceTable<SealingSentences> = {
  "seal-required": "这个 duet 只接受加密的 duet（--encrypt require），你的不加密：新版 duet 可以",
  "peer-cannot-seal": ({ address }) => `${address} 不加密，--encrypt require 拒绝不能加密的 duet`,
  "raw-cannot-seal": ({ address }) => `${address} 不是能加密的 duet，--encrypt require 不发送任何明文`,
  "duet-does-not-seal": ({ name }) => `这个连接是 PLAIN：${name} 的 duet 不加密，或者它的提议在途中被去掉了`,
  "too-many-handshakes": "未完成的加密握手太多：过几秒再试",
  "seal-timed-out": ({ seconds }) => `加密握手没有在 ${seconds} 秒内完成`,
  "seal-failed": "加密握手失败：字节在途中被改动，或对方出错",
  "seal-refused": ({ reason }) => `对方拒绝了加密握手：${wordRefusal(reason)}`,
  "no-sealed-hello": "第一条加密记录不是问候",
  "session-broken": ({ why }) => wordFault(why),
};

function wordRefusal(reason: number): string {
  if (reason === 1) return "同时进行的太多";
  return reason === 2 ? "密码不对" : "在对方那里失败或超时";
}

function wordFault(why: SealFault): string {
  switch (why) {
    case "forged":
      return "一条加密记录在途中被改动：内容没有读取";
    case "malformed":
      return "收到的不是加密记录：内容没有读取";
    case "after-end":
      return "加密流结束之后又收到内容：没有读取";
    case "cut":
      return "连接被切断：它的结束不是对方程序发出的";
  }
}
