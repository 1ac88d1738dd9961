/** Files, standard output, and faults of duet itself, in Chinese (Simplified). */

import { quoteWord } from "../../protocol/address/target.ts";
import { formatPercent } from "../../protocol/text/quantities.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { FileSentences } from "../sentences/files.ts";
import { formatNumber } from "./numbers.ts";

export const filesChinese: SentenceTable<FileSentences<Sentence>> = {
  "log-unopened": ({ path, code }) =>
    code === "ENXIO"
      ? `无法打开日志 ${path}（ENXIO）：没有程序在读这个管道或设备；请先启动读取它的程序`
      : `无法打开日志 ${path}（${code}）：请换一个目录存在、你有写权限的路径`,
  "log-mended": ({ path, bytes }) =>
    `日志 ${path} 的末尾只有半条记录（程序被强行终止或磁盘已满时会这样）：已截去末尾 ${formatNumber(bytes)} 字节`,
  "log-damaged": ({ path, atByte }) =>
    `日志 ${path} 从第 ${formatNumber(atByte)} 字节起不是 pcapng，其后的内容任何程序都读不到：请换一个路径，或先移走该文件`,
  "log-untrusted": ({ path, reason, at }) =>
    `没有打开日志 ${path}：${wordUntrusted(reason, at)}；请换一个只有你能写入的目录`,
  "log-exposed": ({ path, mode, access }) =>
    `其他用户可以${accessWords[access]}日志 ${path}（权限 ${mode}）：chmod 600 可改为只有你能访问`,
  "log-of-another": ({ path, uid }) => `日志 ${path} 属于另一个用户（uid ${uid}），他可以读取和修改它`,
  "input-unreadable": ({ code }) =>
    `无法读取标准输入（${code}）：其中的内容一概不发送；请检查它从哪里重定向而来`,
  "log-ends": ({ path, code }) => {
    const cause = code === "ENOSPC" ? "磁盘已满（ENOSPC）；请腾出空间，或换一处记录" : code;
    return `日志 ${path} 到此为止，聊天继续但不再记录：${cause}`;
  },
  "recording-unreadable": ({ path, code }) =>
    code === "ENXIO"
      ? `无法读取记录 ${path}（ENXIO）：没有程序在写这个管道；请先启动写入它的程序`
      : `无法读取记录 ${path}（${code}）：请给出由 -o FILE.ndjson 写下的文件`,
  "recording-empty": ({ path }) => `${path} 里没有 duet 的事件：请给出由 -o FILE.ndjson 写下的文件`,
  "recording-read": ({ path, share }) => `正在读取 ${path}：${formatPercent(share)}`,
  "recording-goes-on": ({ events }) => `这 ${formatNumber(events)} 个事件之后，记录还有内容`,
  "transcript-failed": ({ path, folder, code }) => `${path} 没有写入：${wordFailure(folder, code)}`,
  "transcript-saved": ({ path, lines }) => `这段对话的 ${formatNumber(lines)} 行已写入 ${path}`,
  "settings-unreadable": ({ path, code }) =>
    `无法读取设置文件 ${quoteWord(path)}：${wordUnreadable(code)}（${code}）；--no-config 可不用设置文件`,
  "settings-line": ({ path, line, problem }, word) => `${path}:${line}: ${word(problem)}`,
  "output-unwritable": ({ code }) => {
    if (code === "EBADF") return "标准输出已关闭（EBADF）：请重定向它，没有人读就写到 /dev/null";
    const cause =
      code === "ENOSPC" ? "磁盘已满（ENOSPC）；腾出空间，或写到别处" : `${code}；请检查输出的去处`;
    return `无法写入标准输出：${cause}`;
  },
  "output-dropped": ({ pieces }) => `有 ${pieces} 段输出被丢弃：没有人读取`,
  "output-not-taken": ({ bytes }) => `有 ${bytes} 字节输出丢失：没有人读取`,
  "lines-not-sent": ({ lines }) => `有 ${lines} 行没有发送`,
  fault: ({ message }) => `duet 因自身错误而停止：${message}；请报告这个问题。`,
};

function wordFailure(folder: string, code: string): string {
  switch (code) {
    case "ENOENT":
      return `没有 ${folder} 这个目录（ENOENT）；先创建它，或保存到别处`;
    case "ENOTDIR":
      return `${folder} 不是目录（ENOTDIR）；保存到别处`;
    case "EISDIR":
      return "那是目录（EISDIR）；请加上文件名";
    case "EEXIST":
      return "已有同名的非普通文件（EEXIST）；换一个名字";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `你在那里没有写权限（${code}）；保存到别处，如 /save ~/chat.txt`;
    case "ENOSPC":
    case "EDQUOT":
      return `磁盘已满（${code}）；腾出空间，或保存到别处`;
    case "ELOOP":
      return "那个路径里有一个可能是别的用户做的符号链接（ELOOP）；保存到别处";
    case "ENAMETOOLONG":
      return "名字太长（ENAMETOOLONG）；换一个短一点的";
    default:
      return `${code}；保存到别处`;
  }
}

const accessWords: Readonly<Record<"read" | "change" | "both", string>> = {
  read: "读取",
  change: "修改",
  both: "读取和修改",
};

function wordUntrusted(reason: "link" | "owner" | "second-name", at: string): string {
  switch (reason) {
    case "link":
      return `符号链接 ${at} 可能是别的用户做的`;
    case "owner":
      return `它是另一个用户（uid ${at}）放在共享目录里的`;
    case "second-name":
      return "它在共享目录里，并且在别处还有一个名字（硬链接）";
  }
}

function wordUnreadable(code: string): string {
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "没有这个文件";
    case "EACCES":
      return "没有读权限";
    case "EISDIR":
      return "那是目录";
    case "EFBIG":
      return "它超过 1 MiB";
    case "ENXIO":
      return "没有程序在写这个管道";
    default:
      return "读取失败";
  }
}
