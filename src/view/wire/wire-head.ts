/**
 * The head of the wire panel: whether it follows, is scrolled or paused, and the state of the most relevant connection.
 * No colours.
 */

import { measureColumns } from "../../protocol/text/wrap.ts";
import type { WireModel } from "../../chat/log/wire-log.ts";
import type { ScreenModel, SocketModel } from "../../chat/screen/screen-model.ts";
import type { TcpFacts } from "../../protocol/sockets/tcp-facts.ts";
import { formatBytes, formatFineRoundTrip } from "../../protocol/text/quantities.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { cutEnd } from "../../protocol/text/wrap.ts";
import type { WireWords, Words } from "../../words/tables/words.ts";
import { type Segment, fitSegments, makeSegment } from "../bars/segments.ts";
import { cutName } from "../conversation/author-label.ts";
import { type FilteredWire, findPassingRows } from "./filtered-calls.ts";
import { isEmptyFilter } from "./wire-filter.ts";
import type { WirePiece } from "./wire-piece.ts";
import type { WirePlace, WireState } from "./wire-state.ts";
import { applyFilter } from "./wire-trace.ts";

/** At most `rows` lines, each at most `columns` wide. */
export function buildWireHead(
  model: ScreenModel,
  state: WireState,
  place: WirePlace,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): readonly (readonly WirePiece[])[] {
  const wire = model.wire[model.active];
  const words = model.words.wire;
  const socket = findRelevantSocket(model, place);
  const lines = [
    buildFollowSegments(wire, state, place, words, columns, isAcked(model, place)),
    socket === undefined ? [] : buildStateSegments(socket, model.sockets.length - 1, model.words, columns),
    buildThirdLine(model, socket, words),
  ];
  return lines.slice(0, rows).map((segments) => fitPieces(segments, columns));
}

function buildFollowSegments(
  wire: WireModel,
  state: WireState,
  { top }: WirePlace,
  words: WireWords,
  columns: number,
  isChosenAcked: boolean,
): readonly Segment[] {
  const follows = top === undefined ? words.following : words.stopped;
  const pace = wire.paused ? words.paused(wire.passedOver) : follows;
  const wanted = cleanText(state.filter.text);
  const count = buildCount(wire, applyFilter(state, wire, words));
  const countColumns = measureColumns(count.forms[0]?.text ?? "");
  return [
    makeSegment(words.title, "strong", 9, 0),
    makeSegment(pace, wire.paused ? "warning" : "quiet", 8),
    isChosenAcked ? buildAckedSegment(words) : makeSegment("", "quiet", 0),
    makeSegment(wanted === "" ? "" : cutEnd(wanted, Math.max(8, columns - 20 - countColumns)), "good", 7),
    count,
  ];
}

/** TCP's queues, or what the kernel decides for a UDP listener. */
function buildThirdLine(
  model: ScreenModel,
  socket: SocketModel | undefined,
  words: WireWords,
): readonly Segment[] {
  if (socket?.facts !== undefined) return buildQueueSegments(socket.facts, words);
  if (!model.tabs[model.active].answersFromAny) return [];
  const [whole, short] = words.answersFromAny;
  const forms = [
    { text: whole, rank: 5 },
    { text: short, rank: 8 },
  ];
  return [{ forms, tone: "warning", gap: 0 }];
}

/** The number of calls so far; with a filter, how many of the calls kept pass. */
function buildCount(wire: WireModel, from: FilteredWire): Segment {
  if (isEmptyFilter(from.filter))
    return { ...makeSegment(from.words.calls(wire.count), "quiet", 6), isAtRightEnd: true };
  const [whole, short] = from.words.callsPassing(findPassingRows(from).length, wire.length);
  const forms = [
    { text: whole, rank: 6 },
    { text: short, rank: 6 },
  ];
  return { forms, tone: "quiet", gap: 2, isAtRightEnd: true };
}

