/**
 * What cannot both be: on the command line it is an error, between the command line and a file of settings the
 * command line wins.
 */

import type { OptionKey } from "../../words/parts/names.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { GivenOptions, Words } from "./option-words.ts";
import { refuse, type UsageRefusal } from "./usage-refusal.ts";

/** Two options that cannot both be; their order is that of the sentence. */
interface Contradiction {
  readonly keys: readonly [OptionKey, OptionKey];
  readonly clash: Sentence;
}

const contradictions: readonly Contradiction[] = [
  { keys: ["tcp", "udp"], clash: sentence("clash", { one: "--tcp", other: "--udp", why: "start-in-one" }) },
  { keys: ["ipv4", "ipv6"], clash: sentence("clash", { one: "-4", other: "-6", why: "either-family" }) },
  {
    keys: ["plain", "json"],
    clash: sentence("clash", { one: "--plain", other: "--json", why: "lines-or-events" }),
  },
  {
    keys: ["raw", "duet"],
    clash: sentence("clash", { one: "--raw", other: "--duet", why: "raw-has-no-frames" }),
  },
  {
    keys: ["send-only", "recv-only"],
    clash: sentence("clash", { one: "--send-only", other: "--recv-only", why: "nothing-left-to-do" }),
  },
  {
    keys: ["unixsock", "udp"],
    clash: sentence("clash", { one: "--udp", other: "-U", why: "no-unix-datagrams", leaveOut: "--udp" }),
  },
  {
    keys: ["unixsock", "ipv4"],
    clash: sentence("clash", { one: "-4", other: "-U", why: "unix-has-no-family", leaveOut: "-4" }),
  },
  {
    keys: ["unixsock", "ipv6"],
    clash: sentence("clash", { one: "-6", other: "-U", why: "unix-has-no-family", leaveOut: "-6" }),
  },
  {
    keys: ["unixsock", "lan"],
    clash: sentence("clash", { one: "--lan", other: "-U", why: "unix-stays-here" }),
  },
  {
    keys: ["group", "tcp"],
    clash: sentence("clash", { one: "--group", other: "--tcp", why: "group-is-udp", leaveOut: "--tcp" }),
  },
  {
    keys: ["group", "listen"],
    clash: sentence("clash", { one: "--group", other: "-l", why: "group-has-no-listener", leaveOut: "-l" }),
  },
  {
    keys: ["group", "unixsock"],
    clash: sentence("clash", { one: "--group", other: "-U", why: "group-has-address", leaveOut: "-U" }),
  },
  {
    keys: ["group", "lan"],
    clash: sentence("clash", { one: "--group", other: "--lan", why: "group-needs-no-search" }),
  },
  {
    keys: ["group", "duet"],
    clash: sentence("clash", { one: "--group", other: "--duet", why: "group-is-plain-text" }),
  },
  {
    keys: ["config", "no-config"],
    clash: sentence("clash", { one: "--config", other: "--no-config", why: "file-or-none" }),
  },
  {
    keys: ["replay", "listen"],
    clash: sentence("clash", { one: "--replay", other: "-l", why: "replay-has-no-peers" }),
  },
  {
    keys: ["tour", "plain"],
    clash: sentence("clash", { one: "--tour", other: "--plain", why: "tour-is-for-person" }),
  },
  {
    keys: ["replay", "tour"],
    clash: sentence("clash", { one: "--replay", other: "--tour", why: "replay-or-tour" }),
  },
  {
    keys: ["tour", "json"],
    clash: sentence("clash", { one: "--tour", other: "--json", why: "tour-is-for-person" }),
  },
  {
    keys: ["screen-reader", "json"],
    clash: sentence("clash", { one: "--screen-reader", other: "--json", why: "lines-or-events" }),
  },
  {
    keys: ["screen-reader", "plain"],
    clash: sentence("clash", { one: "--screen-reader", other: "--plain", why: "whom-lines-are-for" }),
  },
];

/** Where to go is one choice: whoever says HOST PORT asks for none of these. */
const elsewhere: readonly OptionKey[] = ["listen", "unixsock", "lan", "group"];

/** The two options that were given and cannot both be, and why. */
export function findClash(given: GivenOptions): Contradiction | undefined {
  return contradictions.find(({ keys: [one, other] }) => given.has(one) && given.has(other));
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
    ({ keys: [one, other] }) => (one === key && given.has(other)) || (other === key && given.has(one)),
  );
}

/** What is wrong with words that are each right. */
export function findContradiction({ given, positionals }: Words): UsageRefusal | undefined {
  const clash = findClash(given);
  if (clash !== undefined) return { kind: "usage-error", problem: clash.clash };
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
  return findSharedFile(given);
}

/** Each log is a file of its own. */
function findSharedFile(given: GivenOptions): UsageRefusal | undefined {
  const writers = [
    ["-o", given.get("output")?.at(-1)],
    ["-x", given.get("hex-dump")?.at(-1)],
    ["--export", given.get("export")?.at(-1)],
  ] as const;
  for (const [index, [one, file]] of writers.entries()) {
    const other = writers.slice(index + 1).find(([, path]) => file !== undefined && path === file);
    if (other !== undefined) return refuse("file-shared", { one, other: other[0], path: file ?? "" });
  }
  return undefined;
}
