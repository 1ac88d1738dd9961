/** A running duet on a terminal: passes the values of its stores and the terminal's size to the App. */

import { useWindowSize } from "ink";
import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { ChoiceLine } from "../prompt/ChoiceLine.tsx";
import { Composer, countComposerRows } from "../prompt/Composer.tsx";
import { getTourKeys } from "../../src/view/screen/screen-tour.ts";
import { isWireFocused } from "../../src/view/screen/screen-wire.ts";
import { KeysLine } from "../prompt/KeysLine.tsx";
import { QuestionLine } from "../prompt/QuestionLine.tsx";
import { ScreenApp } from "./ScreenApp.tsx";
import { SearchLine } from "../prompt/SearchLine.tsx";
import { type ChatSources, useChat } from "./use-chat.ts";
import { WireLine } from "../prompt/WireLine.tsx";
import { isTakingKeys } from "../../src/view/screen/screen-keys.ts";

export function Duet({ sources }: { readonly sources: ChatSources }) {
  const { columns, rows } = useWindowSize();
  const { model, screen, composer, theme } = useChat(sources);
  const { words } = model;
  const row = rows - 1;
  const line =
    screen.question !== undefined ? (
      <QuestionLine question={screen.question} words={words.questions} columns={columns} row={row} />
    ) : screen.search !== undefined ? (
      <SearchLine search={screen.search} words={words.search} columns={columns} row={row} />
    ) : isWireFocused(screen) ? (
      <WireLine state={screen.wire} words={words.wire} columns={columns} row={row} />
    ) : screen.overlay === "lan" ? (
      <KeysLine title={words.lan.prompt} keys={words.lan.keys} columns={columns} row={row} />
    ) : screen.choice !== undefined ? (
      <ChoiceLine choice={screen.choice} words={words.choice} columns={columns} row={row} />
    ) : screen.tour !== undefined ? (
      <KeysLine {...getTourKeys(screen.tour)} columns={columns} row={row} />
    ) : (
      <Composer
        snapshot={composer}
        name={getPromptName(model)}
        words={words.composer}
        columns={columns}
        queuedLines={model.tabs[model.active].waitingLines}
        row={row}
      />
    );
  return (
    <ScreenApp
      model={model}
      screen={screen}
      columns={columns}
      rows={rows}
      composer={line}
      composerRows={isTakingKeys(screen) ? 1 : countComposerRows(composer)}
      offer={isTakingKeys(screen) ? undefined : composer.completion}
      theme={theme}
    />
  );
}

/** The name before the input line: the person's, or the addressee's. */
function getPromptName({ name, active, tabs }: ScreenModel): string {
  const { privateWith } = tabs[active];
  return privateWith === undefined ? name : `→ ${privateWith}`;
}
