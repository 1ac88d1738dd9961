/**
 * Maps a key for the wire panel, or a /wire command, to the panel's state and the conversation's anchor. Pure; F3,
 * which pauses the log, is the screen's.
 */

import type { WireModel, WireRow } from "../../chat/log/wire-log.ts";
import type { KeyEvent, PressEvent } from "../../input/keys/key-event.ts";
import { editLine } from "../../input/line/line-editor.ts";
import { emptyLine, insertText } from "../../input/line/line-state.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Words } from "../../words/tables/words.ts";
import type { ScrollAnchor } from "../conversation/conversation-rows.ts";
import { dumpCall } from "./wire-dump.ts";
import { createPlace, getPlace, type WirePlace, type WireState } from "./wire-state.ts";
import {
  applyFilter,
  findFirstCall,
  findMessage,
  findNewestMessage,
  scrollToEntry,
  type TracedView,
} from "./wire-trace.ts";
import { stepRow, selectCalls } from "./wire-window.ts";
import { countCallRows, countDumpRows, type WireArea, measureWireText } from "./wire-areas.ts";

/** The input of a key: the panel and the conversation as drawn. */
export interface WireView extends TracedView {
  readonly transport: TransportName;
  readonly words: Words;
  readonly panel: WireArea;
}

/** The result of a key. `isUsed` false: the key is for the screen. */
export interface WireResult {
  readonly wire: WireState;
  readonly anchor: ScrollAnchor;
  readonly isUsed: boolean;
}

/** F2 opens the panel, then focuses it, then closes it. */
export function cycleWire(state: WireState, view: WireView): WireResult {
  if (!state.isShown) return keepAnchor({ ...state, isShown: true, focus: "composer" }, view);
  if (state.focus === "composer") return keepAnchor({ ...state, focus: "calls" }, view);
  return closeWire(state, view);
}

/** Closes the panel. The filter is kept. */
export function closeWire(state: WireState, view: WireView): WireResult {
  return leave({ ...state, isShown: false }, view);
}

/** Handles an event while the panel has the keys. */
export function pressInWire(state: WireState, event: KeyEvent, view: WireView): WireResult {
  if (event.type === "key") {
    const moved = press(state, event, view);
    if (moved !== undefined) return moved;
  }
  const typed: KeyEvent = event.type === "paste" ? { type: "text", text: takeFirstLine(event.text) } : event;
  const { state: filter, action } = editLine(state.filter, typed);
  if (action?.type === "unused") return { wire: state, anchor: view.anchor, isUsed: false };
  if (filter.text === state.filter.text) return keepAnchor({ ...state, filter }, view);
  return keepAnchor(
    { ...state, filter, place: { ...getPlace(state, view.transport), top: undefined } },
    view,
  );
}

/** Scrolls the list down by `by` rows (negative: up) without choosing a call. At the end it follows new calls again. */
export function scrollWire(state: WireState, view: WireView, by: number): WireResult {
  const place = getPlace(state, view.transport);
  const rows = applyFilter(state, view.wire, view.words.wire);
  const height = countCallRows(view.panel.rows, place.openFrom !== undefined);
  const seen = selectCalls(rows, place.top, height);
  const first = seen[0]?.number;
  if (first === undefined) return keepAnchor(state, view);
  const number = (stepRow(rows, first, by) ?? seen.at(-1))?.number;
  const isAtEnd = by > 0 && stepRow(rows, number, height) === undefined;
  return keepAnchor({ ...state, place: { ...place, top: isAtEnd ? undefined : number } }, view);
}

/** `/wire`: opens the panel with a filter; `all` empties the filter, no words keep it. */
export function filterWire(state: WireState, words: string): WireState {
  if (words === "") return { ...state, isShown: true };
  return { ...state, isShown: true, filter: insertText(emptyLine, words === "all" ? "" : words) };
}

function press(state: WireState, event: PressEvent, view: WireView): WireResult | undefined {
  const { name, ctrl, alt, shift } = event;
  if (alt || (shift && name !== "tab")) return undefined;
  if (name === "escape" || (ctrl && (name === "c" || name === "g"))) return escape(state, view);
  if (ctrl) return pressWithCtrl(state, name, view);
  switch (name) {
    case "f2":
      return closeWire(state, view);
    case "tab":
      return keepAnchor({ ...state, focus: state.focus === "calls" ? "messages" : "calls" }, view);
    case "enter":
      return enter(state, view);
    case "up":
      return step(state, view, -1);
    case "down":
      return step(state, view, 1);
    case "page-up":
      return page(state, view, -1);
    case "page-down":
      return page(state, view, 1);
    default:
      return undefined;
  }
}

function pressWithCtrl(state: WireState, name: string, view: WireView): WireResult | undefined {
  switch (name) {
    case "p":
      return step(state, view, -1);
    case "n":
      return step(state, view, 1);
    case "home":
      return step(state, view, Number.NEGATIVE_INFINITY);
    case "end":
      return step(state, view, Number.POSITIVE_INFINITY);
    default:
      return undefined;
  }
}

/** Closes the open call; without one, returns the keys to the composer. */
function escape(state: WireState, view: WireView): WireResult {
  const place = getPlace(state, view.transport);
  if (place.openFrom !== undefined)
    return keepAnchor({ ...state, place: { ...place, openFrom: undefined } }, view);
  return leave(state, view);
}

/** Drops the choice, and restores the conversation's position. */
function leave(state: WireState, view: WireView): WireResult {
  const { from } = getPlace(state, view.transport);
  const wire: WireState = { ...state, focus: "composer", place: createPlace(view.transport) };
  return { wire, anchor: from ?? view.anchor, isUsed: true };
}

