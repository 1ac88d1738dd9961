/** The wire panel and its view of bytes, in English. */

import type { SentenceTable } from "../sentences/sentence.ts";
import type { WireSentences } from "../sentences/wire.ts";

export const wireEnglish: SentenceTable<WireSentences> = {
  "call-not-kept": "this call is not kept any more",
  "no-filter-key": ({ key }) => `${key}= is no condition: peer= call= text= are`,
  "no-call-passes": "no call passes the filter: Ctrl-U empties it",
  "no-call-passes-wire-all": "no call passes the filter: /wire all lifts it",
  "dump-goes-on": ({ lines }) => `↓ ${lines} more: PgDn`,
  "bytes-not-kept": "its bytes are not kept",
  "first-bytes-kept": ({ kept, bytes }) => `the first ${kept} of ${bytes} B are kept`,
  "bytes-opened": ({ bytes }) =>
    bytes === 0 ? "it completed no record" : `opened, ${bytes} B, which nobody between read:`,
  "bytes-sealed": ({ bytes }) => `what crossed, ${bytes} B sealed:`,
  "call-without-bytes": ({ call }) => `call ${call}: it has no bytes`,
  "call-moved": ({ call, offset, bytes, peer }) => {
    const whom = peer === undefined ? "" : peer.way === "in" ? ` from ${peer.name}` : ` to ${peer.name}`;
    if (bytes === 0) return `call ${call}: no bytes moved, at offset ${offset}${whom}`;
    return `call ${call}: bytes ${offset} to ${offset + bytes - 1}${whom}`;
  },
};
