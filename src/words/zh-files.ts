/** Chinese for what files say no to: logs, recordings, transcripts, settings. And for faults of duet's own. By their English. */

import type { SentencePair } from "./sentences.ts";

const logs: readonly SentencePair[] = [
  [
    "the log {name} cannot be opened ({name}): give a path in a folder that exists and that you may write to",
    "日志 {1} 打不开（{2}）：换一个目录存在、你有写权限的路径",
  ],
  [
    "the log {name} ends here, and the chat goes on without it: {}",
    "日志 {1} 到此为止，聊天继续但不再记录：{2}",
  ],
  [
    "the disk is full (ENOSPC); make room there, or log elsewhere",
    "磁盘已满（ENOSPC）；腾出空间，或换一处记录",
  ],
];

const recordings: readonly SentencePair[] = [
  [
    "the recording {name} cannot be read ({name}): give a file that -o FILE.ndjson has written",
    "记录 {1} 读不了（{2}）：给出由 -o FILE.ndjson 写下的文件",
  ],
  [
    "{name} has no event of duet's: give a file that -o FILE.ndjson has written",
    "{1} 里没有 duet 的事件：给出由 -o FILE.ndjson 写下的文件",
  ],
  ["the recording goes on after these {}", "记录在这 {1}之后还有内容"],
];

const transcripts: readonly SentencePair[] = [
  ["{name} was not written: {}", "{1} 没有写入：{2}"],
  [
    "there is no folder {name} (ENOENT); make it first, or save elsewhere",
    "没有 {1} 这个目录（ENOENT）；先创建它，或保存到别处",
  ],
  ["{name} is no folder (ENOTDIR); save elsewhere", "{1} 不是目录（ENOTDIR）；保存到别处"],
  ["it is a folder (EISDIR); add a file's name", "它是目录（EISDIR）；请加上文件名"],
  [
    "something that is no plain file has that name (EEXIST); choose another",
    "已有同名的非普通文件（EEXIST）；换一个名字",
  ],
  [
    "you may not write there ({name}); save elsewhere, as in /save ~/chat.txt",
    "你在那里没有写权限（{1}）；保存到别处，如 /save ~/chat.txt",
  ],
  [
    "the disk is full ({name}); make room there, or save elsewhere",
    "磁盘已满（{1}）；腾出空间，或保存到别处",
  ],
  ["the name is too long (ENAMETOOLONG); give a shorter one", "名字太长（ENAMETOOLONG）；换一个短一点的"],
  ["{name}; save elsewhere", "{1}；保存到别处"],
  ["{figure} lines of this conversation are in {name}", "这段对话的 {1} 行已写入 {2}"],
  ["{figure} line of this conversation are in {name}", "这段对话的 {1} 行已写入 {2}"],
];

const settings: readonly SentencePair[] = [
  [
    "the settings {name} cannot be read: {} ({name}); --no-config goes on without",
    "设置文件 {1} 读不了：{2}（{3}）；--no-config 可不用设置文件",
  ],
  ["there is no such file", "没有这个文件"],
  ["it may not be read", "没有读权限"],
  ["it is a folder", "它是目录"],
  ["reading it failed", "读取失败"],
];

const faults: readonly SentencePair[] = [
  [
    "duet stopped by a fault of its own: {name}; please report it.",
    "duet 因自身的错误停止：{1}；请报告这个问题。",
  ],
];

export const filePairs: readonly SentencePair[] = [
  ...logs,
  ...recordings,
  ...transcripts,
  ...settings,
  ...faults,
];
