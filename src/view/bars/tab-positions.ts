/** Maps a column of the top bar to the tab there, for mouse clicks. */

import { measureColumns } from "../../protocol/text/wrap.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { fitSegments } from "./segments.ts";
import { buildTopBar } from "./top-bar.ts";

/** The bar has a margin on each side. */
const marginColumns = 1;

/** The tab at a column, counted from 0; undefined: there is none. */
export function findTab(model: ScreenModel, columns: number, column: number): TransportName | undefined {
  let at = marginColumns;
  let tab: TransportName | undefined;
  const segments = buildTopBar(model);
  const name = segments.findIndex(({ isAtRightEnd }) => isAtRightEnd === true);
  for (const { text, space } of fitSegments(segments.slice(0, name), columns - 2 * marginColumns)) {
    tab = parseTab(text) ?? tab;
    at += space + measureColumns(text);
    if (column < at) return column < marginColumns ? undefined : tab;
  }
  return undefined;
}

function parseTab(text: string): TransportName | undefined {
  if (text === "TCP" || text === "[TCP]") return "tcp";
  return text === "UDP" || text === "[UDP]" ? "udp" : undefined;
}
