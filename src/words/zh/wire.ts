/** The wire panel and its view of bytes, in Chinese (Simplified). */

import type { SentenceTable } from "../sentences/sentence.ts";
import type { WireSentences } from "../sentences/wire.ts";

export const wireChinese: SentenceTable<WireSentences> = {
  "call-not-kept": "这个调用已不再保留",
  "no-filter-key": ({ key }) => `${key}= 不是条件：可用 peer= call= text=`,
  "no-call-passes": "没有调用符合过滤条件：Ctrl-U 清空",
  "no-call-passes-wire-all": "没有调用符合过滤条件：/wire all 取消过滤",
  "dump-goes-on": ({ lines }) => `↓ 还有 ${lines} 行：PgDn`,
  "bytes-not-kept": "没有保留这个调用的字节",
  "first-bytes-kept": ({ kept, bytes }) => `保留了前 ${kept} 字节，共 ${bytes} 字节`,
  "bytes-opened": ({ bytes }) => (bytes === 0 ? "没有完整的记录" : `解密后 ${bytes} 字节，途中无人能读：`),
  "bytes-sealed": ({ bytes }) => `实际传输的 ${bytes} 字节（加密）：`,
  "call-without-bytes": ({ call }) => `调用 ${call}：不带字节`,
  "call-moved": ({ call, offset, bytes, peer }) => {
    const whom = peer === undefined ? "" : `，${peer.way === "in" ? "来自" : "发往"} ${peer.name}`;
    if (bytes === 0) return `调用 ${call}：没有字节，偏移 ${offset}${whom}`;
    return `调用 ${call}：第 ${offset} 到 ${offset + bytes - 1} 字节${whom}`;
  },
};