/** True if the peer's kernel acknowledged the chosen message, but its duet has not yet confirmed it. */
function isAcked({ scrollback, active }: ScreenModel, { entryId }: WirePlace): boolean {
  if (entryId === undefined) return false;
  const entry = scrollback[active].at(scrollback[active].indexOf(entryId));
  return entry?.kind === "message" && entry.id === entryId && entry.receipt?.stage === "acked";
}

function buildAckedSegment({ ackedByNoCall: [whole, short] }: WireWords): Segment {
  const forms = [
    { text: whole, rank: 5 },
    { text: short, rank: 8 },
  ];
  return { forms, tone: "good", gap: 2 };
}

/** The chosen call's connection; else one that is connecting, or the one of the newest call. */
function findRelevantSocket(model: ScreenModel, { chosen }: WirePlace): SocketModel | undefined {
  const wire = model.wire[model.active];
  const row = chosen === undefined ? undefined : wire.at(wire.indexOf(chosen));
  const found = model.sockets.find(
    ({ connection }) => connection !== undefined && connection === row?.connection,
  );
  if (found !== undefined) return found;
  const connecting = model.sockets.find(({ connection }) => connection === undefined);
  if (connecting !== undefined) return connecting;
  for (let index = wire.length - 1; index >= Math.max(0, wire.length - newestLookedAt); index -= 1) {
    const { connection } = wire.at(index) ?? {};
    const socket = model.sockets.find((one) => connection !== undefined && one.connection === connection);
    if (socket !== undefined) return socket;
  }
  return model.sockets[0];
}

/** The calls searched for a connection. The newest ones may be of a listener. */
const newestLookedAt = 50;

function buildStateSegments(
  { name, state, facts }: SocketModel,
  others: number,
  { wire: words, bar }: Words,
  columns: number,
): readonly Segment[] {
  const source = facts === undefined ? words.fromCalls : facts.source === "table" ? words.fromTable : "";
  const { roundTripMs, roundTripVarMs, retransmits = 0 } = facts ?? {};
  const deviation = roundTripVarMs === undefined ? "" : ` ±${formatFineRoundTrip(roundTripVarMs)}`;
  const roundTrip = roundTripMs === undefined || roundTripMs === 0 ? "" : formatFineRoundTrip(roundTripMs);
  return [
    makeSegment(state, state === "ESTABLISHED" || state === "OPEN" ? "good" : "warning", 9, 0),
    makeSegment(cutName(name, Math.max(8, Math.floor(columns / 3))), "plain", 8),
    {
      forms:
        roundTrip === ""
          ? []
          : [
              { text: bar.roundTrip(roundTrip + deviation), rank: 3 },
              { text: bar.roundTrip(roundTrip), rank: 6 },
            ],
      tone: "plain",
      gap: 2,
    },
    makeSegment(retransmits === 0 ? "" : words.retransmits(retransmits), "warning", 7),
    makeSegment(source, "quiet", 4),
    { ...makeSegment(others === 0 ? "" : `+${others}: /stats`, "quiet", 2), isAtRightEnd: true },
  ];
}

function buildQueueSegments(facts: TcpFacts, words: WireWords): readonly Segment[] {
  const { unackedBytes, unsentBytes, unreadBytes, sendWindowBytes } = facts;
  const window = sendWindowBytes === undefined ? "" : words.theirWindow(formatBytes(sendWindowBytes));
  return [
    makeSegment(words.unacked(formatBytes(unackedBytes)), unackedBytes === 0 ? "quiet" : "warning", 9, 0),
    makeSegment(unsentBytes === undefined ? "" : words.unsent(formatBytes(unsentBytes)), "quiet", 7),
    makeSegment(words.unread(formatBytes(unreadBytes)), unreadBytes === 0 ? "quiet" : "warning", 8),
    makeSegment(window, sendWindowBytes === 0 ? "warning" : "quiet", 6),
  ];
}

function fitPieces(segments: readonly Segment[], columns: number): readonly WirePiece[] {
  return fitSegments(segments, columns).flatMap(({ text, tone, space }) => [
    { text: " ".repeat(space), tone: "plain" as const },
    { text, tone },
  ]);
}
