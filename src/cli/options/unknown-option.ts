/** What to say of an option that does not exist: the nearest one, or how duet does what it does elsewhere. */

import { quoteWord } from "../../protocol/address/target.ts";
import { optionTable, settingTable } from "./option-table.ts";

/** Letters of nc, ncat and telnet that mean something else here, or nothing. */
const foreignOptions: ReadonlyMap<string, string> = new Map([
  ["-p", "the port is an argument: -l 127.0.0.1 8080"],
  ["-k", "it is not needed: -l goes on listening"],
  ["--keep-open", "it is not needed: -l goes on listening"],
  ["--chat", "it is not needed: who joins a listening duet is in the room"],
  ["--broker", "it is not needed: who joins a listening duet is in the room"],
  ["-V", "did you mean --version?"],
]);

const distanceMax = 2;

/** `word` is the argument as it was written, `rawName` the option in it: `-x` in `-lx`. */
export function describeUnknownOption(word: string, rawName: string): string {
  if (/^-\d+$/.test(word))
    return `${quoteWord(word)} is neither an option nor a port: a port is a number from 0 to 65535`;
  const inside = word === rawName || word.startsWith("--") ? "" : ` in ${quoteWord(word)}`;
  const advice = foreignOptions.get(rawName) ?? suggestOption(rawName);
  return `unknown option ${quoteWord(rawName)}${inside}: ${advice}`;
}

function suggestOption(rawName: string): string {
  const nearest = rawName.startsWith("--") ? nearestLong(rawName.slice(2)) : sameLetter(rawName.slice(1));
  return nearest === undefined ? "--help lists what is allowed" : `did you mean ${nearest}?`;
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
