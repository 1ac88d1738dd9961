/** `/lan`: turns discovery on or off, and joins a duet of the list. */

import { lanEchoMs } from "../../protocol/limits.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { ListedPeople } from "../features/lan-people.ts";
import { askLan, startLan, stopLan, scheduleLanReport } from "../features/lan.ts";
import type { Chat, ReportContext, SendContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { addNotice } from "../report/report.ts";
import { countMembers } from "../room/members.ts";
import { openByPerson } from "../connections/sides.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { viewSide } from "../report/viewed-side.ts";

/** Returns undefined when done, else the problem. */
export function switchLan(
  chat: ReportContext & Pick<Chat, "network" | "self">,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  word: string,
): Sentence | undefined {
  if (word !== "" && word !== "on" && word !== "off")
    return sentence("takes-on-or-off", { command: "lan", word: cleanText(word.slice(0, 40)) });
  if (word === "off") return void turnLanOff(chat, side);
  // The first announcement, once the interfaces are known, asks all others.
  if (chat.network.lan === undefined) startLan(chat);
  else askLan(chat);
  chat.effects.push({ type: "ask-screen", request: { type: "lan" } });
  return undefined;
}

function turnLanOff(
  chat: ReportContext & Pick<Chat, "network" | "self">,
  side: Pick<Side, "transport" | "conversation" | "counters">,
): void {
  const wasOn = chat.network.lan !== undefined;
  stopLan(chat);
  addNotice(chat, side, "info", sentence(wasOn ? "lan-off" : "lan-was-off"), sentence("lan-off-hint"));
}

/** Reports the local network in lines, where no screen shows a list. */
export function requestLanReport(chat: Pick<Chat, "nowMs" | "timers" | "network">): void {
  scheduleLanReport(chat, lanEchoMs);
}

/** Joins the chosen duet by the transport of its row, unless it has left. */
export function joinOnLan(chat: SendContext & Pick<Chat, "network">, key: string, sure: boolean): void {
  const row = chat.network.lan?.roster.rows().find((each) => each.key === key);
  if (row === undefined)
    return addNotice(chat, chat.sides[chat.focus.active], "warning", sentence("lan-duet-gone"));
  const { endpoint, transport } = row;
  if (endpoint.family === "unix") return;
  const side = chat.sides[transport];
  const members = side.socket.role === "listen" ? countMembers(chat.room, transport) : 0;
  if (members > 0 && !sure)
    return void chat.effects.push({ type: "ask-screen", request: { type: "leave-room", key, members } });
  viewSide(chat, side);
  const person = new ListedPeople(chat).recognise(row.name, transport, row.identity);
  openByPerson(chat, transport, {
    role: "connect",
    target: { kind: "ip", host: endpoint.address, port: endpoint.port },
    listed: { key: person.is === "known" || person.is === "verified" ? person.key : undefined },
  });
}
