/**
 * What the screen says while nobody has come yet: what to do, and the command to hand to a friend. Plain
 * lines; it opens nothing and knows no keys but those that it names.
 */

import type { ScreenModel, TabModel } from "./screen-model.ts";
import { cutEnd, textColumns } from "./wrap.ts";

/** A conversation longer than this has begun, whatever it is made of. */
const firstEntries = 20;

/** Nobody is here, and nothing was said yet. */
export function isFirstRun(model: ScreenModel): boolean {
  const scrollback = model.scrollback[model.active];
  if (model.tabs[model.active].peers > 0 || scrollback.length > firstEntries) return false;
  for (let index = 0; index < scrollback.length; index += 1) {
    if (scrollback.at(index)?.kind === "message") return false;
  }
  return true;
}

/** Four lines at most `columns` wide, or none when there is no room to be understood. */
export function welcomeLines(model: ScreenModel, columns: number): readonly string[] {
  const lines = columns < 60 ? narrowLines(model) : wideLines(model);
  return lines.some((line) => textColumns(line) > columns) && columns < 30
    ? []
    : lines.map((line) => cutEnd(line, columns));
}

function wideLines(model: ScreenModel): readonly string[] {
  const tab = model.tabs[model.active];
  const invitation = invitationOf(tab);
  const other = tab.transport === "tcp" ? "UDP" : "TCP";
  if (invitation === undefined) return closedLines(tab);
  return [
    "Nobody else is here yet. Hand a friend one of these commands:",
    `    ${invitation.duet}`,
    `    ${invitation.anyProgram}    or any program that speaks text`,
    `Then type, and press Enter. Ctrl-T shows ${other}, F1 helps.`,
  ];
}

function narrowLines(model: ScreenModel): readonly string[] {
  const tab = model.tabs[model.active];
  const invitation = invitationOf(tab);
  if (invitation === undefined) return closedLines(tab);
  return [
    "Nobody else is here yet. Elsewhere:",
    `  ${invitation.duet}`,
    `  ${invitation.anyProgram}`,
    "Then type. F1 helps.",
  ];
}

function closedLines(tab: TabModel): readonly string[] {
  return [
    `No ${tab.transport.toUpperCase()} socket is open.`,
    "  /listen              wait for peers",
    "  /connect HOST PORT   go to one",
    "F1 shows keys and commands.",
  ];
}

interface Invitation {
  readonly duet: string;
  readonly anyProgram: string;
}

/** The commands that reach where we listen; undefined when we do not. */
function invitationOf(tab: TabModel): Invitation | undefined {
  if (tab.local === undefined || (tab.state !== "LISTEN" && tab.state !== "BOUND")) return undefined;
  const udp = tab.transport === "udp" ? "-u " : "";
  const place = /^\[?([^\]]*)\]?:(\d+)$/.exec(tab.local);
  if (place === null) return { duet: `bun run start -U ${tab.local}`, anyProgram: `nc -U ${tab.local}` };
  const host = place[1] === "0.0.0.0" || place[1] === "::" ? "THIS-HOST" : place[1];
  return { duet: `bun run start ${udp}${host} ${place[2]}`, anyProgram: `nc ${udp}${host} ${place[2]}` };
}
