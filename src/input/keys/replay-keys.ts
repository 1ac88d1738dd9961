/** What keys ask of a recording that is shown: a key goes in, wishes come out. It plays nothing, and owns no other key. */

import type { KeyEvent } from "./key-event.ts";

/** So far ← and → go. */
const seekMs = 10_000;

export type ReplayWish =
  /** Pauses, or goes on. */
  | { readonly type: "toggle" }
  | { readonly type: "seek"; readonly byMs: number }
  /** Shows the next event at once. */
  | { readonly type: "skip" }
  | { readonly type: "quit" };

/** In the order to carry them out; none: the key is idle here. undefined: the key is the screen's. */
export function replayWishes(event: KeyEvent): readonly ReplayWish[] | undefined {
  if (event.type === "text") return typedWishes(event.text);
  if (event.type !== "key") return undefined;
  const { name, ctrl, alt, shift } = event;
  // The screen would answer with commands, and there is nobody to send a FIN.
  if (ctrl && !alt && name === "d") return [];
  if (ctrl || alt || shift) return undefined;
  if (name === "left") return [{ type: "seek", byMs: -seekMs }];
  if (name === "right") return [{ type: "seek", byMs: seekMs }];
  if (name === "enter") return [{ type: "skip" }];
  return undefined;
}

/** One read can bring several keys. */
function typedWishes(text: string): readonly ReplayWish[] {
  return [
    ...(text.includes(" ") ? [{ type: "toggle" } as const] : []),
    ...(text.includes("q") ? [{ type: "quit" } as const] : []),
  ];
}
