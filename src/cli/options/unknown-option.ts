/** What to say of an option that does not exist: the nearest one, or how duet does what it does elsewhere. */

import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { optionTable, settingTable } from "./option-table.ts";
import { refuse, type UsageRefusal } from "./usage-refusal.ts";

/** Letters of nc, ncat and telnet that mean something else here, or nothing. */
const foreignOptions: ReadonlyMap<string, Sentence> = new Map([
  ["-p", sentence("port-is-argument")],
  ["-k", sentence("goes-on-listening")],
  ["--keep-open", sentence("goes-on-listening")],
  ["--chat", sentence("joining-is-room")],
  ["--broker", sentence("joining-is-room")],
  ["-V", sentence("did-you-mean", { option: "--version" })],
]);

const distanceMax = 2;

/** `word` is the argument as it was written, `rawName` the option in it: `-x` in `-lx`. */
export function refuseUnknownOption(word: string, rawName: string): UsageRefusal {
  if (/^-\d+$/.test(word)) return refuse("no-option-nor-port", { word });
  const inside = word === rawName || word.startsWith("--") ? undefined : word;
  const advice = foreignOptions.get(rawName) ?? suggestOption(rawName);
  return refuse("unknown-option", { option: rawName, inside, advice });
}

function suggestOption(rawName: string): Sentence {
  const nearest = rawName.startsWith("--") ? nearestLong(rawName.slice(2)) : sameLetter(rawName.slice(1));
  return nearest === undefined ? sentence("help-lists") : sentence("did-you-mean", { option: nearest });
}

function sameLetter(letter: string): string | undefined {
  const found = optionTable.find(({ short }) => short?.toLowerCase() === letter.toLowerCase());
  return found === undefined ? undefined : `-${found.short}`;
}

function nearestLong(name: string): string | undefined {
  if (name.length === 1) return optionTable.some(({ short }) => short === name) ? `-${name}` : undefined;
  const negated = name.startsWith("no-") ? nearestSetting(name.slice(3)) : undefined;
  const key = nearestKey(
    optionTable.map((option) => option.key),
    name,
  );
  return key !== undefined ? `--${key}` : negated === undefined ? undefined : `--no-${negated}`;
}

/** The setting that a key in a file was meant for: its short form counts too, and `_` for `-`. */
export function nearestSetting(name: string): string | undefined {
  const byLetter = settingTable.find(({ short }) => short === name);
  const keys = settingTable.map(({ key }) => key);
  return byLetter?.key ?? nearestKey(keys, name.toLowerCase().replaceAll("_", "-"));
}

function nearestKey(keys: readonly string[], name: string): string | undefined {
  let best: { readonly key: string; readonly distance: number } | undefined;
  for (const key of keys) {
    const distance = name.length >= 3 && key.startsWith(name) ? 0 : editDistance(name, key);
    if (distance <= distanceMax && distance < (best?.distance ?? Infinity)) best = { key, distance };
  }
  return best?.key;
}

/** Levenshtein's, by rows. Names far longer than any option are not measured. */
function editDistance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > distanceMax) return Infinity;
  let previous = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? Infinity;
}
