/** Computes the view of a screen that keys act on, with the same areas as the components. */

import { getDayFormat, formatLocalTime } from "../../../components/paint/local-time.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import { divideScreen } from "../../view/screen/screen-areas.ts";
import type { ScreenState, ScreenView } from "../../view/screen/screen-state.ts";
import type { TerminalSize } from "../terminal/terminal-output.ts";

/** `bottomRows` is the height of the composer, or of the line in its place. */
export function createScreenView(
  model: ScreenModel,
  state: ScreenState,
  bottomRows: number,
  { columns, rows }: TerminalSize,
): ScreenView {
  const areas = divideScreen(columns, rows, bottomRows, state.wire.isShown, state.arePeersHidden);
  const { words } = model;
  const formats = { formatTime: formatLocalTime, formatDay: getDayFormat(words), words };
  const shape = { ...areas.conversation, ...formats };
  return { model, shape, topRow: areas.topBarRows, columns, panel: areas.wire };
}
