/** Errors of the command line and of settings files, in English. */

import { formatCount } from "../../protocol/text/quantities.ts";
import type { RoomPlaceProblem } from "../../protocol/hubs/room-place.ts";
import { quoteWord } from "../../protocol/address/target.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { ClashReason, OptionSentences } from "../sentences/options.ts";

export const optionsEnglish: SentenceTable<OptionSentences<Sentence>> = {
  clash: ({ one, other, why, leaveOut }) =>
    `${one} and ${other} do not go together: ${clashReasons[why]}${leaveOut === undefined ? "" : `; leave out ${leaveOut}`}`,
  "room-needs-listener": "--room shares the room of a listener: add -l",
  "room-needs-engine": ({ room }) =>
    `--room ${room} needs an engine: write redis://HOST/${room}, or set REDIS_URL`,
  "wrong-room": ({ problem }) => `--room ${roomProblems[problem]}: write redis://HOST[:PORT]/ROOM`,
  "wrong-key": ({ flag, word }) =>
    `${flag} ${quoteWord(word)} is no key: it has 52 letters and digits, and a mistyped one is found`,
  "path-alone": ({ word }) => `-U takes a path alone: leave out ${quoteWord(word)}`,
  "lan-or-place": "--lan listens and HOST PORT connects: add -l to listen there, or leave out --lan",
  "replay-has-no-place": ({ word }) =>
    `--replay shows a recording and connects to nothing: leave out ${quoteWord(word)}`,
  "file-shared": ({ one, other, path }) =>
    `${one} and ${other} cannot both write ${quoteWord(path)}: give each its own file`,
  "tour-needs-terminal": "--tour needs a terminal: the walk is for a person who presses Enter",
  "no-group": ({ host }) =>
    `--group ${quoteWord(host)} is not a group: give an address of 224.0.0.0/4 or ff00::/8, or none`,
  "group-needs-port": "--group needs a port from 1 to 65535, the same for everybody",
  "group-misplaced": ({ host }) => `${host} is a group, where nobody listens: --group ${host} joins it`,
  "wrong-seconds": ({ flag, word, max }) =>
    `${flag} ${quoteWord(word)} is not allowed: give seconds above 0, as in ${flag} 2.5, at most ${max}`,
  "wrong-peers-max": ({ flag, word, max }) =>
    `${flag} ${quoteWord(word)} is not allowed: give a whole number of peers from 0 to ${max}`,
  "wrong-range": ({ flag, word }) =>
    `${flag} ${quoteWord(word)} is not a range of addresses: write 10.0.0.0/8, fe80::/10, one address or a name`,
  "hosts-full": ({ flag, ranges }) =>
    `${flag} gives more than ${formatCount(ranges, "host")}: write ranges, as 10.0.0.0/8`,
  "hosts-unreadable": ({ flag, path, code }) =>
    `${flag} ${quoteWord(path)} cannot be read (${code}): give a file with one host a line`,
  "hosts-file-empty": ({ flag, path }) =>
    `${flag} ${quoteWord(path)} lists nobody: write those who may join into it, or leave it out`,
  "host-unknown": ({ flag, host, code }) =>
    `${flag} ${quoteWord(host)}: no address was found for that name (${code}); check the spelling, or write the address`,
  "wrong-choice": ({ flag, word, choices }) =>
    `${flag} ${quoteWord(word)} is not allowed: give ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`,
  "name-unseen": ({ flag }) => `${flag} needs a visible name`,
  "name-too-long": ({ flag, name, columns }) =>
    `${flag} ${quoteWord(name)} is too long: at most ${columns} columns are allowed`,
  "name-not-as-is": ({ flag, name, shown }) =>
    `${flag} ${quoteWord(name)} cannot be shown as it is: ${quoteWord(shown)} is allowed`,
  "no-option-nor-port": ({ word }) =>
    `${quoteWord(word)} is neither an option nor a port: a port is a number from 0 to 65535`,
  "unknown-option": ({ option, inside, advice }, word) =>
    `unknown option ${quoteWord(option)}${inside === undefined ? "" : ` in ${quoteWord(inside)}`}: ${word(advice)}`,
  "did-you-mean": ({ option }) => `did you mean ${option}?`,
  "help-lists": "--help lists what is allowed",
  "port-is-argument":
    "the port to listen at is an argument: -l 127.0.0.1 8080; a client's own port is the system's choice",
  "addresses-not-looked-up": "it is not needed: an address is never looked up, and no name of a peer is",
  "broadcast-is-command": "on the screen, over UDP: /broadcast TEXT",
  "goes-on-listening": "it is not needed: -l goes on listening",
  "joining-is-room": "it is not needed: all who join a listening duet are in its room",
  "takes-no-value": ({ option, value }) => `${option} takes no value, and ${quoteWord(value)} was given`,
  "needs-value": ({ option, valueName, given }) =>
    `${option} needs a value: ${option} ${valueName}${given === undefined ? "" : `, and ${quoteWord(given)} looks like an option`}`,
  "no-toml": ({ detail }) => `this is not TOML: ${detail}; write a line as name = "ada" or udp = true`,
  "unknown-setting": ({ key, advice }, word) => `unknown setting ${quoteWord(key)}: ${word(advice)}`,
  "help-lists-options": "--help lists the options",
  "setting-is-switch": ({ key, value }) => `${key} = ${quoteWord(value)} is not allowed: give true or false`,
  "setting-is-text": ({ key, value, mayRepeat }) =>
    `${key} = ${quoteWord(value)} is not allowed: give text${mayRepeat ? " or a list of texts" : ""}`,
  "setting-is-one": ({ key, values }) => `${key} takes one value, and ${values} were given`,
};

const roomProblems: Readonly<Record<RoomPlaceProblem, string>> = {
  "no-url": "takes a URL of redis:// or rediss://, file:PATH, or the name of a room with REDIS_URL",
  "no-host": "lacks the host",
  "bad-port": "has no port from 1 to 65535",
  "no-room": "lacks the room",
  "bad-room": "has a room of other characters than letters, digits, _ . and -, or of more than 64",
  "too-long": "is too long",
};

const clashReasons: Readonly<Record<ClashReason, string>> = {
  "start-in-one": "start in one; on the screen Ctrl-T opens the other",
  "either-family": "leave out both to allow either family",
  "lines-or-events": "choose lines or events",
  "raw-has-no-frames": "raw bytes carry no frames",
  "nothing-left-to-do": "nothing would be left to do",
  "no-unix-datagrams": "UNIX datagram sockets are not supported",
  "unix-has-no-family": "a UNIX socket has no address family",
  "unix-stays-here": "a UNIX socket stays on this machine",
  "group-is-udp": "a group uses datagrams",
  "group-has-no-listener": "nobody listens on a group",
  "group-has-address": "a group has an address",
  "group-needs-no-search": "a group needs no search; leave out one",
  "group-is-plain-text": "a group uses plain text",
  "proof-needs-encryption": "keys and passwords are proven by encrypting",
  "sealing-needs-frames": "only duets that speak in frames encrypt",
  "room-has-lines": "hubs share messages, not bytes",
  "room-goes-both-ways": "a shared room goes both ways",
  "file-or-none": "name a file, or read none",
  "replay-has-no-peers": "a recording is shown, and nobody can join",
  "tour-is-for-person": "the walk is for a person at a terminal",
  "replay-or-tour": "one shows a recording, the other makes calls now",
  "whom-lines-are-for": "choose one kind of lines",
};
