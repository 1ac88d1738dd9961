/**
 * The rows of a moment, selected once for it: a key that changes the composer alone must not draw what came since. The
 * scrollback is the chat's own and goes on growing.
 */

import { useRef } from "react";
import type { ScreenModel } from "../src/chat/screen-model.ts";
import { type RowSelection, selectRows } from "../src/view/conversation-rows.ts";

type Request = Parameters<typeof selectRows>[1];

interface Selected {
  readonly model: ScreenModel;
  readonly request: Request;
  readonly selection: RowSelection;
}

/** The same selection until the moment is another, or what is asked of it. */
export function useSelectedRows(model: ScreenModel, request: Request): RowSelection {
  const kept = useRef<Selected | undefined>(undefined);
  const known = kept.current;
  if (known?.model === model && Bun.deepEquals(known.request, request)) return known.selection;
  const selection = selectRows(model.scrollback[model.active], request);
  kept.current = { model, request, selection };
  return selection;
}
