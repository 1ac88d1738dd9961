/** A running duet on a terminal: passes the values of its stores and the terminal's size to the App. */

import { useWindowSize } from "ink";
import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { ChoiceLine } from "../prompt/ChoiceLine.tsx";
import { Composer, countComposerRows } from "../prompt/Composer.tsx";
import type { ComposerFrame } from "../../src/input/composer/composer-shape.ts";
import { getTourKeys } from "../../src/view/screen/screen-tour.ts";
import { isWireFocused } from "../../src/view/screen/screen-wire.ts";
import { KeysLine } from "../prompt/KeysLine.tsx";
import { PasswordLine } from "../prompt/PasswordLine.tsx";
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
  const frame = frameComposer(model, { columns, rows });
  const line =
    screen.password !== undefined ? (
      <PasswordLine asked={screen.password} words={words.password} columns={columns} row={row} />
    ) : screen.question !== undefined ? (
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
      <Composer snapshot={composer} frame={frame} />
    );
  return (
    <ScreenApp
      model={model}
      screen={screen}
      columns={columns}
      rows={rows}
      composer={line}
      composerRows={isTakingKeys(screen) ? 1 : countComposerRows(composer, frame)}
      offer={isTakingKeys(screen) ? undefined : composer.completion}
      theme={theme}
    />
  );
}

/** The composer's place on a screen of this size. Its name is the person's, or the addressee's. */
export function frameComposer(
  { name, active, tabs, words }: ScreenModel,
  { columns, rows }: Pick<ComposerFrame, "columns" | "rows">,
): ComposerFrame {
  const { privateWith, waitingLines } = tabs[active];
  const shown = privateWith === undefined ? name : `→ ${privateWith}`;
  return { name: shown, words: words.composer, columns, rows, queuedLines: waitingLines };
}
