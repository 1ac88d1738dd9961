/**
 * The values of options, one reader for each kind. Text in, a value or a sentence out; which option
 * goes with which is in options.ts.
 */

import { type Cidr, parseCidr } from "../../protocol/address/cidr.ts";
import { nameMaxColumns, peersMaxDefault } from "../../protocol/limits.ts";
import { cleanName } from "../../protocol/text/nicknames.ts";
import { type Language, languages } from "../../words/parts/language.ts";
import { parseImpairment, type Impairment } from "../../protocol/sockets/network-impairment.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { refuse, type UsageRefusal } from "./usage-refusal.ts";

/** Timers hold 2^31 − 1 milliseconds. */
const secondsMax = 2_147_483;

/** Decimals are allowed; what comes out is whole milliseconds, at least 1. */
export function readSeconds<Default>(
  flag: string,
  text: string | undefined,
  otherwise: Default,
): number | Default | UsageRefusal {
  if (text === undefined) return otherwise;
  const seconds = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= secondsMax) return Math.max(1, Math.round(seconds * 1000));
  return refuse("wrong-seconds", { flag, word: text, max: secondsMax });
}

const peersMaxLargest = 65_535;

/** How many peers may be there at once. */
export function readPeersMax(flag: string, text: string | undefined): number | UsageRefusal {
  if (text === undefined) return peersMaxDefault;
  const peers = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (peers >= 1 && peers <= peersMaxLargest) return peers;
  return refuse("wrong-peers-max", { flag, word: text, max: peersMaxLargest });
}

/** The option may repeat, and each value may be a list with commas, as in ncat. */
export function readRanges(flag: string, values: readonly string[] = []): readonly Cidr[] | UsageRefusal {
  const ranges: Cidr[] = [];
  for (const text of values.flatMap((value) => value.split(","))) {
    const range = parseCidr(text.trim());
    if (range === undefined) return refuse("wrong-range", { flag, word: text });
    ranges.push(range);
  }
  return ranges;
}

const nameDefault = "guest";

/** The name that was given, if it can be shown as it is, or one made of the login name. */
export function readName(flag: string, text: string | undefined, loginName: string): string | UsageRefusal {
  if (text === undefined) return loginName.trim() === "" ? nameDefault : cleanName(loginName);
  const name = text.trim();
  const shown = cleanName(name);
  if (shown === name) return name;
  if (Bun.stringWidth(name) === 0) return refuse("name-unseen", { flag });
  if (name.startsWith(shown)) return refuse("name-too-long", { flag, name, columns: nameMaxColumns });
  return refuse("name-not-as-is", { flag, name, shown });
}

/** What the screen's colours are made for; `auto`: what the terminal says of its background. */
export type ThemeChoice = "auto" | "dark" | "light" | "plain";
/** How a mention calls a person who looks elsewhere: BEL, a notification of the desktop (OSC 9), or both. */
export type BellChoice = "bell" | "osc9" | "both" | "none";

const themes: readonly ThemeChoice[] = ["auto", "dark", "light", "plain"];
const bells: readonly BellChoice[] = ["bell", "osc9", "both", "none"];

export function readTheme(flag: string, text: string | undefined): ThemeChoice | UsageRefusal {
  return readChoice(flag, text ?? "auto", themes);
}

export function readBell(flag: string, text: string | undefined): BellChoice | UsageRefusal {
  return readChoice(flag, text ?? "bell", bells);
}

/** What duet speaks; `otherwise` where nothing is given. */
export function readLanguage(
  flag: string,
  text: string | undefined,
  otherwise: Language,
): Language | UsageRefusal {
  return readChoice(flag, text ?? otherwise, languages);
}

/** A bad network on purpose; undefined: none. */
export function readTrouble(flag: string, text: string | undefined): Impairment | undefined | UsageRefusal {
  if (text === undefined) return undefined;
  const read = parseImpairment(text);
  if (read === undefined || !("kind" in read)) return read;
  return refuse("trouble-option", { flag, problem: sentence("trouble-problem", { problem: read.problem }) });
}

function readChoice<Choice extends string>(
  flag: string,
  text: string,
  choices: readonly Choice[],
): Choice | UsageRefusal {
  const chosen = choices.find((choice) => choice === text);
  if (chosen !== undefined) return chosen;
  return refuse("wrong-choice", { flag, word: text, choices });
}
