/**
 * Readers of option values, one for each kind of value. A reader returns the value or a refusal that names `flag`, and
 * the default if the option was not set. options.ts and settings.ts call them.
 */

import type { EncryptChoice } from "../../chat/config/config.ts";
import { formatKey, parseKey } from "../../protocol/identity/key-text.ts";
import { nameMaxColumns, peersMaxDefault } from "../../protocol/limits.ts";
import { cleanName } from "../../protocol/text/nicknames.ts";
import { measureColumns } from "../../protocol/text/width.ts";
import { type Language, languages } from "../../words/parts/language.ts";
import { parseImpairment, type Impairment } from "../../protocol/sockets/network-impairment.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { refuse, type UsageRefusal } from "./usage-refusal.ts";

/** The longest delay of a timer is 2^31 − 1 milliseconds. */
const secondsMax = 2_147_483;

/** Converts seconds, possibly with decimals, to whole milliseconds, at least 1. */
export function readSeconds<Default>(
  flag: string,
  text: string | undefined,
  fallback: Default,
): number | Default | UsageRefusal {
  if (text === undefined) return fallback;
  const seconds = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= secondsMax) return Math.max(1, Math.round(seconds * 1000));
  return refuse("wrong-seconds", { flag, word: text, max: secondsMax });
}

const peersMaxLargest = 65_535;

/** Reads how many peers may be connected at once; 0 admits nobody, as in ncat. */
export function readPeersMax(flag: string, text: string | undefined): number | UsageRefusal {
  if (text === undefined) return peersMaxDefault;
  const peers = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (peers >= 0 && peers <= peersMaxLargest) return peers;
  return refuse("wrong-peers-max", { flag, word: text, max: peersMaxLargest });
}

const nameDefault = "guest";

/** Accepts a name only if it can be shown unchanged. The default is the cleaned login name. */
export function readName(flag: string, text: string | undefined, loginName: string): string | UsageRefusal {
  if (text === undefined) return loginName.trim() === "" ? nameDefault : cleanName(loginName);
  const name = text.trim();
  const shown = cleanName(name);
  if (shown === name) return name;
  if (measureColumns(name) === 0) return refuse("name-unseen", { flag });
  if (name.startsWith(shown)) return refuse("name-too-long", { flag, name, columns: nameMaxColumns });
  return refuse("name-not-as-is", { flag, name, shown });
}

/** The background that the screen's colours suit. `auto` asks the terminal for it. */
export type ThemeChoice = "auto" | "dark" | "light" | "plain";
/** The alert for a mention while the window has no focus: BEL, a desktop notification (OSC 9), both or none. */
export type BellChoice = "bell" | "osc9" | "both" | "none";

const encryptChoices: readonly EncryptChoice[] = ["auto", "require", "off"];

export function readEncrypt(flag: string, text: string | undefined): EncryptChoice | UsageRefusal {
  return readChoice(flag, text ?? "auto", encryptChoices);
}

/** Reads a key, as it stands in the line that a friend has handed over. */
export function readKey(flag: string, text: string | undefined): string | undefined | UsageRefusal {
  if (text === undefined) return undefined;
  const key = parseKey(text);
  return key === undefined ? refuse("wrong-key", { flag, word: text }) : formatKey(key);
}

const themes: readonly ThemeChoice[] = ["auto", "dark", "light", "plain"];
const bells: readonly BellChoice[] = ["bell", "osc9", "both", "none"];

export function readTheme(flag: string, text: string | undefined): ThemeChoice | UsageRefusal {
  return readChoice(flag, text ?? "auto", themes);
}

export function readBell(flag: string, text: string | undefined): BellChoice | UsageRefusal {
  return readChoice(flag, text ?? "bell", bells);
}

/** Reads the language of duet's own sentences. */
export function readLanguage(
  flag: string,
  text: string | undefined,
  fallback: Language,
): Language | UsageRefusal {
  return readChoice(flag, text ?? fallback, languages);
}

/** Reads the impairment of UDP; undefined if there is none. */
export function readTrouble(flag: string, text: string | undefined): Impairment | undefined | UsageRefusal {
  if (text === undefined) return undefined;
  const parsed = parseImpairment(text);
  if (parsed === undefined || !("kind" in parsed)) return parsed;
  return refuse("trouble-option", {
    flag,
    problem: sentence("trouble-problem", { problem: parsed.problem }),
  });
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
