/** A recording on a terminal: the App as it was, with the replay's line in the composer's place. */

import { useWindowSize } from "ink";
import type { ScreenModel } from "../src/chat/screen-model.ts";
import type { ReplayWords } from "../src/view/replay-words.ts";
import { wireTakesKeys } from "../src/view/screen-wire.ts";
import { App } from "./App.tsx";
import { ChoiceLine } from "./ChoiceLine.tsx";
import { localClock, localDayIn, localTime } from "./local-time.ts";
import { ReplayLine } from "./ReplayLine.tsx";
import { SearchLine } from "./SearchLine.tsx";
import { type ChatSources, type Source, useSource } from "./use-chat.ts";
import { WireLine } from "./WireLine.tsx";

/** One moment of the recording, and where it is. */
export interface ReplayMoment {
  readonly model: ScreenModel;
  readonly progress: ReplayWords;
}

export interface ReplaySources extends Pick<ChatSources, "screen" | "theme"> {
  readonly moment: Source<ReplayMoment>;
}

export function ReplayScreen({ sources }: { readonly sources: ReplaySources }) {
  const { columns, rows } = useWindowSize();
  const { model, progress } = useSource(sources.moment);
  const screen = useSource(sources.screen);
  const theme = useSource(sources.theme);
  const row = rows - 1;
  const line =
    screen.search !== undefined ? (
      <SearchLine search={screen.search} words={model.words.search} columns={columns} row={row} />
    ) : wireTakesKeys(screen) ? (
      <WireLine state={screen.wire} words={model.words.wire} columns={columns} row={row} />
    ) : screen.choice !== undefined ? (
      <ChoiceLine choice={screen.choice} words={model.words.choice} columns={columns} row={row} />
    ) : (
      <ReplayLine progress={progress} keys={model.words.replayKeys} columns={columns} row={row} />
    );
  return (
    <App
      model={model}
      columns={columns}
      rows={rows}
      anchor={screen.anchors[model.active]}
      overlay={screen.overlay}
      overlayFromLine={screen.overlayFromLine}
      hint={screen.hint}
      composer={line}
      composerRows={1}
      search={screen.search}
      wire={screen.wire}
      chosen={screen.choice?.entryId}
      theme={theme}
      formatTime={localTime}
      formatDay={localDayIn(model.words)}
      formatClock={localClock}
    />
  );
}