/** Opens or closes the chosen call. With a message chosen, chooses the first call that carried it. */
function enter(state: WireState, view: WireView): WireResult {
  const place = getPlace(state, view.transport);
  if (state.focus === "messages") {
    const row = findFirstCall(view, place.entryId);
    if (row === undefined) return keepAnchor(state, view);
    return choose({ ...state, focus: "calls" }, view, row);
  }
  if (place.openFrom !== undefined)
    return keepAnchor({ ...state, place: { ...place, openFrom: undefined } }, view);
  const chosen =
    place.chosen === undefined
      ? stepRow(applyFilter(state, view.wire, view.words.wire), undefined, -1)
      : undefined;
  const opened = chosen === undefined ? keepAnchor(state, view) : choose(state, view, chosen);
  const now = getPlace(opened.wire, view.transport);
  if (now.chosen === undefined) return opened;
  return scrollToChosen({ ...opened.wire, place: { ...now, openFrom: 0 } }, view, opened.anchor);
}

function step(state: WireState, view: WireView, by: number): WireResult {
  if (state.focus === "messages") return stepMessage(state, view, by);
  const place = getPlace(state, view.transport);
  const rows = applyFilter(state, view.wire, view.words.wire);
  if (by > 0 && place.chosen === undefined) return keepAnchor(state, view);
  const row = stepRow(
    rows,
    by === Number.NEGATIVE_INFINITY ? undefined : place.chosen,
    limitStep(by, view.wire),
  );
  return row === undefined ? follow(state, view) : choose(state, view, row);
}

function limitStep(by: number, wire: WireModel): number {
  return Number.isFinite(by) ? by : Math.sign(by) * (wire.length + 1);
}

/** After the newest call: drops the choice and follows new calls. */
function follow(state: WireState, view: WireView): WireResult {
  const place = getPlace(state, view.transport);
  const wire = { ...state, place: { ...place, chosen: undefined, openFrom: undefined, top: undefined } };
  return keepAnchor(wire, view);
}

/** Chooses a call, and scrolls both the list to it and the conversation to the newest message in it. */
function choose(state: WireState, view: WireView, row: WireRow): WireResult {
  const place = getPlace(state, view.transport);
  const entryId = findNewestMessage(view, row);
  const from = place.from ?? view.anchor;
  const openFrom = place.openFrom === undefined ? undefined : 0;
  const chosen: WirePlace = { ...place, chosen: row.number, openFrom, entryId: undefined, from };
  const anchor = entryId === undefined ? view.anchor : scrollToEntry(view, entryId);
  return scrollToChosen({ ...state, place: chosen }, view, anchor);
}

/** Scrolls the list no further than needed to show the chosen call. */
function scrollToChosen(state: WireState, view: WireView, anchor: ScrollAnchor): WireResult {
  const place = getPlace(state, view.transport);
  const rows = applyFilter(state, view.wire, view.words.wire);
  const height = countCallRows(view.panel.rows, place.openFrom !== undefined);
  const seen = selectCalls(rows, place.top, height);
  const { chosen } = place;
  const first = seen[0]?.number;
  const last = seen.at(-1)?.number;
  if (chosen === undefined || first === undefined || last === undefined)
    return { wire: state, anchor, isUsed: true };
  const top =
    chosen < first ? chosen : chosen > last ? (stepRow(rows, chosen, 1 - height)?.number ?? chosen) : first;
  return { wire: { ...state, place: { ...place, top } }, anchor, isUsed: true };
}

/** Moves by a page of calls, of messages, or of the open call's bytes. */
function page(state: WireState, view: WireView, direction: 1 | -1): WireResult {
  const place = getPlace(state, view.transport);
  if (place.openFrom === undefined) {
    const height = state.focus === "messages" ? view.shape.rows : countCallRows(view.panel.rows, false);
    return step(state, view, direction * Math.max(1, height - 1));
  }
  const row = view.wire.at(view.wire.indexOf(place.chosen ?? 0));
  const height = countDumpRows(view.panel.rows);
  const lines =
    row === undefined ? 0 : dumpCall(view.wire, row, view.words, measureWireText(view.panel)).length;
  const wanted = place.openFrom + direction * Math.max(1, height - 1);
  const openFrom = Math.max(0, Math.min(wanted, lines - height));
  return keepAnchor({ ...state, place: { ...place, openFrom } }, view);
}

/** Chooses another message, first the lowest in view, and scrolls to its first call. */
function stepMessage(state: WireState, view: WireView, by: number): WireResult {
  const place = getPlace(state, view.transport);
  const entryId = findMessage(view, place.entryId, by);
  if (entryId === undefined) return keepAnchor(state, view);
  const row = findFirstCall(view, entryId);
  const from = place.from ?? view.anchor;
  const chosen: WirePlace = { ...place, entryId, chosen: undefined, openFrom: undefined, from };
  const wire: WireState = {
    ...state,
    place: { ...chosen, top: row === undefined ? chosen.top : row.number },
  };
  const shown = scrollToChosen(
    { ...wire, place: { ...chosen, chosen: row?.number } },
    view,
    scrollToEntry(view, entryId),
  );
  const { top } = getPlace(shown.wire, view.transport);
  return { ...shown, wire: { ...wire, place: { ...chosen, top } } };
}

function keepAnchor(wire: WireState, view: WireView): WireResult {
  return { wire, anchor: view.anchor, isUsed: true };
}

function takeFirstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
