/**
 * The status line above the composer: warnings about the active transport first, the rest as far as it fits. No
 * colours.
 */

import type { BarWords } from "../../words/tables/words.ts";
import { formatBytes, formatPercent, formatRoundTrip } from "../../protocol/text/quantities.ts";
import type { ScreenModel, TabModel } from "../../chat/screen/screen-model.ts";
import { cutEnd } from "../../protocol/text/wrap.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { type Segment, makeSegment } from "./segments.ts";
import { formatRate, drawSparkline } from "./sparkline.ts";

/** From this width on, the top bar shows the number of peers. */
const peersInTopBarColumns = 60;

/** The line has a margin on each side. */
const marginColumns = 1;

/** The wire panel is closed, open, or open with the keys. */
export type WireShown = "hidden" | "shown" | "focused";

/** How far the view is from the newest line. */
interface BelowView {
  /** Entries below the view; 0 if the newest is in view. */
  readonly belowCount: number;
  /** Entries below the view that were added since it left the end. */
  readonly newCount: number;
}

/** `hint`: a message about the last key. */
export function buildStatusLine(
  model: ScreenModel,
  { belowCount, newCount }: BelowView,
  columns: number,
  hint?: Sentence,
  wire: WireShown = "hidden",
): readonly Segment[] {
  const tab = model.tabs[model.active];
  const { bar } = model.words;
  const dropped = model.scrollback[model.active].dropped;
  const peers =
    columns < peersInTopBarColumns && tab.role !== undefined && tab.room === undefined
      ? bar.peers(tab.peers)
      : "";
  return [
    makeSegment(belowCount === 0 ? "" : bar.below(belowCount), "strong", 99),
    makeSegment(newCount === 0 ? "" : bar.newBelow(newCount), "strong", 97),
    buildNetworkWarning(tab, bar),
    buildImpairmentMark(model),
    makeSegment(tab.raw ? bar.raw : "", "warning", 89),
    buildBacklog(tab, bar),
    makeSegment(`↓ ${formatBytes(tab.bytesIn)} ↑ ${formatBytes(tab.bytesOut)}`, "plain", 60),
    makeSegment(
      tab.roundTripMs === undefined ? "" : bar.roundTrip(formatRoundTrip(tab.roundTripMs)),
      "plain",
      50,
    ),
    makeSegment(tab.loss === undefined ? "" : bar.loss(formatPercent(tab.loss)), "plain", 45),
    makeSegment(peers, "plain", 40),
    buildTraffic(tab),
    makeSegment(dropped === 0 ? "" : bar.oldDropped(dropped), "quiet", 20),
    hint === undefined ? buildKeyHints(model, wire) : buildHint(model.words.word(hint), columns),
  ];
}

/** Cut rather than left out, since it is the only answer to a key; beside `-MORE-` too. */
function buildHint(text: string, columns: number): Segment {
  const room = columns - 2 * marginColumns;
  const forms = [
    { text, rank: 98 },
    { text: cutEnd(text, room), rank: 98.1 },
    { text: cutEnd(text, Math.floor((room * 2) / 3)), rank: 98.2 },
  ];
  return { forms, tone: "strong", gap: 2, isAtRightEnd: true };
}

function buildNetworkWarning(tab: TabModel, bar: BarWords): Segment {
  const ranks = [70, 76, 95];
  const forms = bar.openToNetwork.map((text, index) => ({ text, rank: ranks[index] ?? 95 }));
  return { forms: tab.openToNetwork ? forms : [], tone: "warning", gap: 2 };
}

/** Shown on both tabs while the impairment is on, so that its loss is not taken for the network's. */
function buildImpairmentMark({ trouble, words: { bar, spoken, word } }: ScreenModel): Segment {
  if (trouble === undefined) return { forms: [], tone: "warning", gap: 2 };
  const { dropped, duplicated, delayed } = trouble.counts;
  const sign = bar.troubleSign;
  const done = bar.trouble(dropped, duplicated, delayed);
  const forms = [
    {
      text: `${sign} ${word(sentence("trouble", { trouble: trouble.impairment }))}${spoken.colon}${done}`,
      rank: 55,
    },
    { text: `${sign} ${done}`, rank: 72 },
    { text: `${sign} ${bar.troubleDropped(dropped)}`, rank: 77 },
    { text: sign, rank: 96 },
  ];
  return { forms, tone: "warning", gap: 2 };
}

/** The bytes in the send queues. The composer shows lines in the input queue. */
function buildBacklog({ backlogBytes }: TabModel, bar: BarWords): Segment {
  return makeSegment(backlogBytes === 0 ? "" : bar.backlog(formatBytes(backlogBytes)), "warning", 88);
}

/** The traffic of the last seconds, at the lowest rank: it never displaces another segment. */
function buildTraffic({ rates }: TabModel): Segment {
  const line = drawSparkline(rates);
  const forms = [
    { text: `${line} ${formatRate(rates)}`, rank: 3 },
    { text: line, rank: 4 },
  ];
  return { forms: line === "" ? [] : forms, tone: "good", gap: 2 };
}

/** The key of the wire panel is shown if there is room; once the panel is open, before the key of the other tab. */
function buildKeyHints(model: ScreenModel, wire: WireShown): Segment {
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
  return { forms, tone: "quiet", gap: 2, isAtRightEnd: true };
}
