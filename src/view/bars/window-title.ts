/**
 * The title of the terminal's window, for a window in the background: unread messages, and the state of the active
 * transport.
 */

import type { ScreenModel } from "../../chat/screen/screen-model.ts";

/** Larger counts read `99+`, so that a flood does not rename the window with each message. */
const unreadShownMax = 99;

/**
 * `(3) duet: TCP ESTABLISHED with bob`, clean. The number counts the unread messages of both tabs and the `unseen` ones
 * of the shown tab.
 */
export function formatWindowTitle({ tabs, active, peers, words }: ScreenModel, unseen = 0): string {
  const unread = tabs.tcp.unread + tabs.udp.unread + unseen;
  const shown = unread > unreadShownMax ? `${unreadShownMax}+` : String(unread);
  const tab = tabs[active];
  const members = tab.room === undefined ? tab.peers : tab.room.members - 1;
  const title =
    tab.room === undefined && tab.peers === 1 && peers.length === 1
      ? peers[0]?.name
      : words.bar.peers(members);
  const others =
    members > 0
      ? words.window.whom(title ?? "")
      : tab.role === "connect" && tab.peer !== undefined
        ? ` ${tab.peer}`
        : "";
  return `${unread === 0 ? "" : `(${shown}) `}duet: ${active.toUpperCase()} ${tab.state}${others}`;
}
