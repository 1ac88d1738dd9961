/** Sealed sessions, in Chinese. */

import type {
  IdentityProblem,
  KnownPeersProblem,
  PrivateFileProblem,
} from "../../protocol/errors/private-file-problem.ts";
import { quoteWord } from "../../protocol/address/target.ts";
import type { SealFault } from "../../protocol/sockets/socket-event.ts";
import type { SealingSentences } from "../sentences/sealing.ts";
import type { SentenceTable } from "../sentences/sentence.ts";

export const sealingChinese: SentenceTable<SealingSentences> = {
  "seal-required": "这个 duet 只接受加密的 duet（--encrypt require），你的不加密：新版 duet 可以",
  "peer-cannot-seal": ({ address }) => `${address} 不加密，--encrypt require 拒绝不能加密的 duet`,
  "duet-without-seal": "它不加密，--encrypt require 拒绝不加密的 duet",
  "raw-cannot-seal": ({ address }) => `${address} 不是能加密的 duet，--encrypt require 不发送任何明文`,
  "duet-does-not-seal": ({ name }) => `这个连接是 PLAIN：${name} 的 duet 不加密，或者它的提议在途中被去掉了`,
  "too-many-handshakes": "未完成的加密握手太多：过几秒再试",
  "seal-timed-out": ({ seconds }) => `加密握手没有在 ${seconds} 秒内完成`,
  "seal-failed": "加密握手失败：字节在途中被改动，或对方出错",
  "seal-refused": ({ reason }) => `对方拒绝了加密握手：${wordRefusal(reason)}`,
  "no-sealed-hello": "第一条加密记录不是问候",
  "peer-moved": ({ name, from, to }) => `${name} 换了地址：现在是 ${to}，之前是 ${from}`,
  "session-broken": ({ why }) => wordFault(why),
  "plain-held": ({ address, expected }) =>
    `PLAIN：${address} 用明文应答，或没有应答，以前的密钥是 ${expected}；没有发送任何内容`,
  "key-changed": ({ address, expected, key }) =>
    `KEY CHANGED：${address} 的密钥是 ${key}，不是 ${expected}；没有发送任何内容`,
  "key-changed-hint": ({ key }, _word, _program, place) =>
    `可能有人在中间，也可能同一个人换了${key === undefined ? "程序" : "密钥"}：用别的方式问一下；` +
    (place !== "shell"
      ? "/trust 接受并重新连接"
      : key === undefined
        ? "--encrypt off 以明文发送"
        : `--key ${key} 表示接受`),
  "plain-held-reason": "以前加密，现在是 PLAIN",
  "key-changed-reason": "KEY CHANGED",
  "listed-key-differs": ({ address, name, expected, key }) =>
    key === undefined
      ? `PLAIN：${address} 的通告带有 ${name} 的密钥 ${expected}，却用明文应答，或没有应答；没有发送任何内容`
      : `${address} 的通告带有 ${name} 的密钥 ${expected}，它的密钥却是 ${key}；没有发送任何内容`,
  "listed-key-hint": (_params, _word, _program, place) =>
    "这个网络里的任何人都能通告任何密钥，所以可能是别人：用别的方式问一下" +
    (place === "shell" ? "" : "；/trust 接受并重新连接"),
  "listed-key-reason": "没有证明通告的密钥",
  "another-key": ({ name, key, other }) =>
    `这个 ${name} 的密钥和你认识的 ${name} 不同：${key}，不是 ${other}`,
  "key-renewed": ({ name, key, from }) =>
    `${name} 换了身份：现在的密钥是 ${key}，由你认识的密钥 ${from} 签名，并取代它`,
  "wrong-signature": "对方身份的签名不对：问候被改动，或对方的程序出错",
  "nothing-held": "没有因为密钥而停下的连接",
  "key-trusted": ({ key }) => `从现在起信任密钥 ${key}`,
  "plain-trusted": "接受以明文发送",
  "no-known-peers": "还不认识其他 duet 的密钥",
  "peer-forgotten": ({ name, keys }) => `已忘记 ${name} 的 ${keys} 个密钥`,
  "peer-not-known": ({ name }, _word, _program, place) =>
    `没有已知密钥用过名字 ${name}${place === "shell" ? "" : "：/peers 列出全部"}`,
  "identity-problem": ({ problem }) => wordIdentityProblem(problem),
  "known-peers-problem": ({ problem }) => wordPeersProblem(problem),
  "our-key": ({ key }) => `你的密钥：${key}`,
  "our-key-kept": ({ path }) => `保存在 ${path}`,
  "our-key-alone": "只用于这次运行（--anonymous）",
  "identity-acts": ({ word }) =>
    `/identity ${word} 无效：可用 /identity、/identity backup 文件、/identity renew、/identity pass-phrase`,
  "pass-phrase-outside": (_params, _word, program) =>
    `身份的口令在命令行里设置，输入时不显示：${program} --new-pass-phrase ask 设置或更改，--new-pass-phrase none 取消`,
  "identity-needs-file": "/identity backup 需要一个还不存在的文件名",
  "no-identity-to-back-up": "你的密钥只用于这次运行（--anonymous）：没有可备份的",
  "identity-backed-up": ({ path }) =>
    `身份已复制到 ${quoteWord(path)}（模式 600）：谁有这个文件，谁就能冒充你；放在模式 700 的文件夹里，用 --identity 指定它即可使用`,
  "backup-problem": ({ problem }) =>
    problem.is === "system" && problem.code === "EEXIST"
      ? `${quoteWord(problem.path)} 已存在，没有改动：换一个文件名`
      : `身份没有复制：${wordFileProblem(problem)}`,
  "renew-asks": ({ isKept }) =>
    `你会得到新的密钥，由现在的密钥签名，现在的密钥${isKept ? "会从文件中删除" : "不再保留"}：认识你密钥的 duet 会自动接受新的，而从没见过你的人会拒绝你给过的 --key；/identity renew yes 执行`,
  "identity-renewed": ({ key, sessions, isKept }) =>
    `你的密钥现在是 ${key}${isKept ? "" : "，到这次运行结束为止（--anonymous）"}，由之前的密钥签名` +
    (sessions === 0 ? "" : `；现有的 ${sessions} 个连接到结束为止仍用旧密钥`),
  "identity-renewed-elsewhere": ({ key }) => `没有更换：身份文件里已是另一个密钥 ${key}，从现在起使用它`,
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
    case "other-key":
      return "对方以另一个身份要求更换密钥";
    case "spent":
      return "密钥的加密量已达上限，而对方没有更换密钥";
    case "refused":
      return "对方拒绝了加密握手";
    case "wrong-password":
      return "对方拒绝了密码";
    case "cut":
      return "连接被切断：它的结束不是对方程序发出的";
  }
}

