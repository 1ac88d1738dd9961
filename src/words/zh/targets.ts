/** Faults of an address that a person wrote, in Chinese (Simplified). */

import { hostDefault, portDefault, quoteWord } from "../../protocol/address/target.ts";
import type { TargetProblem } from "../../protocol/address/target-problem.ts";
import type { SentenceTable } from "../sentences/sentence.ts";
import type { TargetSentences } from "../sentences/targets.ts";

export const targetsChinese: SentenceTable<TargetSentences> = {
  "target-problem": ({ problem }) => wordProblem(problem),
};

function wordProblem(problem: TargetProblem): string {
  switch (problem.is) {
    case "argument-too-many":
      return `${quoteWord(problem.word)} 是多余的参数：写 HOST 和 PORT`;
    case "path-then-word":
      return `${quoteWord(problem.word)} 是多余的参数：-U 只带一个路径`;
    case "path-missing":
      return "-U 需要套接字的路径，或抽象名 @NAME";
    case "path-with-nul":
      return "-U 的路径里不能有 NUL 字节";
    case "nothing-given":
      return "连接到哪里？写 HOST 和 PORT";
    case "port-missing":
      return `${problem.host} 的哪个端口？写 HOST 和 PORT：${problem.host} ${portDefault}`;
    case "no-port": {
      const allowed = problem.role === "listen" ? "0 到 65535（0 由系统选择）" : "1 到 65535";
      return `${quoteWord(problem.word)} 不是端口：端口是 ${allowed} 的数字`;
    }
    case "path-as-host":
      return `${quoteWord(problem.word)} 不是主机：UNIX 套接字写成 -U PATH`;
    case "no-ipv4":
      return `${quoteWord(problem.word)} 不是 IPv4 地址：它由四个 0 到 255 的数组成，如 ${hostDefault}`;
    case "no-host":
      return `${quoteWord(problem.word)} 不是主机：写主机名、IPv4 地址或 IPv6 地址，如 [::1]:${portDefault}`;
    case "other-family":
      return `-${problem.family} 和 ${problem.host} 不能同时用：${problem.host} 是 ${problem.found} 地址`;
  }
}
