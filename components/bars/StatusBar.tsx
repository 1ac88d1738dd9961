/** The top bar: both transports as tabs. src/view/bars/top-bar.ts decides its content. */

import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { buildTopBar } from "../../src/view/bars/top-bar.ts";
import { Segments } from "../paint/Segments.tsx";
import type { Theme } from "../paint/theme.ts";

interface StatusBarProps {
  readonly model: ScreenModel;
  readonly columns: number;
  readonly theme: Theme;
  /** HH:MM. */
  readonly formatTime?: (atMs: number) => string;
}

export function StatusBar({ model, columns, theme, formatTime }: StatusBarProps) {
  return <Segments segments={buildTopBar(model, formatTime)} columns={columns} theme={theme} />;
}
