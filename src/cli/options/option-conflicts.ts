/**
 * Options that exclude each other. Two of them on the command line are an error; between the command line and the
 * settings file, the command line wins.
 */

import type { OptionKey } from "../../words/parts/names.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { CommandLine, GivenOptions } from "./command-line.ts";
import { refuse, type UsageRefusal } from "./usage-refusal.ts";

/** Two options that exclude each other, in the order in which the sentence names them. */
interface Conflict {
  readonly keys: readonly [OptionKey, OptionKey];
  readonly problem: Sentence;
}

const conflicts: readonly Conflict[] = [
  { keys: ["tcp", "udp"], problem: sentence("clash", { one: "--tcp", other: "--udp", why: "start-in-one" }) },
  { keys: ["ipv4", "ipv6"], problem: sentence("clash", { one: "-4", other: "-6", why: "either-family" }) },
  {
    keys: ["plain", "json"],
    problem: sentence("clash", { one: "--plain", other: "--json", why: "lines-or-events" }),
  },
  {
    keys: ["raw", "duet"],
    problem: sentence("clash", { one: "--raw", other: "--duet", why: "raw-has-no-frames" }),
  },
  {
    keys: ["send-only", "recv-only"],
    problem: sentence("clash", { one: "--send-only", other: "--recv-only", why: "nothing-left-to-do" }),
  },
  {
    keys: ["unixsock", "udp"],
    problem: sentence("clash", { one: "--udp", other: "-U", why: "no-unix-datagrams", leaveOut: "--udp" }),
  },
  {
    keys: ["unixsock", "ipv4"],
    problem: sentence("clash", { one: "-4", other: "-U", why: "unix-has-no-family", leaveOut: "-4" }),
  },
  {
    keys: ["unixsock", "ipv6"],
    problem: sentence("clash", { one: "-6", other: "-U", why: "unix-has-no-family", leaveOut: "-6" }),
  },
  {
    keys: ["unixsock", "lan"],
    problem: sentence("clash", { one: "--lan", other: "-U", why: "unix-stays-here" }),
  },
  {
    keys: ["group", "tcp"],
    problem: sentence("clash", { one: "--group", other: "--tcp", why: "group-is-udp", leaveOut: "--tcp" }),
  },
  {
    keys: ["group", "listen"],
    problem: sentence("clash", { one: "--group", other: "-l", why: "group-has-no-listener", leaveOut: "-l" }),
  },
  {
    keys: ["group", "unixsock"],
    problem: sentence("clash", { one: "--group", other: "-U", why: "group-has-address", leaveOut: "-U" }),
  },
  {
    keys: ["group", "lan"],
    problem: sentence("clash", { one: "--group", other: "--lan", why: "group-needs-no-search" }),
  },
  {
    keys: ["group", "duet"],
    problem: sentence("clash", { one: "--group", other: "--duet", why: "group-is-plain-text" }),
  },
  {
    keys: ["room", "raw"],
    problem: sentence("clash", { one: "--room", other: "--raw", why: "room-has-lines" }),
  },
  {
    keys: ["room", "send-only"],
    problem: sentence("clash", { one: "--room", other: "--send-only", why: "room-goes-both-ways" }),
  },
  {
    keys: ["room", "recv-only"],
    problem: sentence("clash", { one: "--room", other: "--recv-only", why: "room-goes-both-ways" }),
  },
  {
    keys: ["config", "no-config"],
    problem: sentence("clash", { one: "--config", other: "--no-config", why: "file-or-none" }),
  },
  {
    keys: ["replay", "listen"],
    problem: sentence("clash", { one: "--replay", other: "-l", why: "replay-has-no-peers" }),
  },
  {
    keys: ["replay", "password"],
    problem: sentence("clash", { one: "--replay", other: "--password", why: "replay-has-no-peers" }),
  },
  {
    keys: ["tour", "plain"],
    problem: sentence("clash", { one: "--tour", other: "--plain", why: "tour-is-for-person" }),
  },
  {
    keys: ["replay", "tour"],
    problem: sentence("clash", { one: "--replay", other: "--tour", why: "replay-or-tour" }),
  },
  {
    keys: ["tour", "json"],
    problem: sentence("clash", { one: "--tour", other: "--json", why: "tour-is-for-person" }),
  },
  {
    keys: ["screen-reader", "json"],
    problem: sentence("clash", { one: "--screen-reader", other: "--json", why: "lines-or-events" }),
  },
  {
    keys: ["screen-reader", "plain"],
    problem: sentence("clash", { one: "--screen-reader", other: "--plain", why: "whom-lines-are-for" }),
  },
];

/** Options that choose the target. HOST PORT on the command line overrides them in the settings file. */
const targetOptions: readonly OptionKey[] = ["listen", "unixsock", "lan", "group"];

/** The first two of the given options that exclude each other, if any. */
export function findConflict(given: GivenOptions): Conflict | undefined {
  return conflicts.find(({ keys: [one, other] }) => given.has(one) && given.has(other));
}

/** The command line with those settings of the file that it neither sets, turns off nor excludes. */
export function mergeSettings(commandLine: CommandLine, settings: GivenOptions): CommandLine {
  const { given, negated, positionals } = commandLine;
  const merged = new Map(given);
  for (const [key, values] of settings) {
    if (given.has(key) || negated.has(key)) continue;
    if (positionals.length > 0 && targetOptions.includes(key)) continue;
    if (!hasConflict(key, given)) merged.set(key, values);
  }
  return { ...commandLine, given: merged };
}

function hasConflict(key: OptionKey, given: GivenOptions): boolean {
  return conflicts.some(
    ({ keys: [one, other] }) => (one === key && given.has(other)) || (other === key && given.has(one)),
  );
}

/** An error in the combination of options and positional arguments, each of which is valid by itself. */
export function findUsageError({ given, positionals }: CommandLine): UsageRefusal | undefined {
  const conflict = findConflict(given);
  if (conflict !== undefined) return { kind: "usage-error", problem: conflict.problem };
  const [first] = positionals;
  if (given.has("unixsock") && first !== undefined) {
    return refuse("path-alone", { word: first });
  }
  if (given.has("lan") && !given.has("listen") && first !== undefined) {
    return refuse("lan-or-place");
  }
  if (given.has("replay") && first !== undefined) {
    return refuse("replay-has-no-place", { word: first });
  }
  const shared = findSharedFile(given);
  return shared === undefined ? undefined : { kind: "usage-error", problem: shared.problem };
}

const logOptions: readonly { readonly key: OptionKey; readonly flag: string }[] = [
  { key: "output", flag: "-o" },
  { key: "hex-dump", flag: "-x" },
  { key: "export", flag: "--export" },
];

/** The first two logs that would be written to the same file, if any. */
export function findSharedFile(given: GivenOptions): Conflict | undefined {
  for (const [index, one] of logOptions.entries()) {
    const path = given.get(one.key)?.at(-1);
    if (path === undefined) continue;
    const other = logOptions.slice(index + 1).find(({ key }) => given.get(key)?.at(-1) === path);
    if (other === undefined) continue;
    const problem = sentence("file-shared", { one: one.flag, other: other.flag, path });
    return { keys: [one.key, other.key], problem };
  }
  return undefined;
}
