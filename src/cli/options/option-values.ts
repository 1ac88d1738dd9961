/**
 * The values of options, one reader for each kind. Text in, a value or a sentence out; which option
 * goes with which is in options.ts.
 */

import { type Cidr, parseCidr } from "../../protocol/address/cidr.ts";
import { nameMaxColumns, peersMaxDefault } from "../../protocol/limits.ts";
import { cleanName } from "../../protocol/text/nicknames.ts";
import { quoteWord, type UsageError, usageError } from "../../protocol/address/target.ts";
import { type Language, languages } from "../../words/language.ts";
import { parseTrouble, type Trouble } from "../../protocol/sockets/network-impairment.ts";

/** Timers hold 2^31 − 1 milliseconds. */
const secondsMax = 2_147_483;

/** Decimals are allowed; what comes out is whole milliseconds, at least 1. */
export function readSeconds<Default>(
  flag: string,
  text: string | undefined,
  otherwise: Default,
): number | Default | UsageError {
  if (text === undefined) return otherwise;
  const seconds = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= secondsMax) return Math.max(1, Math.round(seconds * 1000));
  return usageError(
    `${flag} ${quoteWord(text)} is not allowed: give seconds above 0, as in ${flag} 2.5, at most ${secondsMax}`,
  );
}

const peersMaxLargest = 65_535;

/** How many peers may be there at once. */
export function readPeersMax(flag: string, text: string | undefined): number | UsageError {
  if (text === undefined) return peersMaxDefault;
  const peers = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (peers >= 1 && peers <= peersMaxLargest) return peers;
  return usageError(
    `${flag} ${quoteWord(text)} is not allowed: give a whole number of peers from 1 to ${peersMaxLargest}`,
  );
}

/** The option may repeat, and each value may be a list with commas, as in ncat. */
export function readRanges(flag: string, values: readonly string[] = []): readonly Cidr[] | UsageError {
  const ranges: Cidr[] = [];
  for (const text of values.flatMap((value) => value.split(","))) {
    const range = parseCidr(text.trim());
    if (range === undefined) {
      return usageError(
        `${flag} ${quoteWord(text)} is no range of addresses: write 10.0.0.0/8, fe80::/10 or one address`,
      );
    }
    ranges.push(range);
  }
  return ranges;
}

const nameDefault = "guest";

/** The name that was given, if it can be shown as it is, or one made of the login name. */
export function readName(flag: string, text: string | undefined, loginName: string): string | UsageError {
  if (text === undefined) return loginName.trim() === "" ? nameDefault : cleanName(loginName);
  const name = text.trim();
  const shown = cleanName(name);
  if (shown === name) return name;
  if (Bun.stringWidth(name) === 0) return usageError(`${flag} needs a name that can be seen`);
  if (name.startsWith(shown)) {
    return usageError(
      `${flag} ${quoteWord(name)} is too long: at most ${nameMaxColumns} columns are allowed`,
    );
  }
  return usageError(`${flag} ${quoteWord(name)} cannot be shown as it is: ${quoteWord(shown)} is allowed`);
}

/** What the screen's colours are made for; `auto`: what the terminal says of its background. */
export type ThemeChoice = "auto" | "dark" | "light" | "plain";
/** How a mention calls a person who looks elsewhere: BEL, a notification of the desktop (OSC 9), or both. */
export type BellChoice = "bell" | "osc9" | "both" | "none";

const themes: readonly ThemeChoice[] = ["auto", "dark", "light", "plain"];
const bells: readonly BellChoice[] = ["bell", "osc9", "both", "none"];

export function readTheme(flag: string, text: string | undefined): ThemeChoice | UsageError {
  return readChoice(flag, text ?? "auto", themes);
}

export function readBell(flag: string, text: string | undefined): BellChoice | UsageError {
  return readChoice(flag, text ?? "bell", bells);
}

/** What duet speaks; `otherwise` where nothing is given. */
export function readLanguage(
  flag: string,
  text: string | undefined,
  otherwise: Language,
): Language | UsageError {
  return readChoice(flag, text ?? otherwise, languages);
}

/** A bad network on purpose; undefined: none. */
export function readTrouble(flag: string, text: string | undefined): Trouble | undefined | UsageError {
  if (text === undefined) return undefined;
  const read = parseTrouble(text);
  return isUsageError(read) ? usageError(`${flag}: ${read.message}`) : read;
}

function readChoice<Choice extends string>(
  flag: string,
  text: string,
  choices: readonly Choice[],
): Choice | UsageError {
  const chosen = choices.find((choice) => choice === text);
  if (chosen !== undefined) return chosen;
  const allowed = `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`;
  return usageError(`${flag} ${quoteWord(text)} is not allowed: give ${allowed}`);
}

/** Tells an error from a value of any other shape. */
export function isUsageError(value: unknown): value is UsageError {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "usage-error";
}
