/** A replay on a terminal: the App as it was recorded, with the replay line in place of the composer. */

import { useWindowSize } from "ink";
import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import type { ReplayProgress } from "../../src/view/bars/replay-progress.ts";
import { isWireFocused } from "../../src/view/screen/screen-wire.ts";
import { ChoiceLine } from "../prompt/ChoiceLine.tsx";
import { ReplayLine } from "../prompt/ReplayLine.tsx";
import { ScreenApp } from "./ScreenApp.tsx";
import { SearchLine } from "../prompt/SearchLine.tsx";
import { type ChatSources, type Source, useSource } from "./use-chat.ts";
import { WireLine } from "../prompt/WireLine.tsx";

/** A moment of the recording, and its position. */
export interface ReplayMoment {
  readonly model: ScreenModel;
  readonly progress: ReplayProgress;
}

interface ReplaySources extends Pick<ChatSources, "screen" | "theme"> {
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
    ) : isWireFocused(screen) ? (
      <WireLine state={screen.wire} words={model.words.wire} columns={columns} row={row} />
    ) : screen.choice !== undefined ? (
      <ChoiceLine choice={screen.choice} words={model.words.choice} columns={columns} row={row} />
    ) : (
      <ReplayLine progress={progress} keys={model.words.replayKeys} columns={columns} row={row} />
    );
  return (
    <ScreenApp
      model={model}
      screen={screen}
      columns={columns}
      rows={rows}
      composer={line}
      composerRows={1}
      theme={theme}
    />
  );
}
