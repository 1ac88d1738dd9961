/** The App for a screen state, with local times: the common part of a running duet and a replay. */

import type { ScreenState } from "../../src/view/screen/screen-state.ts";
import { App, type AppProps } from "./App.tsx";
import { formatLocalClock, getDayFormat, formatLocalTime } from "../paint/local-time.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";

/** The props that `screen` does not determine. */
interface ScreenAppProps extends Pick<
  AppProps,
  "model" | "columns" | "rows" | "composer" | "composerRows" | "theme" | "offer"
> {
  readonly screen: ScreenState;
}

/** No hint: the tour lists its keys itself. */
const nothing = sentence("as-written", { text: "" });

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
      arePeersHidden={screen.arePeersHidden}
      chosen={screen.choice?.entryId}
      selection={screen.selection?.transport === given.model.active ? screen.selection : undefined}
      sentAfter={screen.sentAfter}
      hint={screen.hint ?? (screen.tour === undefined ? undefined : nothing)}
      formatTime={formatLocalTime}
      formatDay={getDayFormat(given.model.words)}
      formatClock={formatLocalClock}
      {...given}
    />
  );
}
