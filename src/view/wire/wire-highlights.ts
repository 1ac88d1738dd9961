/** The messages of the conversation that the wire panel highlights: the chosen one, or those in the chosen call. */

import type { EntryId } from "../../chat/log/entry.ts";
import { hasMoved } from "../../chat/trace/call-links.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import { getPlace, type WireState } from "./wire-state.ts";

/** The highlighted messages, oldest first; none while the panel is closed. */
export function findHighlightedEntries(model: ScreenModel, state: WireState): readonly EntryId[] {
  if (!state.isShown) return [];
  const { entryId, chosen } = getPlace(state, model.active);
  if (entryId !== undefined) return [entryId];
  if (chosen === undefined) return [];
  const wire = model.wire[model.active];
  const row = wire.at(wire.indexOf(chosen));
  if (row?.number !== chosen) return [];
  const scrollback = model.scrollback[model.active];
  const highlighted: EntryId[] = [];
  for (let index = 0; index < scrollback.length; index += 1) {
    const entry = scrollback.at(index);
    if (entry !== undefined && hasMoved(row, entry)) highlighted.push(entry.id);
  }
  return highlighted;
}
