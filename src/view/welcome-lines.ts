/**
 * What the screen says while nobody has come yet: what to do, and the command to hand to a friend. Plain
 * lines; it opens nothing and knows no keys but those that it names.
 */

import type { Invitation } from "../chat/invitation.ts";
import type { ScreenModel, TabModel } from "../chat/screen-model.ts";
import { cutEnd, textColumns } from "../protocol/wrap.ts";

/** A conversation longer than this has begun, whatever it is made of. */
const firstEntries = 20;
/** From this width on a line says more than a few words. */
const wideColumns = 60;

/** Nobody is here, and nothing was said yet. */
export function isFirstRun(model: ScreenModel): boolean {
  const scrollback = model.scrollback[model.active];
  if (model.tabs[model.active].peers > 0 || scrollback.length > firstEntries) return false;
  for (let index = 0; index < scrollback.length; index += 1) {
    if (scrollback.at(index)?.kind === "message") return false;
  }
  return true;
}

/** Four lines at most `columns` wide, or none when there is no room to be understood, or nothing to be said. */
export function welcomeLines(model: ScreenModel, columns: number): readonly string[] {
  const tab = model.tabs[model.active];
  const lines = tab.invitation === undefined ? closedLines(tab) : invitingLines(tab, tab.invitation, columns);
  // A command that is cut is of no use.
  if (lines.some((line) => line.startsWith(" ") && textColumns(line) > columns)) return [];
  return lines.map((line) => cutEnd(line, columns));
}

function invitingLines(tab: TabModel, invitation: Invitation, columns: number): readonly string[] {
  const other = tab.transport === "tcp" ? "UDP" : "TCP";
  const whence = invitation.sameMachine ? "On this machine a friend joins with:" : "A friend joins with:";
  if (columns < wideColumns) {
    return [whence, `  ${invitation.duet}`, `  ${invitation.anyProgram}`, "Then type. F1 helps."];
  }
  return [
    `Nobody else is here yet. ${whence}`,
    `    ${invitation.duet}`,
    `    ${invitation.anyProgram}    or any program that speaks text`,
    `Then type, and press Enter. Ctrl-T shows ${other}, F1 helps.`,
  ];
}

function closedLines(tab: TabModel): readonly string[] {
  if (tab.open) return [];
  return [
    `No ${tab.transport.toUpperCase()} socket is open.`,
    "  /listen              wait for peers",
    "  /connect HOST PORT   go to one",
    "F1 shows keys and commands.",
  ];
}
