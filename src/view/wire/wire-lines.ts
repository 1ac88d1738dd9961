/**
 * The rows of the wire panel as pieces of text with tones: the head, the calls, the bytes of an open call.
 * wire-window.ts selects the calls in view. No colours.
 */

import { getDirection, findMovedSpanKind } from "../../chat/trace/call-links.ts";
import type { Entry } from "../../chat/log/entry.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import type { WireModel, WireRow } from "../../chat/log/wire-log.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { cutEnd, ellipsis, measureColumns } from "../../protocol/text/wrap.ts";
import type { WireWords } from "../../words/tables/words.ts";
import { cutName } from "../conversation/author-label.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { countCallRows, countDumpRows, countHeadRows } from "./wire-areas.ts";
import { dumpCall } from "./wire-dump.ts";
import { buildWireHead } from "./wire-head.ts";
import { findUnknownKey } from "./wire-filter.ts";
import { getPlace, type WirePlace, type WireState } from "./wire-state.ts";
import { applyFilter } from "./wire-trace.ts";
import { selectCalls } from "./wire-window.ts";
import { getPeerColumn, getCallTone, describeCall } from "./call-text.ts";
import type { WirePiece } from "./wire-piece.ts";

export interface WireLine {
  readonly pieces: readonly WirePiece[];
  /**
   * `chosen`: the chosen call. `message`: it carried the chosen message. `receipt`: it carried a receipt or
   * acknowledgement of it.
   */
  readonly highlight?: "chosen" | "message" | "receipt";
}

interface WireShape {
  /** Width of the text, without the border. */
  readonly columns: number;
  readonly rows: number;
  /** `HH:MM:SS.mmm`. */
  readonly formatClock: (atMs: number) => string;
}

/** At most `rows` lines, each at most `columns` wide. */
export function buildWireLines(model: ScreenModel, state: WireState, shape: WireShape): readonly WireLine[] {
  const wire = model.wire[model.active];
  const place = getPlace(state, model.active);
  const isOpen = place.openFrom !== undefined;
  const rows = selectCalls(
    applyFilter(state, wire, model.words.wire),
    place.top,
    countCallRows(shape.rows, isOpen),
  );
  const entry =
    place.entryId === undefined ? undefined : findEntry(model.scrollback[model.active], place.entryId);
  const found = rows.map((row) => buildCallLine(model, row, shape, place.chosen, entry));
  const calls = found.length === 0 ? explainEmptyList(model, state, shape.columns) : found;
  const head = buildWireHead(model, state, place, {
    columns: shape.columns,
    rows: countHeadRows(shape.rows),
  });
  return [
    ...head.map((pieces) => ({ pieces })),
    ...calls,
    ...buildOpenCall(model, place, calls.length, shape),
  ];
}

/** Explains a list that is empty because of its filter. */
function explainEmptyList(
  { words }: ScreenModel,
  { filter, focus }: WireState,
  columns: number,
): readonly WireLine[] {
  if (filter.text.trim() === "") return [];
  const key = findUnknownKey(cleanText(filter.text));
  const empty = sentence(focus === "composer" ? "no-call-passes-wire-all" : "no-call-passes");
  const reasons = key === undefined ? [empty] : [sentence("no-filter-key", { key }), empty];
  return reasons.map((reason) => ({
    pieces: [{ text: cutEnd(words.word(reason), columns), tone: "quiet" }],
  }));
}

function buildCallLine(
  { wire, active, words }: ScreenModel,
  row: WireRow,
  shape: WireShape,
  chosen: number | undefined,
  entry: Entry | undefined,
): WireLine {
  const part = entry === undefined ? undefined : findMovedSpanKind(row, entry);
  const note = part === undefined || part === "text" ? "" : words.wire.word[part];
  const pieces = buildCallPieces(wire[active], row, words.wire, shape, note);
  if (row.number === chosen) return { pieces, highlight: "chosen" };
  return part === undefined ? { pieces } : { pieces, highlight: part === "text" ? "message" : "receipt" };
}

function findEntry(scrollback: ScreenModel["scrollback"]["tcp"], id: number): Entry | undefined {
  const entry = scrollback.at(scrollback.indexOf(id));
  return entry?.id === id ? entry : undefined;
}

/** From this width on, a row has the hour, and more room for a name. */
const wideColumns = 72;

function buildCallPieces(
  wire: WireModel,
  row: WireRow,
  words: WireWords,
  { columns, formatClock }: WireShape,
  note: string,
): readonly WirePiece[] {
  const isWide = columns >= wideColumns;
  const clock = formatClock(row.atMs);
  const time = columns < 40 ? "" : isWide ? `${clock} ` : `${clock.slice("HH:".length)} `;
  const peerColumns = isWide ? 15 : columns < 30 ? 6 : 10;
  const label = getPeerColumn(row);
  const peer = label === "" ? "" : cutName(label, peerColumns);
  const pad = " ".repeat(peerColumns - measureColumns(peer) + 1);
  const used = time.length + peerColumns + 1;
  const call = describeCall(row, words);
  const worded = cutEnd(note === "" ? call : `${call} · ${note}`, Math.max(1, columns - used));
  const left = columns - used - measureColumns(worded) - 1;
  return [
    { text: time, tone: "quiet" },
    { text: peer, tone: "name", nameKey: row.address ?? peer },
    { text: pad, tone: "plain" },
    { text: worded, tone: getCallTone(row) },
    ...buildPreview(wire, row, left),
  ];
}

const previewFewestColumns = 4;

/** The start of the bytes, decoded as text. */
function buildPreview(wire: WireModel, row: WireRow, columns: number): readonly WirePiece[] {
  const payload = columns < previewFewestColumns ? undefined : wire.payloadOf(row);
  if (payload === undefined || getDirection(row) === undefined) return [];
  const start = payload.subarray(0, columns * 4);
  const isCut = start.length < (row.bytes ?? 0);
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(start, { stream: isCut });
  const clean = cleanText(text);
  const shown = isCut && measureColumns(clean) < columns ? clean + ellipsis : cutEnd(clean, columns);
  return [{ text: ` ${shown}`, tone: "quiet" }];
}

function buildOpenCall(
  model: ScreenModel,
  { chosen, openFrom }: WirePlace,
  calls: number,
  { columns, rows }: WireShape,
): readonly WireLine[] {
  const wire = model.wire[model.active];
  const wordRow = (worded: Sentence): string => cutEnd(model.words.word(worded), columns);
  const height = countDumpRows(rows);
  if (chosen === undefined || openFrom === undefined || height === 0) return [];
  const row = wire.at(wire.indexOf(chosen));
  const blank = Array.from({ length: Math.max(0, countCallRows(rows, true) - calls) }, () => ({
    pieces: [],
  }));
  const rule: WireLine = { pieces: [{ text: "─".repeat(columns), tone: "quiet" }] };
  const dump: readonly WireLine[] =
    row?.number !== chosen
      ? [{ pieces: [{ text: wordRow(sentence("call-not-kept")), tone: "quiet" }] }]
      : dumpCall(wire, row, model.words, columns).map((piece) => ({ pieces: [piece] }));
  const from = Math.max(0, Math.min(openFrom, dump.length - height));
  const shown = dump.slice(from, from + height);
  const below = dump.length - from - shown.length;
  if (below > 0)
    shown.splice(-1, 1, {
      pieces: [{ text: wordRow(sentence("dump-goes-on", { lines: below + 1 })), tone: "quiet" }],
    });
  return [...blank, rule, ...shown];
}
