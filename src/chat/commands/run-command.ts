/**
 * Runs the composer's commands; command-table.ts describes them. A wrong command explains its usage and goes back to
 * the composer.
 */

import { cleanText } from "../../protocol/text/text.ts";
import { requestStats } from "../features/kernel-facts.ts";
import { runTrouble } from "../features/network-impairment.ts";
import { broadcast } from "../features/subnet-broadcast.ts";
import { showMembers } from "../features/who.ts";
import { explainError } from "../features/why.ts";
import type { Chat, ReportContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { reportProblem, clearConversation } from "../report/report.ts";
import { leave } from "../connections/close.ts";
import { acceptPeer, addRule } from "./access-rules.ts";
import { type Command, commandTable, findCommand, findFalseSlash } from "./command-table.ts";
import { switchLan } from "./lan-command.ts";
import { setAddressee, runAction } from "./private-line.ts";
import { forgetPeer, showKnownPeers, trust } from "./key-commands.ts";
import { runIdentity } from "./identity-command.ts";
import { resendNewest } from "./resend.ts";
import { runBuffer, resetNamedPeer, sendHex, sendPartial } from "./socket-verbs.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { close, open, reconnect, shutdown, switchTo, upgrade } from "./connection-commands.ts";
import { askScreen, runWire, save, switchMouse } from "./screen-commands.ts";
import { changeName, runPrivateMessage, switchRawMode } from "./people-commands.ts";
import type { CommandName } from "../../words/parts/names.ts";

/** Runs a line that begins with a slash, or gives one back that begins with what an input method types for it. */
export function runCommand(chat: Chat, line: string): void {
  const side = chat.sides[chat.focus.active];
  const misspelt = findFalseSlash(line);
  if (misspelt !== undefined)
    return refuse(chat, side, line, sentence("no-slash", misspelt), sentence("no-slash-hint", misspelt));
  const [, name = "", rest = ""] = /^\/(\S*)\s*([^]*)$/.exec(line) ?? [];
  // `/save!` overwrites a file, `/broadcast!` skips the confirmation.
  const [, forced] = /^(save|broadcast)!$/i.exec(name.toLowerCase()) ?? [];
  const command = findCommand(forced ?? name);
  if (command === undefined) return refuseUnknown(chat, side, line, name);
  const [, written = ""] = /^\/\S*\s?([^]*)$/.exec(line) ?? [];
  const wrong = carryOut(command, { chat, side, rest: rest.trim(), written, forced: forced !== undefined });
  if (wrong === undefined) return;
  const { argumentsText } = command;
  refuse(chat, side, line, wrong, sentence("usage", { command: command.name, argumentsText }));
}

/** One row: a typing slip needs no more, and F1 has all commands. */
function refuseUnknown(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  line: string,
  name: string,
): void {
  const unknown = sentence("no-such-command", { name: cleanText(name.slice(0, 40)) });
  const hint = suggestCommands(name);
  chat.effects.push({ type: "return-text", text: line });
  reportProblem(chat, side, "EUSAGE", unknown, hint, sentence("unknown-command", { unknown, hint }));
}

/** The commands that begin with the same letters, and where all are. */
function suggestCommands(name: string): Sentence {
  const start = name.slice(0, 2).toLowerCase();
  const like = commandTable.filter((command) => start !== "" && command.name.startsWith(start));
  return sentence("commands-there", { commands: like.map((command) => command.name) });
}

function refuse(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  line: string,
  message: Sentence,
  hint: Sentence,
): void {
  chat.effects.push({ type: "return-text", text: line });
  reportProblem(chat, side, "EUSAGE", message, hint);
}

/** Returns undefined, or the problem. */
function carryOut({ name, argument }: Command, call: Call): Sentence | undefined {
  if (argument === "none" && call.rest !== "") return sentence("takes-no-argument", { command: name });
  return handlers[name](call);
}

/** What a command gets: its side, the trimmed text after it, and whether it was written with `!`. */
interface Call {
  readonly chat: Chat;
  readonly side: Side;
  readonly rest: string;
  /** The words after the command and one blank, as they were written. */
  readonly written: string;
  readonly forced: boolean;
}

/** Returns undefined when done, else the problem. */
type Handler = (call: Call) => Sentence | undefined;

const handlers: Readonly<Record<CommandName, Handler>> = {
  help: ({ chat }) => void chat.effects.push({ type: "show-help" }),
  tcp: ({ chat }) => void switchTo(chat, "tcp"),
  udp: ({ chat }) => void switchTo(chat, "udp"),
  listen: ({ chat, side, rest }) => open(chat, side.transport, "listen", rest),
  connect: ({ chat, side, rest }) => open(chat, side.transport, "connect", rest),
  reconnect: ({ chat, side }) => reconnect(chat, side),
  close: ({ chat, side, rest }) => close(chat, side, rest),
  shutdown: ({ chat, side, rest }) => shutdown(chat, side, rest),
  rst: ({ chat, side, rest }) => resetNamedPeer(chat, side, rest),
  "send-hex": ({ chat, side, rest }) => sendHex(chat, side, rest),
  partial: ({ chat, side, written }) => sendPartial(chat, side, written),
  buffer: ({ chat, side, rest }) => runBuffer(chat, side, rest),
  accept: ({ chat, side, rest }) =>
    rest === "" ? sentence("needs-name", { command: "accept" }) : acceptPeer(chat, side, rest),
  allow: ({ chat, side, rest }) => addRule(chat, side, "allow", rest),
  deny: ({ chat, side, rest }) => addRule(chat, side, "deny", rest),
  nick: ({ chat, side, rest }) => changeName(chat, side, rest),
  who: ({ chat, side }) => void showMembers(chat, side),
  peers: ({ chat, side }) => showKnownPeers(chat, side),
  trust: ({ chat, side, rest }) => trust(chat, side, rest),
  forget: ({ chat, side, rest }) => forgetPeer(chat, side, rest),
  identity: ({ chat, side, rest }) => runIdentity(chat, side, rest),
  verify: ({ chat, side, rest }) => {
    const { runVerify } = require("./verify-command.ts") as typeof import("./verify-command.ts");
    return runVerify(chat, side, rest);
  },
  hub: ({ chat, side, rest }) => {
    const { runHub } = require("./hub-command.ts") as typeof import("./hub-command.ts");
    return runHub(chat, side, rest);
  },
  resend: ({ chat, side }) => resendNewest(chat, side),
  msg: ({ chat, side, rest }) => runPrivateMessage(chat, side, rest),
  me: ({ chat, side, rest }) =>
    rest === "" ? sentence("needs-text", { command: "me" }) : runAction(chat, side, rest),
  to: ({ chat, side, rest }) => setAddressee(chat, side, rest),
  raw: ({ chat, side, rest }) => switchRawMode(chat, side, rest),
  upgrade: ({ chat, side, rest }) => upgrade(chat, side, rest),
  search: ({ chat, rest }) => askScreen(chat.effects, { type: "search", term: rest }),
  stats: ({ chat }) => void requestStats(chat.effects),
  why: ({ chat, side, rest }) => explainError(chat, side, rest),
  wire: ({ chat, rest }) => runWire(chat, rest),
  save: ({ chat, rest, forced }) => save(chat.effects, rest, forced),
  mouse: ({ chat, rest }) => switchMouse(chat.effects, rest),
  broadcast: ({ chat, rest, forced }) => broadcast(chat, rest, forced),
  lan: ({ chat, side, rest }) => switchLan(chat, side, rest),
  trouble: ({ chat, side, rest }) => runTrouble(chat, side, rest),
  tour: ({ chat }) => askScreen(chat.effects, { type: "tour" }),
  clear: ({ side }) => void clearConversation(side.conversation),
  quit: ({ chat }) => void leave(chat, 0),
};
