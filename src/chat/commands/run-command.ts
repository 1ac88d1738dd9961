/**
 * Runs the composer's commands; command-table.ts describes them. A wrong command explains its usage and goes back to
 * the composer.
 */

import { isGroupTarget } from "../../protocol/lan/multicast-chat.ts";
import { cleanName } from "../../protocol/text/nicknames.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { hostDefault, parseTarget, portDefault } from "../../protocol/address/target.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { requestStats } from "../features/kernel-facts.ts";
import { runTrouble } from "../features/network-impairment.ts";
import { broadcast } from "../features/subnet-broadcast.ts";
import { pauseWire } from "../features/traffic.ts";
import { showMembers } from "../features/who.ts";
import { explainError } from "../features/why.ts";
import { sendPrivateMessage } from "../messages/typed-messages.ts";
import { type Chat, getName } from "../model/chat.ts";
import type { ScreenRequest } from "../model/effect.ts";
import type { Side } from "../model/side.ts";
import { findAddressee, describeMissingName, findPeer, splitAddressee } from "../outbound/addressees.ts";
import { markSideRead } from "../outbound/pending-receipts.ts";
import { getChosenPeer } from "../outbound/recipients.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import type { OpenRequest } from "../config/open-request.ts";
import { closedHere } from "../report/reasons.ts";
import { addNotice, reportProblem, clearConversation } from "../report/report.ts";
import { renameHost, renameMember, renameSelf } from "../room/members.ts";
import { clearReadMark, markRead } from "../room/read-marks.ts";
import { closeSide, leave } from "../session/close.ts";
import { endPeer } from "../session/end-peer.ts";
import { receiveHello, sendHello } from "../session/greeting.ts";
import { cancelPairing } from "../session/pairing.ts";
import { openSide, openByPerson } from "../session/sides.ts";
import { acceptPeer, addRule } from "./access-rules.ts";
import { type CommandDescription, commandTable } from "./command-table.ts";
import { switchLan } from "./lan-command.ts";
import { setAddressee, runAction, getPrivateTarget } from "./private-line.ts";
import { setRaw } from "./raw-mode.ts";
import { resendNewest } from "./resend.ts";
import { runBuffer, resetNamedPeer, sendHex, sendPartial } from "./socket-verbs.ts";
import { isSentence, type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { viewSide } from "../report/unread.ts";

/** Runs a line that begins with a slash. */
export function runCommand(chat: Chat, line: string): void {
  const [, name = "", rest = ""] = /^\/(\S*)\s*([^]*)$/.exec(line) ?? [];
  const side = chat.sides[chat.focus.active];
  // `/save!` overwrites a file, `/broadcast!` skips the confirmation.
  const [, forced] = /^(save|broadcast)!$/i.exec(name.toLowerCase()) ?? [];
  const command = commandTable.find((known) => known.name === (forced ?? name.toLowerCase()));
  if (command === undefined)
    return refuse(chat, side, line, describeUnknownCommand(name), suggestCommands(name));
  const wrong = carryOut(chat, side, command, rest.trim(), forced !== undefined);
  if (wrong === undefined) return;
  const { argumentsText } = command;
  refuse(chat, side, line, wrong, sentence("usage", { command: command.name, argumentsText }));
}

function describeUnknownCommand(name: string): Sentence {
  return sentence("no-such-command", { name: cleanText(name.slice(0, 40)) });
}

/** The commands that begin with the same letter, or all. */
function suggestCommands(name: string): Sentence {
  const start = name.slice(0, 1).toLowerCase();
  const like = commandTable.filter((command) => start !== "" && command.name.startsWith(start));
  const commands = (like.length > 0 ? like : commandTable).map((command) => command.name);
  return sentence("commands-there", { commands });
}

function refuse(chat: Chat, side: Side, line: string, message: Sentence, hint: Sentence): void {
  chat.effects.push({ type: "return-text", text: line });
  reportProblem(chat, side, "EUSAGE", message, hint);
}

/** Returns undefined, or the problem. */
function carryOut(
  chat: Chat,
  side: Side,
  command: CommandDescription,
  rest: string,
  forced: boolean,
): Sentence | undefined {
  if (command.argument === "none" && rest !== "")
    return sentence("takes-no-argument", { command: command.name });
  switch (command.name) {
    case "help":
      chat.effects.push({ type: "show-help" });
      return undefined;
    case "tcp":
    case "udp":
      return void switchTo(chat, command.name);
    case "listen":
    case "connect":
      return open(chat, side, command.name, rest);
    case "reconnect":
      return reconnect(chat, side);
    case "close":
      return close(chat, side, rest);
    case "shutdown":
      return shutdown(chat, side, rest);
    case "rst":
      return resetNamedPeer(chat, side, rest);
    case "send-hex":
      return sendHex(chat, side, rest);
    case "partial":
      return sendPartial(chat, side, rest);
    case "buffer":
      return runBuffer(chat, side, rest);
    case "accept":
      return rest === "" ? sentence("needs-name", { command: "accept" }) : acceptPeer(chat, side, rest);
    case "allow":
    case "deny":
      return addRule(chat, side, command.name, rest);
    case "nick":
      return changeName(chat, side, rest);
    case "who":
      return void showMembers(chat, side);
    case "resend":
      return resendNewest(chat, side);
    case "msg":
      return runPrivateMessage(chat, side, rest);
    case "me":
      return rest === "" ? sentence("needs-text", { command: "me" }) : runAction(chat, side, rest);
    case "to":
      return setAddressee(chat, side, rest);
    case "raw":
      return switchRawMode(chat, side, rest);
    case "upgrade":
      return upgrade(chat, side, rest);
    case "search":
      return askScreen(chat, { type: "search", term: rest });
    case "stats":
      return void requestStats(chat);
    case "why":
      return explainError(chat, side, rest);
    case "wire":
      return runWire(chat, rest);
    case "save":
      return save(chat, rest, forced);
    case "mouse":
      return switchMouse(chat, rest);
    case "broadcast":
      return broadcast(chat, rest, forced);
    case "lan":
      return switchLan(chat, side, rest);
    case "trouble":
      return runTrouble(chat, side, rest);
    case "tour":
      return askScreen(chat, { type: "tour" });
    case "clear":
      return void clearConversation(side);
    case "quit":
      return void leave(chat, 0);
  }
}

/** Shows the other transport. The first time it is paired at the endpoint of the side that is left. */
export function switchTo(chat: Chat, to: TransportName): void {
  const from = chat.sides[chat.focus.active];
  const side = chat.sides[to];
  if (side !== from) {
    markRead(from.conversation.scrollback);
    clearReadMark(side.conversation.scrollback);
  }
  viewSide(chat, side);
  if (chat.focus.isFocused) markSideRead(chat, side);
  if (side.socket.role !== undefined || side.socket.isOpen || chat.config.headless) return;
  const local = from.socket.local;
  const target =
    from.socket.role === "listen" && local !== undefined && local.family !== "unix"
      ? ({ kind: "ip", host: local.address, port: local.port } as const)
      : from.socket.request?.target.kind === "ip" && !isGroupTarget(from.socket.request.target)
        ? from.socket.request.target
        : ({ kind: "ip", host: hostDefault, port: portDefault } as const);
  openSide(chat, to, { role: "pair", target });
}

function open(chat: Chat, side: Side, role: "listen" | "connect", rest: string): Sentence | undefined {
  const words = rest === "" ? [] : rest.split(/\s+/);
  const target = parseTarget(words, { role, host: hostDefault, port: portDefault });
  if (target.kind === "usage-error") return sentence("target-problem", { problem: target.problem });
  if (target.kind === "unix" && side.transport === "udp") return sentence("unix-needs-tcp");
  if (isGroupTarget(target)) {
    if (role === "listen") return sentence("group-has-no-listener");
    if (side.transport === "tcp") return sentence("group-needs-udp");
  }
  reopen(chat, side, { role, target });
  return undefined;
}

function reconnect(chat: Chat, side: Side): Sentence | undefined {
  if (side.socket.request === undefined) return sentence("nothing-open-before");
  reopen(chat, side, side.socket.request);
  return undefined;
}

function reopen(chat: Chat, side: Side, request: OpenRequest): void {
  openByPerson(chat, side.transport, request);
}

function close(chat: Chat, side: Side, word: string): Sentence | undefined {
  if (word !== "") {
    const addressee = findAddressee(chat, side, word);
    if (addressee === undefined || addressee.kind === "distant") return describeMissingName(chat, word);
    const paths = addressee.kind === "member" ? [...addressee.member.paths] : [addressee.peer];
    for (const peer of paths) endPeer(chat, peer, closedHere);
    return undefined;
  }
  if (!side.socket.isOpen && side.socket.pairing === undefined) return sentence("nothing-open");
  if (side.socket.pairing !== undefined) cancelPairing(chat, side);
  else closeSide(chat, side, closedHere);
  return undefined;
}

function shutdown(chat: Chat, side: Side, word: string): Sentence | undefined {
  if (side.transport === "udp") return sentence("udp-has-no-half-close");
  const peer = findPeer(chat, side, word);
  if (isSentence(peer)) return peer;
  if (peer.link.transport === "udp") return sentence("peer-has-no-half-close", { name: getName(peer) });
  if (peer.link.isFinSent) return sentence("peer-has-our-fin", { name: getName(peer) });
  chat.effects.push({ type: "shutdown", transport: "tcp", connection: peer.link.connection });
  return undefined;
}

function changeName(chat: Chat, side: Side, rest: string): Sentence | undefined {
  if (rest === "") return sentence("needs-name", { command: "nick" });
  const { addressee, rest: name } = splitAddressee(chat, side, rest);
  if (addressee?.kind === "member" && name !== "") {
    const { member } = addressee;
    if (member.via.identity.kind === "duet") return sentence("duet-chooses-name", { name: member.name });
    return void renameMember(chat, member, name);
  }
  const wanted = cleanName(rest);
  const peer = getChosenPeer(side);
  if (peer?.identity.kind !== "duet") return void renameHost(chat, side, wanted);
  renameSelf(chat, wanted);
  return void sendFrameTo(chat, peer, { type: "renamed", name: wanted });
}

function runPrivateMessage(chat: Chat, side: Side, words: string): Sentence | undefined {
  const { word, rest, addressee } = splitAddressee(chat, side, words);
  if (rest === "") return sentence("needs-name-and-text", { command: "msg" });
  if (addressee === undefined) return describeMissingName(chat, word);
  return sendPrivateMessage(chat, side, getPrivateTarget(addressee, side), rest);
}

function switchRawMode(chat: Chat, side: Side, word: string): Sentence | undefined {
  if (word !== "" && word !== "on" && word !== "off")
    return sentence("takes-on-or-off", { command: "raw", word: cleanText(word.slice(0, 40)) });
  return void setRaw(chat, side, word === "" ? !side.isRaw : word === "on");
}

function save(chat: Chat, path: string, overwrite: boolean): Sentence | undefined {
  if (path === "") return sentence("needs-file", { command: "save" });
  return askScreen(chat, { type: "save", path, overwrite });
}

function runWire(chat: Chat, words: string): Sentence | undefined {
  if (words !== "pause") return askScreen(chat, { type: "wire", words });
  pauseWire(chat);
  return askScreen(chat, { type: "wire", words: "" });
}

function switchMouse(chat: Chat, word: string): Sentence | undefined {
  if (word !== "" && word !== "on" && word !== "off")
    return sentence("takes-on-or-off", { command: "mouse", word: cleanText(word.slice(0, 40)) });
  return askScreen(chat, { type: "mouse", on: word === "" ? undefined : word === "on" });
}

function askScreen(chat: Chat, request: ScreenRequest): undefined {
  chat.effects.push({ type: "ask-screen", request });
}

function upgrade(chat: Chat, side: Side, word: string): Sentence | undefined {
  const peer = findPeer(chat, side, word);
  if (isSentence(peer)) return peer;
  if (chat.sides[peer.link.transport].isRaw) return sentence("raw-off-first");
  if (peer.identity.kind === "duet") return sentence("duet-already", { name: getName(peer) });
  const { offer } = peer.handshake;
  if (offer === undefined) sendHello(chat, peer);
  else receiveHello(chat, peer, offer);
  addNotice(chat, side, "info", sentence("greeted-as-duet", { name: getName(peer) }));
  return undefined;
}
