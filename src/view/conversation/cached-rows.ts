/**
 * Caches the rows selected for one screen model. The scrollback is shared with the chat and may already have grown: a
 * redraw that only changes the composer must not show its new entries early.
 */

import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import { getWidthTable, type WidthTable } from "../../protocol/text/width.ts";
import { type RowSelection, selectRows } from "./conversation-rows.ts";

type Request = Parameters<typeof selectRows>[1];

interface Selected {
  readonly request: Request;
  readonly widths: WidthTable;
  readonly selection: RowSelection;
}

const kept = new WeakMap<ScreenModel, Selected>();

/** The cached selection of this model, or a new one if the request differs. */
export function selectRowsCached(model: ScreenModel, request: Request): RowSelection {
  const known = kept.get(model);
  const widths = getWidthTable();
  if (known?.widths === widths && Bun.deepEquals(known.request, request)) return known.selection;
  const selection = selectRows(model.scrollback[model.active], request);
  kept.set(model, { request, widths, selection });
  return selection;
}
