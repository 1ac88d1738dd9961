/**
 * The table of all command-line options, for parsing, --help and suggestions. options.ts interprets them. The long
 * forms of nc's letters are those of ncat.
 */

import type { OptionKey } from "../../words/parts/names.ts";

export interface OptionDescription {
  readonly key: OptionKey;
  /** One character, without the dash. */
  readonly short?: string;
  /** The name of the value in --help. An option without it is a switch. */
  readonly value?: string;
  /** The value may be left out. Where it is written, it follows at once, and is not what HOST or PORT is. */
  readonly isValueOptional?: true;
  readonly summary: string;
}

const rows = [
  { key: "listen", short: "l", summary: "listen; HOST defaults to 127.0.0.1, PORT to 8080" },
  { key: "unixsock", short: "U", value: "PATH", summary: "a UNIX stream socket; @NAME is an abstract one" },
  { key: "udp", short: "u", summary: "start in UDP; Ctrl-T switches while you chat" },
  { key: "tcp", summary: "start in TCP, the default" },
  { key: "lan", summary: "listen on all interfaces, find duets on the LAN" },
  { key: "group", summary: "no server: chat on a multicast group" },
  { key: "room", value: "URL", summary: "share the room of -l: redis://HOST/ROOM" },
  { key: "raw", summary: "exactly the bytes typed, as nc: no frames, no names" },
  { key: "duet", summary: "the other side is a duet: speak first" },
  { key: "encrypt", value: "HOW", summary: "auto (but on loopback), require or off; default auto" },
  { key: "key", value: "KEY", summary: "the other side has this key, or nothing is sent" },
  {
    key: "password",
    value: "HOW",
    isValueOptional: true,
    summary: "the room has one: ask (default), file:PATH or fd:N",
  },
  { key: "identity", value: "FILE", summary: "your key, which is made at first need" },
  { key: "pass-phrase", value: "HOW", summary: "that of your key: ask, file:PATH or fd:N" },
  { key: "new-pass-phrase", value: "HOW", summary: "set it, as above, or none; and exit" },
  { key: "anonymous", summary: "a key of this run alone, and nobody is known" },
  { key: "name", value: "NAME", summary: "your nickname; default: the last /nick, or login name" },
  { key: "ipv4", short: "4", summary: "IPv4 only" },
  { key: "ipv6", short: "6", summary: "IPv6 only" },
  { key: "wait", short: "w", value: "SECS", summary: "connect timeout; default 10" },
  { key: "idle-timeout", short: "i", value: "SECS", summary: "close after this long without traffic" },
  { key: "max-conns", short: "m", value: "N", summary: "at most N peers, 0 admits none; default 1024" },
  { key: "allow", value: "HOST", summary: "only these may join: names, 10.0.0.0/8; may repeat" },
  { key: "allowfile", value: "FILE", summary: "such a list: one a line, # comments" },
  { key: "deny", value: "HOST", summary: "these may not join; may repeat" },
  { key: "denyfile", value: "FILE", summary: "such a list" },
  { key: "crlf", short: "C", summary: "end lines with CR LF" },
  { key: "telnet", summary: "answer telnet negotiation" },
  { key: "plain", summary: "no screen: lines; the default without a terminal" },
  { key: "json", summary: "no screen: one JSON event a line" },
  {
    key: "exit-after-input",
    short: "N",
    summary: "after input, exit once the peer closes or after -w",
  },
  { key: "send-only", summary: "send, and show nothing that comes" },
  { key: "recv-only", summary: "receive, and send nothing" },
  {
    key: "output",
    short: "o",
    value: "FILE",
    summary: "log: events if FILE ends in .ndjson, else text",
  },
  { key: "hex-dump", short: "x", value: "FILE", summary: "log every byte to FILE in hex" },
  { key: "export", value: "FILE", summary: "write calls as packets to FILE, for Wireshark" },
  { key: "replay", value: "FILE", summary: "show what -o FILE.ndjson has kept, at its pace" },
  { key: "verbose", short: "v", summary: "what the sockets do, on standard error" },
  {
    key: "trouble",
    value: "WHAT",
    summary: "a bad UDP network: 'loss=20% dup=5% delay=50ms'",
  },
  { key: "theme", value: "WHICH", summary: "auto, dark, light or plain; default auto" },
  { key: "bell", value: "HOW", summary: "for a mention: bell, osc9, both or none" },
  { key: "screen-reader", summary: "no screen: a plain line for each event; commands work" },
  { key: "lang", value: "LANG", summary: "en or zh; default: as LC_ALL, LC_MESSAGES or LANG say" },
  { key: "tour", summary: "begin with a walk through the socket calls" },
  { key: "config", value: "FILE", summary: "every option's default; see below" },
  { key: "no-config", summary: "leave such a file unread" },
  { key: "help", short: "h", summary: "this text" },
  { key: "version", summary: "the version" },
] as const satisfies readonly OptionDescription[];

/** Turns an option without a row into a type error that names the option. */
type TableOf<Keys> = [OptionKey] extends [Keys]
  ? readonly OptionDescription[]
  : { readonly withoutRow: Exclude<OptionKey, Keys> };

export const optionTable: TableOf<(typeof rows)[number]["key"]> = rows;

/** Not allowed in the settings file: options about the file itself, those that start no chat, and what is of one room. */
const commandLineOnly: ReadonlySet<OptionKey> = new Set([
  "help",
  "version",
  "config",
  "no-config",
  "replay",
  "password",
  "new-pass-phrase",
  "room",
]);

/** The options that the settings file can set. */
export const settingTable: readonly OptionDescription[] = optionTable.filter(
  ({ key }) => !commandLineOnly.has(key),
);
