/**
 * What the composer's commands do. Their names, arguments and summaries are in command-table.ts. A wrong command
 * says what is allowed and gives the line back.
 */

import { cleanName } from "../protocol/names.ts";
import type { TransportName } from "../protocol/socket-event.ts";
import { hostDefault, parseTarget, portDefault } from "../protocol/target.ts";
import { cleanText } from "../protocol/text.ts";
import { type CommandDescription, commandTable } from "./command-table.ts";
import { heardHello, sayHello } from "./greeting.ts";
import { cancelPairing } from "./pairing.ts";
import { endPeer } from "./peers.ts";
import { notice, reportProblem } from "./report.ts";
import { findMember, hostNumber, renameHost, renameMember } from "./room.ts";
import { sendFrameTo } from "./sending.ts";
import { closeSide, leave, openSide } from "./sides.ts";
import { chosenPeer } from "./recipients.ts";
import { memberTarget, saidAction, saidTo } from "./speech.ts";
import { type Chat, type DistantMember, nameOf, type Peer, type Side } from "./state.ts";

/** Carries out one line that begins with a slash. */
export function runCommand(chat: Chat, line: string): void {
  const [, name = "", rest = ""] = /^\/(\S*)\s*([^]*)$/.exec(line) ?? [];
  const side = chat.sides[chat.active];
  const command = commandTable.find((known) => known.name === name.toLowerCase());
  if (command === undefined)
    return refuse(chat, side, line, `there is no command /${cleanText(name.slice(0, 40))}`, nearest(name));
  const wrong = carryOut(chat, side, command, rest.trim());
  if (wrong !== undefined) refuse(chat, side, line, wrong, `usage: ${usage(command)}`);
}

/** `/connect HOST PORT — connect to a peer` */
function usage(command: CommandDescription): string {
  const words = `/${command.name} ${command.argumentsText}`.trim();
  return `${words} (${command.summary})`;
}

function nearest(name: string): string {
  const start = name.slice(0, 1).toLowerCase();
  const like = commandTable.filter((command) => start !== "" && command.name.startsWith(start));
  const names = (like.length > 0 ? like : commandTable).map((command) => `/${command.name}`);
  return `there is ${names.join(" ")}; // sends a literal slash, F1 tells what each does`;
}

function refuse(chat: Chat, side: Side, line: string, message: string, hint: string): void {
  chat.effects.push({ type: "give-back", text: line });
  reportProblem(chat, side, "EUSAGE", message, hint);
}

/** Undefined when done; else what was wrong. */
function carryOut(chat: Chat, side: Side, command: CommandDescription, rest: string): string | undefined {
  if (command.argument === "none" && rest !== "") return `/${command.name} takes no argument`;
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
    case "nick":
      return nick(chat, side, rest);
    case "who":
      return void who(chat, side);
    case "msg":
      return message(chat, side, rest);
    case "me":
      return rest === "" ? "/me needs a text" : void saidAction(chat, rest);
    case "raw":
      return setRaw(chat, side, rest);
    case "upgrade":
      return upgrade(chat, side, rest);
    case "clear":
      return void side.scrollback.clear();
    case "quit":
      return void leave(chat, 0);
    default:
      return `/${command.name} is not built`;
  }
}

/** Shows the other transport; the first time it pairs up where the one left is. */
export function switchTo(chat: Chat, to: TransportName): void {
  const from = chat.sides[chat.active];
  chat.active = to;
  const side = chat.sides[to];
  side.unread = 0;
  if (side.role !== undefined || side.open || chat.config.headless) return;
  const local = from.local;
  const target =
    from.role === "listen" && local !== undefined && local.family !== "unix"
      ? ({ kind: "ip", host: local.address, port: local.port } as const)
      : from.request?.target.kind === "ip"
        ? from.request.target
        : ({ kind: "ip", host: hostDefault, port: portDefault } as const);
  openSide(chat, to, { role: "pair", target });
}

function open(chat: Chat, side: Side, role: "listen" | "connect", rest: string): string | undefined {
  const words = rest === "" ? [] : rest.split(/\s+/);
  const target = parseTarget(words, { role, host: hostDefault, port: portDefault });
  if (target.kind === "usage-error") return target.message;
  if (target.kind === "unix" && side.transport === "udp") return "a UNIX socket carries a stream: /tcp first";
  openSide(chat, side.transport, { role, target });
  return undefined;
}

function reconnect(chat: Chat, side: Side): string | undefined {
  if (side.request === undefined) return "nothing was open here before";
  openSide(chat, side.transport, side.request);
  return undefined;
}

function close(chat: Chat, side: Side, word: string): string | undefined {
  if (word !== "") {
    const peer = findPeer(chat, side, word);
    if (peer === undefined) return nobody(chat, word);
    endPeer(chat, peer, "closed here");
    return undefined;
  }
  if (!side.open && side.pairing === undefined) return "nothing is open here";
  if (side.pairing !== undefined) cancelPairing(chat, side);
  else closeSide(chat, side, "closed here");
  return undefined;
}

