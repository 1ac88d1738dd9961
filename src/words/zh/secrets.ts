/** Passwords and pass-phrases that are read, in Chinese. */

import { quoteWord } from "../../protocol/address/target.ts";
import type { SecretProblem } from "../../protocol/errors/secret-problem.ts";
import { secretMaxBytes } from "../../protocol/limits.ts";
import type { SentenceTable } from "../sentences/sentence.ts";
import type { SecretSentences } from "../sentences/secrets.ts";
import { wordFileProblem } from "./sealing.ts";

export const secretsChinese: SentenceTable<SecretSentences> = {
  "secret-in-argument": ({ flag }) =>
    `${flag} 只接受 ask、file:PATH 或 fd:N，不能直接写密码，因为本机其他人能看到命令行；HOST PORT 写在它前面`,
  "secret-problem": ({ problem }) => wordProblem(problem),
  "secrets-differ": "两次输入不一样：请再来一次",
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
