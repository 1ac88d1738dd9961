/** Maps the keys of a replay to requests. Other keys are for the screen. */

import type { KeyEvent } from "./key-event.ts";

/** The distance that ← and → seek. */
const seekMs = 10_000;

export type ReplayRequest =
  /** Pause or resume. */
  | { readonly type: "toggle" }
  | { readonly type: "seek"; readonly byMs: number }
  /** Show the next event at once. */
  | { readonly type: "skip" }
  | { readonly type: "quit" };

/** The requests of an event, in order; none: the key does nothing in a replay. undefined: the key is for the screen. */
export function readReplayRequests(event: KeyEvent): readonly ReplayRequest[] | undefined {
  if (event.type === "text") return readTypedRequests(event.text);
  if (event.type !== "key") return undefined;
  const { name, ctrl, alt, shift } = event;
  // The screen would answer with a hint about commands, which a replay does not take.
  if (ctrl && !alt && name === "d") return [];
  if (ctrl || alt || shift) return undefined;
  if (name === "left") return [{ type: "seek", byMs: -seekMs }];
  if (name === "right") return [{ type: "seek", byMs: seekMs }];
  if (name === "enter") return [{ type: "skip" }];
  return undefined;
}

/** One read can contain several keys. */
function readTypedRequests(text: string): readonly ReplayRequest[] {
  return [
    ...(text.includes(" ") ? [{ type: "toggle" } as const] : []),
    ...(text.includes("q") ? [{ type: "quit" } as const] : []),
  ];
}
