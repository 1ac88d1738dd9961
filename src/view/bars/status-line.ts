/**
 * What the line above the composer says of the active transport: what you must know first, what is nice to
 * know if there is room. Words and their importance only; colours belong to whoever draws.
 */

import type { BarWords } from "../../words/words.ts";
import { formatBytes, formatPercent, formatRoundTrip } from "../../protocol/text/quantities.ts";
import { describeTrouble } from "../../protocol/sockets/network-impairment.ts";
import type { ScreenModel, TabModel } from "../../chat/screen/screen-model.ts";
import { type Segment, segment } from "./segments.ts";
import { rateWords, sparkline } from "./sparkline.ts";

/** From this width on the bar at the top has room for the number of peers. */
const peersInTopBarColumns = 60;

/** The wire panel is not there, or it is, or it has the keys. */
export type WireShown = "hidden" | "shown" | "focused";

/** How far the view is from the newest line. */
export interface BelowView {
  /** Entries below the view, 0 when it shows the newest. */
  readonly belowCount: number;
  /** Of those, the ones that came since the view left the end. */
  readonly newCount: number;
}

/** `hint`: what to say of the last key, if anything. */
export function statusLineSegments(
  model: ScreenModel,
  { belowCount, newCount }: BelowView,
  columns: number,
  hint?: string,
  wire: WireShown = "hidden",
): readonly Segment[] {
  const tab = model.tabs[model.active];
  const { bar } = model.words;
  const dropped = model.scrollback[model.active].dropped;
  const peers = columns < peersInTopBarColumns && tab.role !== undefined ? bar.peers(tab.peers) : "";
  return [
    segment(belowCount === 0 ? "" : bar.below(belowCount), "strong", 99),
    segment(newCount === 0 ? "" : bar.newBelow(newCount), "strong", 97),
    openToNetwork(tab, bar),
    troubleMark(model),
    segment(tab.raw ? bar.raw : "", "warning", 89),
    backlog(tab, bar),
    segment(`↓ ${formatBytes(tab.bytesIn)} ↑ ${formatBytes(tab.bytesOut)}`, "plain", 60),
    segment(
      tab.roundTripMs === undefined ? "" : bar.roundTrip(formatRoundTrip(tab.roundTripMs)),
      "plain",
      50,
    ),
    segment(tab.loss === undefined ? "" : bar.loss(formatPercent(tab.loss)), "plain", 45),
    segment(peers, "plain", 40),
    traffic(tab),
    segment(dropped === 0 ? "" : bar.oldDropped(dropped), "quiet", 20),
    hint === undefined
      ? keyHints(model, wire)
      : { ...segment(model.words.sentence(hint), "strong", 98), atRightEnd: true },
  ];
}

function openToNetwork(tab: TabModel, bar: BarWords): Segment {
  const ranks = [70, 76, 95];
  const forms = bar.openToNetwork.map((text, index) => ({ text, rank: ranks[index] ?? 95 }));
  return { forms: tab.openToNetwork ? forms : [], tone: "warning", gap: 2 };
}

/** As long as it is on, whichever tab is looked at: what is lost here is nobody's fault. */
function troubleMark({ trouble, words: { bar, sentence } }: ScreenModel): Segment {
  if (trouble === undefined) return { forms: [], tone: "warning", gap: 2 };
  const { dropped, duplicated, delayed } = trouble.counts;
  const sign = bar.troubleSign;
  const done = bar.trouble(dropped, duplicated, delayed);
  const forms = [
    { text: `${sign} ${sentence(describeTrouble(trouble.trouble))}${sentence(": ")}${done}`, rank: 55 },
    { text: `${sign} ${done}`, rank: 72 },
    { text: `${sign} ${bar.troubleDropped(dropped)}`, rank: 77 },
    { text: sign, rank: 96 },
  ];
  return { forms, tone: "warning", gap: 2 };
}

/** What the peers have not taken yet. Lines that are not even handed over are told in the composer. */
function backlog({ backlogBytes }: TabModel, bar: BarWords): Segment {
  return segment(backlogBytes === 0 ? "" : bar.backlog(formatBytes(backlogBytes)), "warning", 88);
}

/** The last seconds, while there is traffic: it never takes a word from what stands beside it. */
function traffic({ rates }: TabModel): Segment {
  const line = sparkline(rates);
  const forms = [
    { text: `${line} ${rateWords(rates)}`, rank: 3 },
    { text: line, rank: 4 },
  ];
  return { forms: line === "" ? [] : forms, tone: "good", gap: 2 };
}

/** The wire's key is told while there is room for it, and before the other tab's once the wire is there. */
function keyHints(model: ScreenModel, wire: WireShown): Segment {
  const other = model.active === "tcp" ? "UDP" : "TCP";
  const { keys } = model.words.bar;
  const otherTab = keys.otherTab(other);
  const [ofWire = "", ...shorter] = keys.wire[wire];
  const forms = [
    { text: `${otherTab}  ${ofWire}  ${keys.help}`, rank: 5 },
    ...(wire === "hidden"
      ? [{ text: `${otherTab}  ${keys.help}`, rank: 6 }]
      : [ofWire, ...shorter].map((text) => ({ text: `${text}  ${keys.help}`, rank: 7 }))),
    { text: keys.help, rank: 10 },
  ];
  return { forms, tone: "quiet", gap: 2, atRightEnd: true };
}