function wordIdentityProblem(problem: IdentityProblem): string {
  const path = quoteWord(problem.path);
  switch (problem.is) {
    case "later-version":
      return `身份 ${path} 属于更新的 duet：用那个版本，或用 --identity 指定别的文件`;
    case "malformed":
      return `${path} 不是 duet 的身份：恢复备份，或移走它，会生成新的`;
    case "pass-phrase":
      return `${path} 有口令：用 --pass-phrase 给出`;
    case "wrong-pass-phrase":
      return `这不是 ${path} 的口令`;
    case "locked":
      return `另一个 duet 锁住了 ${path}：没有改动，请再试`;
    case "others-may-enter":
    case "others-may-read":
    case "other-owner":
    case "no-file":
    case "too-long":
    case "system":
      return `身份不能使用：${wordFileProblem(problem)}；--anonymous 可以不用身份启动`;
  }
}

function wordPeersProblem(problem: KnownPeersProblem): string {
  const path = quoteWord(problem.path);
  switch (problem.is) {
    case "later-version":
      return `已知密钥 ${path} 属于更新的 duet：用那个版本，或移走文件`;
    case "malformed-line":
      return `已知密钥 ${path} 第 ${problem.line} 行有错：改正或删除它`;
    case "locked":
      return `另一个 duet 锁住了 ${path}：新知道的没有保存`;
    case "others-may-enter":
    case "others-may-read":
    case "other-owner":
    case "no-file":
    case "too-long":
    case "system":
      return `已知密钥不能使用：${wordFileProblem(problem)}；--anonymous 可以不用它启动`;
  }
}

export function wordFileProblem(problem: PrivateFileProblem): string {
  const path = quoteWord(problem.path);
  switch (problem.is) {
    case "others-may-enter":
      return `其他用户可以进入 ${path}（模式 ${problem.mode.toString(8)}）：chmod 700 ${path}`;
    case "others-may-read":
      return `其他用户可以使用 ${path}（模式 ${problem.mode.toString(8)}）：chmod 600 ${path}`;
    case "other-owner":
      return `${path} 属于其他用户`;
    case "no-file":
      return `${path} 不是普通文件`;
    case "too-long":
      return `${path} 超过 ${problem.maxBytes} 字节`;
    case "system":
      return `${path}：${problem.code}`;
  }
}
