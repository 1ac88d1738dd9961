/** Figures and the cells of tables, in English. */

import {
  formatBytes,
  formatCount,
  formatFineRoundTrip,
  formatPercent,
  formatRoundTrip,
} from "../../protocol/text/quantities.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { FigureSentences } from "../sentences/figures.ts";
import { rowText } from "../parts/table.ts";

export const figuresEnglish: SentenceTable<FigureSentences<Sentence>> = {
  row: ({ table, at }, word) => rowText(table, at, word),
  list: ({ name, items }, word) => `${name === undefined ? "  " : `${name}: `}${items.map(word).join(", ")}`,
  "and-more": ({ more }) => `and ${more} more`,
  duration: ({ ms }) => formatRoundTrip(ms),
  you: "you",
  "kind-raw": "raw",
  loss: ({ share }) => `loss ${formatPercent(share)}`,
  "in-room-of": ({ name }) => `in ${name}'s room`,
  "bytes-in": ({ bytes }) => `${formatBytes(bytes)} in`,
  "bytes-out": ({ bytes }) => `${formatBytes(bytes)} out`,
  "bytes-waiting": ({ bytes }) => `${formatBytes(bytes)} wait`,
  peers: ({ peers }) => formatCount(peers, "peer"),
  "malformed-frames": ({ frames }) => formatCount(frames, "malformed frame"),
  "round-trip": ({ ms, variationMs }) =>
    `round trip ${formatRoundTrip(ms)} ± ${formatRoundTrip(variationMs)}`,
  "kernel-round-trip": ({ ms }) => `rtt ${formatFineRoundTrip(ms)}`,
  retransmits: ({ segments }) => formatCount(segments, "retransmit"),
  "bytes-unacked": ({ bytes }) => `unacked ${formatBytes(bytes)}`,
  "bytes-unsent": ({ bytes }) => `unsent ${formatBytes(bytes)}`,
  "bytes-unread": ({ bytes }) => `unread ${formatBytes(bytes)}`,
  "peer-window": ({ bytes }) => `their window ${formatBytes(bytes)}`,
  "being-made": "being made",
  "over-for-us": "over for us",
  "state-by-events": ({ state }) => `${state} (from its events)`,
  "losses-unknown": "a raw UDP peer numbers nothing: its losses cannot be known",
  "frames-received": ({ frames }) => `received ${formatCount(frames, "frame")}`,
  "frames-lost": ({ frames, share }) => `${frames} lost (${formatPercent(share)})`,
  "frames-doubled": ({ frames }) => `${frames} doubled`,
  "frames-reordered": ({ frames }) => `${frames} reordered`,
  "frames-sent": ({ frames }) => `sent ${formatCount(frames, "frame")}`,
  "frames-sent-again": ({ frames }) => `${frames} sent again`,
};
