/**
 * The rows of a moment, selected once for it: a key that changes the composer alone must not draw what came since. The
 * scrollback is the chat's own and goes on growing.
 */

import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import { type RowSelection, selectRows } from "./conversation-rows.ts";

type Request = Parameters<typeof selectRows>[1];

interface Selected {
  readonly request: Request;
  readonly selection: RowSelection;
}

const kept = new WeakMap<ScreenModel, Selected>();

/** The same selection for the same moment, until something else is asked of it. */
export function momentRows(model: ScreenModel, request: Request): RowSelection {
  const known = kept.get(model);
  if (known !== undefined && Bun.deepEquals(known.request, request)) return known.selection;
  const selection = selectRows(model.scrollback[model.active], request);
  kept.set(model, { request, selection });
  return selection;
}
