/** What the terminal's window is called while duet has it: what one wants to know of a window that is not looked at. */

import type { ScreenModel } from "../chat/screen-model.ts";

/** More than this is only "more": a flood must not rename the window at each line. */
const unreadShownMax = 99;

/** `(3) duet: TCP LISTEN`, clean. The number is of lines on the tab that is not shown. */
export function windowTitle({ tabs, active }: ScreenModel): string {
  const unread = tabs.tcp.unread + tabs.udp.unread;
  const shown = unread > unreadShownMax ? `${unreadShownMax}+` : String(unread);
  return `${unread === 0 ? "" : `(${shown}) `}duet: ${active.toUpperCase()} ${tabs[active].state}`;
}
