/**
 * What cannot both be: on the command line it is an error, between the command line and a file of settings the
 * command line wins.
 */

import { quoteWord, type UsageError, usageError } from "../../protocol/address/target.ts";
import type { OptionKey } from "../../words/names.ts";
import type { GivenOptions, Words } from "./option-words.ts";

/** As a person writes it, and the choice they have. */
const contradictions: readonly (readonly [OptionKey, OptionKey, string])[] = [
  ["tcp", "udp", "--tcp and --udp do not go together: start in one, and Ctrl-T opens the other"],
  ["ipv4", "ipv6", "-4 and -6 do not go together: leave out both to allow either family"],
  ["plain", "json", "--plain and --json do not go together: choose lines or events"],
  ["raw", "duet", "--raw and --duet do not go together: raw bytes carry no frames"],
  ["send-only", "recv-only", "--send-only and --recv-only do not go together: nothing would be left to do"],
  [
    "unixsock",
    "udp",
    "--udp and -U do not go together: UNIX datagram sockets are not supported; leave out --udp",
  ],
  ["unixsock", "ipv4", "-4 and -U do not go together: a UNIX socket has no address family; leave out -4"],
  ["unixsock", "ipv6", "-6 and -U do not go together: a UNIX socket has no address family; leave out -6"],
  ["unixsock", "lan", "--lan and -U do not go together: a UNIX socket stays on this machine"],
  ["group", "tcp", "--group and --tcp do not go together: a group hears datagrams; leave out --tcp"],
  ["group", "listen", "--group and -l do not go together: nobody listens on a group; leave out -l"],
  ["group", "unixsock", "--group and -U do not go together: a group has an address; leave out -U"],
  ["group", "lan", "--group and --lan do not go together: a group needs nobody to be found; leave out one"],
  ["group", "duet", "--group and --duet do not go together: a group is spoken to in plain text"],
  ["config", "no-config", "--config and --no-config do not go together: name a file, or read none"],
  ["replay", "listen", "--replay and -l do not go together: what was is shown, and nobody can come"],
  ["tour", "plain", "--tour and --plain do not go together: the walk is for a person at a terminal"],
  ["replay", "tour", "--replay and --tour do not go together: one is what was, the other is made now"],
  ["tour", "json", "--tour and --json do not go together: the walk is for a person at a terminal"],
  ["screen-reader", "json", "--screen-reader and --json do not go together: choose lines or events"],
  ["screen-reader", "plain", "--screen-reader and --plain do not go together: choose for whom lines are"],
];

/** Where to go is one choice: whoever says HOST PORT asks for none of these. */
const elsewhere: readonly OptionKey[] = ["listen", "unixsock", "lan", "group"];

/** The two options that were given and cannot both be, and why. */
export function findClash(given: GivenOptions): readonly [OptionKey, OptionKey, string] | undefined {
  return contradictions.find(([one, other]) => given.has(one) && given.has(other));
}

/** The command line's words and, where they leave room for it, what the file says. */
export function withSettings(words: Words, settings: GivenOptions): Words {
  const { given, without, positionals } = words;
  const merged = new Map(given);
  for (const [key, values] of settings) {
    if (given.has(key) || without.has(key)) continue;
    if (positionals.length > 0 && elsewhere.includes(key)) continue;
    if (!clashes(key, given)) merged.set(key, values);
  }
  return { ...words, given: merged };
}

function clashes(key: OptionKey, given: GivenOptions): boolean {
  return contradictions.some(
    ([one, other]) => (one === key && given.has(other)) || (other === key && given.has(one)),
  );
}

/** What is wrong with words that are each right. */
export function findContradiction({ given, positionals }: Words): UsageError | undefined {
  const clash = findClash(given);
  if (clash !== undefined) return usageError(clash[2]);
  const [first] = positionals;
  if (given.has("unixsock") && first !== undefined) {
    return usageError(`-U takes a path alone: leave out ${quoteWord(first)}`);
  }
  if (given.has("lan") && !given.has("listen") && first !== undefined) {
    return usageError("--lan listens and HOST PORT connects: add -l to listen there, or leave out --lan");
  }
  if (given.has("replay") && first !== undefined) {
    return usageError(`--replay shows what was and goes nowhere: leave out ${quoteWord(first)}`);
  }
  return findSharedFile(given);
}

/** Each log is a file of its own. */
function findSharedFile(given: GivenOptions): UsageError | undefined {
  const writers = [
    ["-o", given.get("output")?.at(-1)],
    ["-x", given.get("hex-dump")?.at(-1)],
    ["--export", given.get("export")?.at(-1)],
  ] as const;
  for (const [index, [one, file]] of writers.entries()) {
    const other = writers.slice(index + 1).find(([, path]) => file !== undefined && path === file);
    if (other !== undefined)
      return usageError(
        `${one} and ${other[0]} cannot both write ${quoteWord(file ?? "")}: give each its own file`,
      );
  }
  return undefined;
}
