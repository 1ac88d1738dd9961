/**
 * The table of all commands, from which completion, `/help` and the README are made. Their handlers are in
 * run-command.ts, their summaries in src/words.
 */

import type { CommandName } from "../../words/parts/names.ts";

type ArgumentKind =
  | "none"
  | "text"
  | "endpoint"
  | "peer"
  | "peer-then-text"
  | "verdict"
  | "hub"
  | "name"
  | "on-off"
  | "filter"
  | "buffer"
  | "code"
  | "path"
  | "range"
  | "trouble";

export interface Command {
  /** Without the slash. */
  readonly name: CommandName;
  /** As printed in help: `[HOST] PORT`. */
  readonly argumentsText: string;
  readonly argument: ArgumentKind;
}

/** A command with its summary in the person's language. */
export interface CommandDescription extends Command {
  readonly summary: string;
}

/** Command names of other chats and shells, which people type from habit. */
const otherNames: Readonly<Record<string, CommandName>> = {
  "?": "help",
  exit: "quit",
  q: "quit",
  join: "connect",
  list: "who",
};

/** The command of a name or of another name for it, in any case; undefined if there is none. */
export function findCommand(name: string): Command | undefined {
  const written = name.toLowerCase();
  const wanted = Object.hasOwn(otherNames, written) ? otherNames[written] : written;
  return commandTable.find((command) => command.name === wanted);
}

/** True for a command: a slash and a word without one. `//` sends a literal slash, and `/usr/bin/x` is text. */
export function isCommandLine(text: string): boolean {
  return /^\/[^\s/]*(?:\s|$)/.test(text);
}

/** True for a command whose argument may be the path of a file or a socket, in which each character counts. */
export function isPathCommand(text: string): boolean {
  const [, name] = /^\/(\S+?)!?(?:\s|$)/.exec(text) ?? [];
  const argument = name === undefined ? undefined : findCommand(name)?.argument;
  return argument === "path" || argument === "endpoint";
}

/** Characters that input methods type for a slash (fullwidth, and those of the key in Chinese and Japanese), and its lookalikes. */
const falseSlash = /^([\uFF0F\u3001\uFF64\u30FB\uFF65\u2044\u2215\u29F8])([^\s]+)/u;

/** The command that a line would be if it began with a slash, and what it begins with; undefined: it is text. */
export function findFalseSlash(
  text: string,
): { readonly slash: string; readonly command: CommandName } | undefined {
  const [, slash, word] = falseSlash.exec(text) ?? [];
  if (slash === undefined || word === undefined) return undefined;
  const command = findCommand(word.normalize("NFKC").replace(/!$/, ""));
  return command === undefined ? undefined : { slash, command: command.name };
}

const rows = [
  { name: "help", argumentsText: "", argument: "none" },
  { name: "tcp", argumentsText: "", argument: "none" },
  { name: "udp", argumentsText: "", argument: "none" },
  {
    name: "listen",
    argumentsText: "[HOST] [PORT]",
    argument: "endpoint",
  },
  { name: "connect", argumentsText: "HOST PORT", argument: "endpoint" },
  {
    name: "reconnect",
    argumentsText: "",
    argument: "none",
  },
  {
    name: "close",
    argumentsText: "[PEER]",
    argument: "peer",
  },
  {
    name: "shutdown",
    argumentsText: "[PEER]",
    argument: "peer",
  },
  {
    name: "rst",
    argumentsText: "[PEER]",
    argument: "peer",
  },
  {
    name: "send-hex",
    argumentsText: "HEX",
    argument: "text",
  },
  {
    name: "partial",
    argumentsText: "TEXT",
    argument: "text",
  },
  {
    name: "buffer",
    argumentsText: "SIZE|off [PEER]",
    argument: "buffer",
  },
  {
    name: "nick",
    argumentsText: "[PEER] NAME",
    argument: "name",
  },
  { name: "who", argumentsText: "", argument: "none" },
  { name: "hub", argumentsText: "[remove NAME]", argument: "hub" },
  { name: "peers", argumentsText: "", argument: "none" },
  { name: "trust", argumentsText: "[NAME]", argument: "text" },
  { name: "forget", argumentsText: "NAME", argument: "text" },
  { name: "identity", argumentsText: "[WHAT]", argument: "text" },
  { name: "verify", argumentsText: "PEER [ANSWER]", argument: "verdict" },
  {
    name: "msg",
    argumentsText: "PEER TEXT",
    argument: "peer-then-text",
  },
  {
    name: "to",
    argumentsText: "[PEER]",
    argument: "peer",
  },
  {
    name: "accept",
    argumentsText: "PEER",
    argument: "peer",
  },
  {
    name: "allow",
    argumentsText: "[HOST]",
    argument: "range",
  },
  {
    name: "deny",
    argumentsText: "[HOST]",
    argument: "range",
  },
  {
    name: "resend",
    argumentsText: "",
    argument: "none",
  },
  { name: "me", argumentsText: "TEXT", argument: "text" },
  {
    name: "raw",
    argumentsText: "[on|off]",
    argument: "on-off",
  },
  {
    name: "upgrade",
    argumentsText: "[PEER]",
    argument: "peer",
  },
  {
    name: "search",
    argumentsText: "[TEXT]",
    argument: "text",
  },
  {
    name: "wire",
    argumentsText: "[FILTER|all|off]",
    argument: "filter",
  },
  {
    name: "stats",
    argumentsText: "",
    argument: "none",
  },
  {
    name: "why",
    argumentsText: "[CODE]",
    argument: "code",
  },
  {
    name: "save",
    argumentsText: "FILE",
    argument: "path",
  },
  {
    name: "lan",
    argumentsText: "[on|off]",
    argument: "on-off",
  },
  {
    name: "broadcast",
    argumentsText: "TEXT [ADDR]",
    argument: "text",
  },
  {
    name: "trouble",
    argumentsText: "[WHAT|off]",
    argument: "trouble",
  },
  {
    name: "tour",
    argumentsText: "",
    argument: "none",
  },
  {
    name: "mouse",
    argumentsText: "[on|off]",
    argument: "on-off",
  },
  { name: "clear", argumentsText: "", argument: "none" },
  { name: "quit", argumentsText: "", argument: "none" },
] as const satisfies readonly Command[];

/** A command without a row is a type error that names it. */
type TableOf<Names> = [CommandName] extends [Names]
  ? readonly Command[]
  : { readonly withoutRow: Exclude<CommandName, Names> };

export const commandTable: TableOf<(typeof rows)[number]["name"]> = rows;
