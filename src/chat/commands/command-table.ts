/**
 * The table of all commands, from which completion, `/help` and the README are made. Their actions are in
 * run-command.ts, summaries in other languages in src/words.
 */

import type { CommandName } from "../../words/parts/names.ts";

type ArgumentKind =
  | "none"
  | "text"
  | "endpoint"
  | "peer"
  | "peer-then-text"
  | "name"
  | "on-off"
  | "filter"
  | "buffer"
  | "code"
  | "path"
  | "range"
  | "trouble";

export interface CommandDescription {
  /** Without the slash. */
  readonly name: CommandName;
  /** As printed in help: `[HOST] PORT`. */
  readonly argumentsText: string;
  readonly argument: ArgumentKind;
  readonly summary: string;
}

const rows = [
  { name: "help", argumentsText: "", argument: "none", summary: "keys and commands" },
  { name: "tcp", argumentsText: "", argument: "none", summary: "switch to TCP; the first time, pair up" },
  { name: "udp", argumentsText: "", argument: "none", summary: "switch to UDP; the first time, pair up" },
  {
    name: "listen",
    argumentsText: "[HOST] [PORT]",
    argument: "endpoint",
    summary: "listen for peers (default 127.0.0.1 8080)",
  },
  { name: "connect", argumentsText: "HOST PORT", argument: "endpoint", summary: "connect to a peer" },
  {
    name: "reconnect",
    argumentsText: "",
    argument: "none",
    summary: "connect or listen again where it was last",
  },
  {
    name: "close",
    argumentsText: "[PEER]",
    argument: "peer",
    summary: "close a peer's connection, or this side's socket",
  },
  {
    name: "shutdown",
    argumentsText: "[PEER]",
    argument: "peer",
    summary: "send FIN and go on reading (half-close)",
  },
  {
    name: "rst",
    argumentsText: "[PEER]",
    argument: "peer",
    summary: "break the connection off with RST",
  },
  {
    name: "send-hex",
    argumentsText: "HEX",
    argument: "text",
    summary: "send bytes as they are, written in hex: 68 69 0a",
  },
  {
    name: "partial",
    argumentsText: "TEXT",
    argument: "text",
    summary: "send text without a newline at its end",
  },
  {
    name: "buffer",
    argumentsText: "SIZE|off [PEER]",
    argument: "buffer",
    summary: "set SO_RCVBUF and stop reading: see the window close",
  },
  {
    name: "nick",
    argumentsText: "[PEER] NAME",
    argument: "name",
    summary: "change your name, or name a raw peer",
  },
  { name: "who", argumentsText: "", argument: "none", summary: "who is here: name, address, kind, state" },
  {
    name: "msg",
    argumentsText: "PEER TEXT",
    argument: "peer-then-text",
    summary: "a line for one member alone",
  },
  {
    name: "to",
    argumentsText: "[PEER]",
    argument: "peer",
    summary: "write to one member alone, or to all again",
  },
  {
    name: "accept",
    argumentsText: "PEER",
    argument: "peer",
    summary: "lift a stranger's limits; over UDP, also relay the room",
  },
  {
    name: "allow",
    argumentsText: "[CIDR]",
    argument: "range",
    summary: "only these may join from now on, as 10.0.0.0/8",
  },
  {
    name: "deny",
    argumentsText: "[CIDR]",
    argument: "range",
    summary: "these may not join; members from there are removed",
  },
  {
    name: "resend",
    argumentsText: "",
    argument: "none",
    summary: "send the newest line again that was not delivered",
  },
  { name: "me", argumentsText: "TEXT", argument: "text", summary: "say what you do" },
  {
    name: "raw",
    argumentsText: "[on|off]",
    argument: "on-off",
    summary: "send exactly what you type, as nc does",
  },
  {
    name: "upgrade",
    argumentsText: "[PEER]",
    argument: "peer",
    summary: "the other side is a duet: send a greeting",
  },
  {
    name: "search",
    argumentsText: "[TEXT]",
    argument: "text",
    summary: "find in the conversation, as Ctrl-R",
  },
  {
    name: "wire",
    argumentsText: "[FILTER|all|off]",
    argument: "filter",
    summary: "the socket calls: peer=ann call=send, or any text",
  },
  {
    name: "stats",
    argumentsText: "",
    argument: "none",
    summary: "all that was measured of each peer, and what the kernel has",
  },
  {
    name: "why",
    argumentsText: "[CODE]",
    argument: "code",
    summary: "what an error means: the wire, the causes, what to try",
  },
  {
    name: "save",
    argumentsText: "FILE",
    argument: "path",
    summary: "write the conversation to a file (/save! overwrites)",
  },
  {
    name: "lan",
    argumentsText: "[on|off]",
    argument: "on-off",
    summary: "duets of the local network: Enter joins; its doctor",
  },
  {
    name: "broadcast",
    argumentsText: "TEXT [ADDR]",
    argument: "text",
    summary: "a line to everybody of a subnet, after a question",
  },
  {
    name: "trouble",
    argumentsText: "[WHAT|off]",
    argument: "trouble",
    summary: "a bad UDP network: loss=20% dup=5% delay=50ms",
  },
  {
    name: "tour",
    argumentsText: "",
    argument: "none",
    summary: "a walk through the socket calls, made live",
  },
  {
    name: "mouse",
    argumentsText: "[on|off]",
    argument: "on-off",
    summary: "the wheel scrolls, a click on a tab switches",
  },
  { name: "clear", argumentsText: "", argument: "none", summary: "empty the conversation on this screen" },
  { name: "quit", argumentsText: "", argument: "none", summary: "say goodbye and leave" },
] as const satisfies readonly CommandDescription[];

/** A command without a row is a type error that names it. */
type TableOf<Names> = [CommandName] extends [Names]
  ? readonly CommandDescription[]
  : { readonly withoutRow: Exclude<CommandName, Names> };

export const commandTable: TableOf<(typeof rows)[number]["name"]> = rows;