function shutdown(chat: Chat, side: Side, word: string): string | undefined {
  if (side.transport === "udp") return "UDP has no half-close: there is no connection to shut down";
  const peer = word === "" ? onlyPeer(chat, side) : findPeer(chat, side, word);
  if (peer === undefined) return word === "" ? whichPeer(chat) : nobody(chat, word);
  if (peer.weShutDown) return `${nameOf(peer)} has our FIN already`;
  chat.effects.push({ type: "shutdown", transport: "tcp", connection: peer.connection });
  return undefined;
}

function nick(chat: Chat, side: Side, rest: string): string | undefined {
  if (rest === "") return "/nick needs a name";
  const [first = "", ...others] = rest.split(/\s+/);
  const member = others.length > 0 ? findMember(chat, first) : undefined;
  if (member !== undefined && member.via.kind !== "duet")
    return void renameMember(chat, member, others.join(" "));
  if (member !== undefined) return `${member.name} is a duet and chooses its own name`;
  const wanted = cleanName(rest);
  const peer = side.role === "connect" ? chosenPeer(side) : undefined;
  if (peer?.kind === "duet") {
    chat.name = wanted;
    return void sendFrameTo(chat, peer, { type: "renamed", name: wanted });
  }
  renameHost(chat, side, wanted);
  return undefined;
}

function who(chat: Chat, side: Side): void {
  notice(chat, side, "info", `${chat.name}: you, ${side.state}`);
  for (const peer of side.role === "connect" ? side.peers.values() : chat.peers.values()) {
    const kind = peer.kind === "unknown" ? "not known yet" : peer.kind;
    const name = nameOf(peer) === peer.address ? peer.address : `${nameOf(peer)}: ${peer.address}`;
    notice(chat, side, "info", `${name}, ${kind}, ${peer.transport.toUpperCase()} ${peer.state}`);
    for (const member of peer.distant.values()) {
      if (member.number !== hostNumber) notice(chat, side, "info", distantLine(member, peer));
    }
  }
}

function distantLine(member: DistantMember, hub: Peer): string {
  const address = member.address === undefined || member.address === member.name ? "" : `: ${member.address}`;
  return `${member.name}${address}, in ${nameOf(hub)}'s room`;
}

function message(chat: Chat, side: Side, rest: string): string | undefined {
  const [, word = "", text = ""] = /^(\S+)\s+([^]+)$/.exec(rest) ?? [];
  if (text === "") return "/msg needs a name and a text";
  const member = findMember(chat, word);
  if (member !== undefined) return saidTo(chat, side, memberTarget(member, side), text);
  const hub = chosenPeer(side);
  if (hub !== undefined && isCalled(hub, word))
    return saidTo(chat, side, { peer: hub, name: nameOf(hub) }, text);
  const distant =
    hub === undefined ? undefined : [...hub.distant.values()].find(({ name }) => sameWord(name, word));
  if (hub === undefined || distant === undefined) return nobody(chat, word);
  return saidTo(chat, side, { peer: hub, number: distant.number, name: distant.name }, text);
}

function setRaw(chat: Chat, side: Side, word: string): string | undefined {
  if (word !== "" && word !== "on" && word !== "off")
    return `/raw takes on or off, not ${cleanText(word.slice(0, 40))}`;
  side.raw = word === "" ? !side.raw : word === "on";
  const peer = chosenPeer(side);
  if (side.raw && peer !== undefined && peer.kind !== "raw") peer.kind = "raw";
  if (side.raw) {
    chat.effects.push({ type: "withdraw", transport: side.transport });
    notice(chat, side, "info", "raw: exactly what you type goes out, no frames, no banner, no names");
  } else notice(chat, side, "info", "duets greet each other again; /upgrade makes the peer here one");
  return undefined;
}

function upgrade(chat: Chat, side: Side, word: string): string | undefined {
  const peer = word === "" ? onlyPeer(chat, side) : findPeer(chat, side, word);
  if (peer === undefined) return word === "" ? whichPeer(chat) : nobody(chat, word);
  if (side.raw) return "raw is on: /raw off first";
  if (peer.kind === "duet") return `${nameOf(peer)} is a duet already`;
  const offer = peer.offer;
  if (offer === undefined) sayHello(chat, peer);
  else heardHello(chat, peer, offer);
  notice(chat, side, "info", `${nameOf(peer)} was greeted as a duet`);
  return undefined;
}

function onlyPeer(chat: Chat, side: Side): Peer | undefined {
  const chosen = chosenPeer(side);
  if (chosen !== undefined) return chosen;
  const members = [...chat.members.values()];
  return members.length === 1 ? members[0]?.via : undefined;
}

function findPeer(chat: Chat, side: Side, word: string): Peer | undefined {
  const chosen = chosenPeer(side);
  if (chosen !== undefined && isCalled(chosen, word)) return chosen;
  return findMember(chat, word)?.via ?? [...chat.peers.values()].find((peer) => isCalled(peer, word));
}

function isCalled(peer: Peer, word: string): boolean {
  return sameWord(nameOf(peer), word) || sameWord(peer.address, word);
}

function sameWord(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function whichPeer(chat: Chat): string {
  return chat.members.size === 0 ? "nobody is here" : "which one? Several are here";
}

function nobody(chat: Chat, word: string): string {
  const names = [...chat.peers.values()].slice(0, 10).map(nameOf);
  const here = names.length === 0 ? "nobody is" : `there is ${names.join(", ")}`;
  return `nobody is called ${cleanText(word.slice(0, 60))}: ${here}`;
}
