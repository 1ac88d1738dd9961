/** A running duet on a terminal: its stores and the terminal's size, handed to the App as plain values. */

import { useWindowSize } from "ink";
import type { ScreenModel } from "../src/chat/screen-model.ts";
import { App } from "./App.tsx";
import { Composer, composerRows } from "./Composer.tsx";
import { localTime } from "./local-time.ts";
import type { Theme } from "./theme.ts";
import { type ChatSources, useChat } from "./use-chat.ts";

export function Duet({ sources, theme }: { readonly sources: ChatSources; readonly theme: Theme }) {
  const { columns, rows } = useWindowSize();
  const { model, screen, composer } = useChat(sources);
  const line = (
    <Composer
      snapshot={composer}
      name={speaker(model)}
      placeholder="type a line and press Enter, or /help"
      columns={columns}
      heldLines={model.tabs[model.active].heldLines}
      row={rows - 1}
    />
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
      composerRows={composerRows(composer)}
      theme={theme}
      formatTime={localTime}
    />
  );
}

/** Before the line: who speaks, or to whom alone. */
function speaker({ name, active, tabs }: ScreenModel): string {
  const { privateWith } = tabs[active];
  return privateWith === undefined ? name : `→ ${privateWith}`;
}
