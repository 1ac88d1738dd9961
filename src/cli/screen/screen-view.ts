/** What a key acts on: the chat and the screen's own state, at the terminal's size. It changes nothing. */

import { countComposerRows } from "../../../components/prompt/Composer.tsx";
import { getDayFormat, formatLocalTime } from "../../../components/paint/local-time.ts";
import { selectScreen } from "../../chat/screen/select-screen.ts";
import type { Chat } from "../../chat/model/chat.ts";
import type { ComposerSnapshot } from "../../input/composer/composer.ts";
import { divideScreen } from "../../view/screen/screen-areas.ts";
import type { ScreenState, ScreenView } from "../../view/screen/screen-state.ts";
import type { TerminalSize } from "../terminal/terminal-output.ts";
import { isTakingKeys } from "../../view/screen/screen-keys.ts";

/** As the components lay it out. */
export function screenView(
  chat: Chat,
  state: ScreenState,
  composer: ComposerSnapshot,
  { columns, rows }: TerminalSize,
): ScreenView {
  const bottomRows = isTakingKeys(state) ? 1 : countComposerRows(composer);
  const areas = divideScreen(columns, rows, bottomRows, state.wire.isShown);
  const model = selectScreen(chat);
  const { words } = model;
  const formats = { formatTime: formatLocalTime, formatDay: getDayFormat(words), words };
  const shape = { ...areas.conversation, ...formats };
  return { model, shape, columns, panel: areas.wire };
}
