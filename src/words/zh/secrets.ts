/** Passwords and pass-phrases that are read, in Chinese. */

import { quoteWord } from "../../protocol/address/target.ts";
import type { SecretProblem } from "../../protocol/errors/secret-problem.ts";
import { secretMaxBytes } from "../../protocol/limits.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { SecretSentences } from "../sentences/secrets.ts";
import { wordFileProblem } from "./sealing.ts";

export const secretsChinese: SentenceTable<SecretSentences<Sentence>> = {
  "secret-in-argument": ({ flag }) =>
    `${flag} 只接受 ask、file:PATH 或 fd:N，不能直接写密码，因为本机其他人能看到命令行；HOST PORT 写在它前面`,
  "secret-problem": ({ problem }) => wordProblem(problem),
  "ask-pass-phrase": ({ path, isAgain }) =>
    isAgain ? `这不是 ${quoteWord(path)} 的口令，请再输入一次：` : `${quoteWord(path)} 的口令：`,
  "no-home": "不知道主文件夹：用 --identity 指定身份文件",
  "ask-new-pass-phrase": ({ path }) => `${quoteWord(path)} 的新口令：`,
  "pass-phrase-unread": ({ path, problem }, word) =>
    `身份 ${quoteWord(path)} 需要口令（--pass-phrase），或用 --anonymous 启动：${word(problem)}`,
  "pass-phrase-changed": ({ path, isRemoved }) =>
    isRemoved
      ? `${quoteWord(path)} 不再有口令`
      : `${quoteWord(path)} 有了新口令，每次启动都会询问；忘了就无法找回`,
  "secrets-differ": "两次输入不一样：请再来一次",
  "ask-room-password": "房间密码（不显示）：",
  "ask-password-again": "再输入一次：",
  "password-needed": ({ address }) => `${address} 的房间有密码`,
  "password-hint": (_params, _word, program, place) =>
    place === "screen"
      ? "/reconnect 会再次询问"
      : `以 ${program} --password 启动：会询问密码，或用 --password file:PATH 读取`,
  "wrong-password": ({ address }) => `${address} 说密码不对`,
  "password-not-asked": ({ address }) => `${address} 没有要求密码，而你有它的密码：没有发送任何内容`,
  "password-not-asked-hint": "可能有人冒充它，也可能房间不再有密码：用别的方式问一下，并去掉 --password 启动",
  "password-unproven": "连接已结束，没有证明房间密码",
  "guesses-refused": ({ address }) => `${address} 现在不再接受来自你的地址的密码尝试`,
  "guesses-refused-hint": "一分钟后再试；同一地址的其他人也计算在内",
  "password-required": "这个房间有密码，而你的 duet 不加密：新版 duet 可以，不要用 --encrypt off",
  "duet-without-password": "它不加密，而房间有密码",
  "raw-without-password": "它不是能加密的 duet，而房间有密码：没有向它发送任何内容",
  "password-asked-for": "它正在询问密码",
  "left-before-handshake": "它在加入之前离开，duet 询问密码时会这样",
  "wrong-guess": "密码不对",
  "guess-hint": ({ host, guesses }, _word, _program, place) =>
    `每个地址每分钟可以尝试 ${guesses} 次${host === undefined ? "" : `；${place === "shell" ? "--deny" : "/deny"} ${host} 拒绝它`}`,
  "too-many-guesses": ({ guesses }) => `一分钟内尝试密码超过 ${guesses} 次`,
  "raw-has-no-password": "有密码的房间没有原样模式：去掉 --password 启动",
};

function wordProblem(problem: SecretProblem): string {
  switch (problem.is) {
    case "no-terminal":
      return `没有终端可以询问密码（${problem.code}）：请写 file:PATH 或 fd:N`;
    case "cancelled":
      return "没有输入密码";
    case "terminal-descriptor":
      return `fd:${problem.descriptor} 是终端，会显示密码：请写 ask`;
    case "descriptor":
      return `无法从 fd:${problem.descriptor} 读取密码（${problem.code}）：请为 duet 本身打开它，如 ${problem.descriptor}< FILE；启动 duet 的脚本只传递 fd:0`;
    case "file":
      return `无法读取密码：${wordFileProblem(problem.problem)}`;
    case "empty":
      return `密码${wordOrigin(problem)}是空的：至少需要一个字符`;
    case "too-long":
      return `密码${wordOrigin(problem)}超过 ${secretMaxBytes} 字节`;
    case "several-lines":
      return `密码${wordOrigin(problem)}有好几行：只能有一行`;
    case "unprintable":
      return `密码${wordOrigin(problem)}含有控制字符，或不是 UTF-8`;
  }
}

function wordOrigin({
  path,
  descriptor,
}: {
  readonly path?: string | undefined;
  readonly descriptor?: number | undefined;
}): string {
  if (path !== undefined) return `（${quoteWord(path)}）`;
  return descriptor === undefined ? "" : `（fd:${descriptor}）`;
}
