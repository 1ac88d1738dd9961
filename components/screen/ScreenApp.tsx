/** The App as the screen's own state would have it, with this place's times: what a running duet and a recording share. */

import type { ScreenState } from "../../src/view/screen/screen-state.ts";
import { App, type AppProps } from "./App.tsx";
import { localClock, localDayIn, localTime } from "../paint/local-time.ts";

/** `screen` says what lies over the conversation and where it is; what only one of them has is given beside it. */
export interface ScreenAppProps extends Pick<
  AppProps,
  "model" | "columns" | "rows" | "composer" | "composerRows" | "theme" | "offer"
> {
  readonly screen: ScreenState;
}

export function ScreenApp({ screen, ...given }: ScreenAppProps) {
  return (
    <App
      anchor={screen.anchors[given.model.active]}
      overlay={screen.overlay}
      overlayFromLine={screen.overlayFromLine}
      lanSelected={screen.lanSelected}
      tour={screen.tour}
      search={screen.search}
      wire={screen.wire}
      chosen={screen.choice?.entryId}
      sentAfter={screen.sentAfter}
      hint={screen.hint ?? (screen.tour === undefined ? undefined : "")}
      formatTime={localTime}
      formatDay={localDayIn(given.model.words)}
      formatClock={localClock}
      {...given}
    />
  );
}
