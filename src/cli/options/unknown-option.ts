/** Suggests an option for one that does not exist: the nearest name, or duet's equivalent of an option of nc. */

import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { optionTable, settingTable } from "./option-table.ts";
import { refuse, type UsageRefusal } from "./usage-refusal.ts";

/** Options of nc, ncat, socat and telnet that duet does not have, by what duet does instead. */
const foreignOptions: ReadonlyMap<string, Sentence> = new Map([
  ["-p", sentence("port-is-argument")],
  ["--source-port", sentence("port-is-argument")],
  ["-k", sentence("goes-on-listening")],
  ["--keep-open", sentence("goes-on-listening")],
  ["--chat", sentence("joining-is-room")],
  ["--broker", sentence("joining-is-room")],
  ["-n", sentence("addresses-not-looked-up")],
  ["--nodns", sentence("addresses-not-looked-up")],
  ["-V", sentence("did-you-mean", { option: "--version" })],
  ["-t", sentence("did-you-mean", { option: "--telnet" })],
  ["-T", sentence("did-you-mean", { option: "--telnet" })],
  ["-b", sentence("broadcast-is-command")],
]);

/** Letters of nc and ncat with another meaning than duet's letter of the other case: none is suggested for them. */
const foreignLetters: ReadonlySet<string> = new Set([..."cIMOWX"]);

const distanceMax = 2;

/**
 * Refuses an unknown option. `word` is the whole argument, such as `-lx`; `rawName` is the option in it, such as `-x`.
 */
export function refuseUnknownOption(word: string, rawName: string): UsageRefusal {
  if (/^-\d+$/.test(word)) return refuse("no-option-nor-port", { word });
  const inside = word === rawName || word.startsWith("--") ? undefined : word;
  const advice = foreignOptions.get(rawName) ?? suggestOption(rawName);
  return refuse("unknown-option", { option: rawName, inside, advice });
}

function suggestOption(rawName: string): Sentence {
  const nearest = rawName.startsWith("--")
    ? findNearestLongOption(rawName.slice(2))
    : findSameLetter(rawName.slice(1));
  return nearest === undefined ? sentence("help-lists") : sentence("did-you-mean", { option: nearest });
}

function findSameLetter(letter: string): string | undefined {
  if (foreignLetters.has(letter)) return undefined;
  const found = optionTable.find(({ short }) => short?.toLowerCase() === letter.toLowerCase());
  return found === undefined ? undefined : `-${found.short}`;
}

function findNearestLongOption(name: string): string | undefined {
  if (name.length === 1) return optionTable.some(({ short }) => short === name) ? `-${name}` : undefined;
  const negatedKey = name.startsWith("no-") ? findNearestSetting(name.slice(3)) : undefined;
  const key = findNearestKey(
    optionTable.map((option) => option.key),
    name,
  );
  return key !== undefined ? `--${key}` : negatedKey === undefined ? undefined : `--no-${negatedKey}`;
}

/** The setting that a key of the settings file most likely means. Short forms count, and `_` counts as `-`. */
export function findNearestSetting(name: string): string | undefined {
  const byLetter = settingTable.find(({ short }) => short === name);
  const keys = settingTable.map(({ key }) => key);
  return byLetter?.key ?? findNearestKey(keys, name.toLowerCase().replaceAll("_", "-"));
}

function findNearestKey(keys: readonly string[], name: string): string | undefined {
  let best: { readonly key: string; readonly distance: number } | undefined;
  for (const key of keys) {
    const distance = name.length >= 3 && key.startsWith(name) ? 0 : computeEditDistance(name, key);
    if (distance <= distanceMax && distance < (best?.distance ?? Infinity)) best = { key, distance };
  }
  return best?.key;
}

/** The Levenshtein distance. Infinity if the lengths differ so much that the name cannot be a suggestion. */
function computeEditDistance(one: string, other: string): number {
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
