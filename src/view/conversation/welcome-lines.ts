/**
 * What the screen says while nobody has come yet: what to do, and the command to hand to a friend. Plain
 * lines; it opens nothing and knows no keys but those that it names.
 */

import type { Invitation } from "../../chat/features/invitation.ts";
import type { ScreenModel, TabModel } from "../../chat/screen/screen-model.ts";
import type { WelcomeWords } from "../../words/words.ts";
import { cutEnd, textColumns } from "../../protocol/text/wrap.ts";

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
  const words = model.words.welcome;
  const lines =
    tab.invitation === undefined
      ? closedLines(tab, words)
      : invitingLines(tab, tab.invitation, words, columns);
  // A command that is cut is of no use.
  if (lines.some((line) => line.startsWith(" ") && textColumns(line) > columns)) return [];
  return lines.map((line) => cutEnd(line, columns));
}

function invitingLines(
  tab: TabModel,
  invitation: Invitation,
  words: WelcomeWords,
  columns: number,
): readonly string[] {
  const other = tab.transport === "tcp" ? "UDP" : "TCP";
  const whence = invitation.sameMachine ? words.joinsHere : words.joins;
  if (columns < wideColumns) {
    return [whence, `  ${invitation.duet}`, `  ${invitation.anyProgram}`, words.thenTypeShort];
  }
  return [
    words.nobodyYet + whence,
    `    ${invitation.duet}`,
    `    ${invitation.anyProgram}    ${words.anyProgram}`,
    words.thenType(other),
  ];
}

function closedLines(tab: TabModel, words: WelcomeWords): readonly string[] {
  if (tab.open) return [];
  return [
    words.noSocket(tab.transport.toUpperCase()),
    `  /listen              ${words.listen}`,
    `  /connect HOST PORT   ${words.connect}`,
    words.help,
  ];
}
