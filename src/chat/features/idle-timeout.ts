/** The idle time-out of a side (`-i`). */

import type { Chat } from "../model/chat.ts";
import type { Side } from "../model/side.ts";

/** Restarts the idle time after anything was sent or received. */
export function restartIdleTime(
  chat: Pick<Chat, "config" | "nowMs" | "timers">,
  side: Pick<Side, "transport" | "socket">,
): void {
  if (chat.config.idleTimeoutMs === undefined || !side.socket.isOpen) return;
  chat.timers.set({ kind: "idle", of: side.transport }, chat.nowMs + chat.config.idleTimeoutMs);
}
