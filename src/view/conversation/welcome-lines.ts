/**
 * The welcome text of an empty conversation: the person's name and how to choose another, the first steps, and the
 * command that lets another person join. Plain lines.
 */

import { duetCommand, type Invitation, ncCommand } from "../../words/parts/invitation.ts";
import type { ScreenModel, TabModel } from "../../chat/screen/screen-model.ts";
import type { WelcomeWords, Words } from "../../words/tables/words.ts";
import { cutEnd, measureColumns } from "../../protocol/text/wrap.ts";

/** A longer conversation has begun, even if it contains only notices. */
const firstEntries = 20;
/** From this width on, the lines are whole sentences. */
const wideColumns = 60;

/** True if no peer is connected and no message was sent or received. */
export function isFirstRun(model: ScreenModel): boolean {
  const scrollback = model.scrollback[model.active];
  if (model.tabs[model.active].peers > 0 || scrollback.length > firstEntries) return false;
  for (let index = 0; index < scrollback.length; index += 1) {
    if (scrollback.at(index)?.kind === "message") return false;
  }
  return true;
}

/**
 * Five lines, each at most `columns` wide; none if the commands do not fit, or there is nothing to advise. The first,
 * about the name, may be left out where the room is low.
 */
export function buildWelcome(model: ScreenModel, columns: number): readonly string[] {
  const tab = model.tabs[model.active];
  const words = model.words.welcome;
  const lines =
    tab.invitation === undefined
      ? buildAdvice(tab, words)
      : buildInvitation(tab, tab.invitation, model.words, columns);
  // A truncated command would be useless.
  if (lines.some((line) => line.startsWith(" ") && measureColumns(line) > columns)) return [];
  const name = lines.length === 0 || model.replayed ? [] : [selectFitting(words.youAre(model.name), columns)];
  return [...name, ...lines].map((line) => cutEnd(line, columns));
}

/** The first text that fits; else the last, the shortest. */
function selectFitting(texts: readonly [string, ...string[]], columns: number): string {
  return texts.find((text) => measureColumns(text) <= columns) ?? texts.at(-1) ?? texts[0];
}

function buildInvitation(
  tab: TabModel,
  invitation: Invitation,
  { program, welcome: words }: Words,
  columns: number,
): readonly string[] {
  const duet = duetCommand(program, invitation);
  const anyProgram = invitation.hasPassword ? undefined : ncCommand(invitation);
  const other = tab.transport === "tcp" ? "UDP" : "TCP";
  const whence = invitation.sameMachine ? words.joinsHere : words.joins;
  if (columns < wideColumns) {
    return [
      whence,
      `  ${duet}`,
      ...(anyProgram === undefined ? [] : [`  ${anyProgram}`]),
      words.thenTypeShort,
    ];
  }
  return [
    words.nobodyYet + whence,
    `    ${duet}`,
    ...(anyProgram === undefined ? [] : [`    ${anyProgram}    ${words.anyProgram}`]),
    words.thenType(other),
  ];
}

function buildAdvice(tab: TabModel, words: WelcomeWords): readonly string[] {
  if (tab.open) return [];
  return [
    words.noSocket(tab.transport.toUpperCase()),
    `  /listen              ${words.listen}`,
    `  /connect HOST PORT   ${words.connect}`,
    words.help,
  ];
}
