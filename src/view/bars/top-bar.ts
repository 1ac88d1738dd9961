/** The top bar: both transports as tabs, the active one in full. segments.ts decides what fits. No colours. */

import { getStateGlyph, type StateWord } from "../../chat/records/connection-state.ts";
import type { BarWords } from "../../words/tables/words.ts";
import type { ScreenModel, TabModel } from "../../chat/screen/screen-model.ts";
import { type Segment, type SegmentForm, type SegmentTone, makeSegment } from "./segments.ts";
import { makeSecuritySegment } from "./security.ts";
import { cutStart } from "../../protocol/text/wrap.ts";

/** The width of a shortened endpoint, which keeps its end. */
const cutEndpointColumns = 20;

/** As wide as any time, where its digits do not matter. */
const formatAnyTime = (): string => "00:00";

/**
 * The tabs and the person's name. TCP is always the first tab, so that the tabs do not move. `formatTime`: HH:MM of
 * milliseconds since 1970.
 */
export function buildTopBar(
  model: ScreenModel,
  formatTime: (atMs: number) => string = formatAnyTime,
): readonly Segment[] {
  const tabs = [model.tabs.tcp, model.tabs.udp];
  const shown = tabs.flatMap((tab) =>
    tab.transport === model.active ? buildActiveTab(tab, model.words.bar, formatTime) : buildOtherTab(tab),
  );
  return [...shown, { ...makeSegment(model.name, "quiet", 10), isAtRightEnd: true }];
}

/** How good or bad a state is. */
export function getStateTone(state: StateWord): SegmentTone {
  switch (state) {
    case "LISTEN":
    case "ESTABLISHED":
    case "BOUND":
    case "OPEN":
      return "good";
    case "CONNECTING":
    case "HALF-CLOSED (theirs)":
    case "HALF-CLOSED (ours)":
    case "SILENT":
      return "warning";
    case "RESET":
    case "REFUSED":
    case "TIMED OUT":
    case "UNREACHABLE":
      return "bad";
    case "CLOSED":
      return "quiet";
  }
}

function buildActiveTab(
  tab: TabModel,
  bar: BarWords,
  formatTime: (atMs: number) => string,
): readonly Segment[] {
  const glyph = getStateGlyph(tab.state);
  return [
    makeSegment(`[${tab.transport.toUpperCase()}]`, "strong", 100),
    makeSegment(tab.role === undefined ? "" : bar.roles[tab.role], "plain", 20, 1),
    {
      forms: [
        { text: `${glyph} ${tab.state}`, rank: 80 },
        { text: glyph, rank: 95 },
      ],
      tone: getStateTone(tab.state),
      gap: 1,
    },
    makeSecuritySegment(tab.security, 82),
    makeSegment(tab.hasPassword ? "PASSWORD" : "", "good", 70, 1),
    { forms: listEndpointForms(tab), tone: "plain", gap: 1 },
    buildUnreadMark(tab),
    buildHereOnly(tab, bar, formatTime),
    buildRoom(tab, bar),
    makeSegment(formatPeerCount(tab, bar), "plain", 30, 1),
  ];
}

function buildOtherTab(tab: TabModel): readonly Segment[] {
  const glyph = getStateGlyph(tab.state);
  return [
    makeSegment(tab.transport.toUpperCase(), "quiet", 99),
    {
      forms: [
        { text: `${glyph} ${tab.state}`, rank: 50 },
        { text: glyph, rank: 85 },
      ],
      tone: tab.role === undefined ? "quiet" : getStateTone(tab.state),
      gap: 1,
    },
    buildUnreadMark(tab),
  ];
}

/** The active tab has one, too: messages are unread while an overlay is open. */
function buildUnreadMark({ unread }: TabModel): Segment {
  return makeSegment(unread === 0 ? "" : `(${unread})`, "strong", 90, 1);
}

/** A room on several machines: its hubs and members are kept longer than the endpoint. */
function buildRoom({ room }: TabModel, bar: BarWords): Segment {
  const ranks = [32, 62, 75];
  const forms =
    room === undefined
      ? []
      : bar.room(room).map((text, index) => ({ text: `· ${text}`, rank: ranks[index] ?? 75 }));
  return { forms, tone: "plain", gap: 1 };
}

/** Lines do not reach the other hubs: said as long as it lasts. */
function buildHereOnly({ room }: TabModel, bar: BarWords, formatTime: (atMs: number) => string): Segment {
  const since = room?.hereOnlySinceMs;
  const ranks = [78, 96];
  const forms =
    since === undefined
      ? []
      : bar.hereOnly(formatTime(since)).map((text, index) => ({ text, rank: ranks[index] ?? 96 }));
  return { forms, tone: "warning", gap: 1 };
}

/** The number of peers. The endpoint already shows a client's host, so one peer is not counted. */
function formatPeerCount({ role, peers, room }: TabModel, bar: BarWords): string {
  if (room !== undefined) return "";
  const shown = role === "listen" || role === "group" ? 0 : 1;
  return peers <= shown ? "" : `· ${bar.peers(peers)}`;
}

/** `local → peer`; the peer is kept longer. */
function listEndpointForms({ local, peer }: TabModel): readonly SegmentForm[] {
  if (peer === undefined) return local === undefined ? [] : shortenEndpoint(local, "");
  const both = local === undefined ? [] : [{ text: `${local} → ${peer}`, rank: 40 }];
  return [...both, ...shortenEndpoint(peer, "→ ")];
}

function shortenEndpoint(endpoint: string, before: string): readonly SegmentForm[] {
  const short = cutStart(endpoint, cutEndpointColumns);
  const whole = { text: before + endpoint, rank: 60 };
  return short === endpoint ? [whole] : [whole, { text: before + short, rank: 65 }];
}
