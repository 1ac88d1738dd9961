/** What the terminal's window is called while duet has it: what one wants to know of a window that is not looked at. */

import type { ScreenModel } from "../../chat/screen/screen-model.ts";

/** More than this is only "more": a flood must not rename the window at each line. */
const unreadShownMax = 99;

/**
 * `(3) duet: TCP ESTABLISHED with bob`, clean. The number is of lines on the tab that is not shown, and of `unseen`
 * ones on the other.
 */
export function windowTitle({ tabs, active, peers, words }: ScreenModel, unseen = 0): string {
  const unread = tabs.tcp.unread + tabs.udp.unread + unseen;
  const shown = unread > unreadShownMax ? `${unreadShownMax}+` : String(unread);
  const tab = tabs[active];
  const whom = tab.peers === 1 && peers.length === 1 ? peers[0]?.name : words.bar.peers(tab.peers);
  const others =
    tab.peers > 0
      ? words.window.whom(whom ?? "")
      : tab.role === "connect" && tab.peer !== undefined
        ? ` ${tab.peer}`
        : "";
  return `${unread === 0 ? "" : `(${shown}) `}duet: ${active.toUpperCase()} ${tab.state}${others}`;
}
