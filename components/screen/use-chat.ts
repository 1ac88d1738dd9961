/** React hooks that read the stores of a running duet. */

import { useSyncExternalStore } from "react";
import type { ComposerSnapshot } from "../../src/input/composer/composer.ts";
import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import type { Theme } from "../paint/theme.ts";
import type { ScreenState } from "../../src/view/screen/screen-state.ts";

/** A source of snapshots: the same object until something changes. */
export interface Source<T> {
  readonly subscribe: (listener: () => void) => () => void;
  readonly read: () => T;
}

export interface ChatSources {
  readonly model: Source<ScreenModel>;
  readonly screen: Source<ScreenState>;
  readonly composer: Source<ComposerSnapshot>;
  /** Replaced once the terminal has reported its background. */
  readonly theme: Source<Theme>;
}

interface ChatView {
  readonly model: ScreenModel;
  readonly screen: ScreenState;
  readonly composer: ComposerSnapshot;
  readonly theme: Theme;
}

/** Reads everything that a frame shows. */
export function useChat(sources: ChatSources): ChatView {
  return {
    model: useSource(sources.model),
    screen: useSource(sources.screen),
    composer: useSource(sources.composer),
    theme: useSource(sources.theme),
  };
}

/** Reads one source. */
export function useSource<T>({ subscribe, read }: Source<T>): T {
  return useSyncExternalStore(subscribe, read);
}
