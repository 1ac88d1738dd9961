/** Leads from a call to the messages in it, and from a message to its calls. Stateless; no keys. */

import type { EntryId } from "../../chat/log/entry.ts";
import type { ScrollbackModel } from "../../chat/log/scrollback.ts";
import type { WireModel, WireRow } from "../../chat/log/wire-log.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import { hasMoved } from "../../chat/trace/call-links.ts";
import type { WireWords } from "../../words/tables/words.ts";
import {
  type ConversationShape,
  type ScrollAnchor,
  scrollToMatch,
  findLowestInView,
} from "../conversation/conversation-rows.ts";
import { parseWireFilter } from "./wire-filter.ts";
import type { FilteredWire } from "./filtered-calls.ts";
import { type WireState, createPlace } from "./wire-state.ts";
import { selectCalls } from "./wire-window.ts";

/** The calls, and the conversation as it is on the screen. */
export interface TracedView {
  readonly wire: WireModel;
  readonly scrollback: ScrollbackModel;
  readonly shape: ConversationShape;
  readonly anchor: ScrollAnchor;
}

/**
 * The message `by` messages after `entryId` (negative: before), or counted from the lowest in view, at most to the
 * first or last one.
 */
export function findMessage(view: TracedView, entryId: EntryId | undefined, by: number): EntryId | undefined {
  const { scrollback } = view;
  const lowest = entryId ?? findLowestInView(scrollback, view.shape, view.anchor);
  if (lowest === undefined) return undefined;
  // Without a choice, the lowest message in view is the first step.
  let index = scrollback.indexOf(lowest) + (entryId === undefined ? (by < 0 ? 1 : -1) : 0);
  let found: EntryId | undefined;
  for (let left = Math.abs(by); left > 0;) {
    index += Math.sign(by);
    const entry = scrollback.at(index);
    if (entry === undefined) break;
    if (entry.kind !== "message") continue;
    found = entry.id;
    left -= 1;
  }
  return found;
}

/** The oldest call in the log that moved the message's text, or a receipt or acknowledgement of it. */
export function findFirstCall(
  { wire, scrollback }: Pick<TracedView, "wire" | "scrollback">,
  entryId: EntryId | undefined,
): WireRow | undefined {
  const entry = entryId === undefined ? undefined : scrollback.at(scrollback.indexOf(entryId));
  if (entry === undefined) return undefined;
  for (let index = 0; index < wire.length; index += 1) {
    const row = wire.at(index);
    if (row !== undefined && hasMoved(row, entry)) return row;
  }
  return undefined;
}

/** The newest message of which the call moved text, a receipt or an acknowledgement. */
export function findNewestMessage({ scrollback }: TracedView, row: WireRow): EntryId | undefined {
  for (let index = scrollback.length - 1; index >= 0; index -= 1) {
    const entry = scrollback.at(index);
    if (entry !== undefined && hasMoved(row, entry)) return entry.id;
  }
  return undefined;
}

/** An anchor that has the message in view. */
export function scrollToEntry({ scrollback, shape, anchor }: TracedView, entryId: EntryId): ScrollAnchor {
  return scrollToMatch(scrollback, shape, anchor, { entryId, line: 0, start: 0, end: 0 });
}

/** The calls with the panel's filter. */
export function applyFilter(state: WireState, wire: WireModel, words: WireWords): FilteredWire {
  return { wire, filter: parseWireFilter(state.filter.text), words };
}

/**
 * The panel's state while a message is chosen in the conversation itself: its calls are highlighted, and the list is
 * scrolled to the first of them unless that is in view already.
 */
export function traceEntry(state: WireState, model: ScreenModel, entryId: EntryId, rows: number): WireState {
  const { active } = model;
  const [wire, scrollback] = [model.wire[active], model.scrollback[active]];
  const first = findFirstCall({ wire, scrollback }, entryId)?.number;
  const seen = selectCalls(applyFilter(state, wire, model.words.wire), undefined, rows);
  const isSeen = first === undefined || first >= (seen[0]?.number ?? first);
  return { ...state, place: { ...createPlace(active), entryId, top: isSeen ? undefined : first } };
}
