/** Faults of frames, in Chinese (Simplified). */

import type { FrameFault } from "../../protocol/frames/frame-fault.ts";
import { lineMaxBytes } from "../../protocol/limits.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { FrameSentences } from "../sentences/frames.ts";

export const framesChinese: SentenceTable<FrameSentences<Sentence>> = {
  "frame-fault": ({ fault }) => wordFault(fault),
  "malformed-frame": ({ name, fault }, word) => `${name} 发来的一帧格式错误：${word(fault)}`,
  "malformed-hint": "已略过这一帧；超过十个就关闭连接",
  "too-many-malformed": ({ frames }) => `发来的错误帧超过 ${frames} 个`,
};

function wordFault(fault: FrameFault): string {
  switch (fault.is) {
    case "no-json":
      return "JSON 无法解析";
    case "no-object":
      return "不是 JSON 对象";
    case "no-type":
      return "没有 type 字段";
    case "wrong-field":
      return `${JSON.stringify(fault.type)} 缺少字段或字段有错`;
    case "no-frame":
      return "不是帧";
    case "too-long":
      return `一帧超过了 ${lineMaxBytes / 1024} KiB`;
    case "no-end":
      return "最后一帧不完整";
  }
}
