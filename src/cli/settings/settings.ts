/**
 * A file of settings (TOML 1.0): each option of the command line by its long name, with its default. Text in, the
 * options it gives or a sentence with the line out. It opens no file and decides nothing between options.
 */

import { parsePath } from "../../protocol/address/target.ts";
import { findClash } from "../options/option-conflicts.ts";
import type { OptionKey } from "../../words/parts/names.ts";
import { isSentence, type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { type OptionDescription, settingTable } from "../options/option-table.ts";
import {
  readBell,
  readLanguage,
  readName,
  readPeersMax,
  readRanges,
  readSeconds,
  readTheme,
} from "../options/option-values.ts";
import type { GivenOptions } from "../options/option-words.ts";
import { lineOfKey, lineOfSyntaxError } from "./toml-lines.ts";
import { nearestSetting } from "../options/unknown-option.ts";
import { isUsageError, refuse, targetOrRefusal, type UsageRefusal } from "../options/usage-refusal.ts";

export interface SettingsSource {
  /** As it is named in an error. */
  readonly path: string;
  /** What `~/` at the beginning of a path stands for. */
  readonly home: string;
}

/** What the file gives; or what is wrong, as `FILE:LINE: …`, with what is allowed. */
export function parseSettings(text: string, source: SettingsSource): GivenOptions | UsageRefusal {
  const table = parseToml(text);
  if (isSentence(table)) return wrongAt(source, lineOfSyntaxError(text), table);
  const given = new Map<OptionKey, readonly string[]>();
  for (const [key, value] of Object.entries(table)) {
    const option = settingTable.find((setting) => setting.key === key);
    if (option === undefined) return wrongAt(source, lineOfKey(text, key), unknownKey(key));
    const words = readValue(option, value, source.home);
    if (isSentence(words)) return wrongAt(source, lineOfKey(text, key), words);
    if (words !== undefined) given.set(option.key, words);
  }
  const clash = findClash(given);
  return clash === undefined ? given : wrongAt(source, lineOfKey(text, clash.keys[1]), clash.clash);
}

function wrongAt({ path }: SettingsSource, line: number, problem: Sentence): UsageRefusal {
  return refuse("settings-line", { path: quotePath(path), line, problem });
}

/** A path is written as it is, but for what a terminal would obey. */
function quotePath(path: string): string {
  return path.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\uFFFD");
}

/** The table, or what is wrong with the text. */
function parseToml(text: string): Readonly<Record<string, unknown>> | Sentence {
  try {
    return Bun.TOML.parse(text) as Record<string, unknown>;
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/^TOML Parse error: /, "") : "";
    return sentence("no-toml", { detail: said.replace(/\p{C}+/gu, " ") });
  }
}

function unknownKey(key: string): Sentence {
  const nearest = nearestSetting(key);
  const advice =
    nearest === undefined ? sentence("help-lists-options") : sentence("did-you-mean", { option: nearest });
  return sentence("unknown-setting", { key, advice });
}

/** The option's words as the command line would have them; undefined: as if not given; a sentence: why not. */
function readValue(
  option: OptionDescription,
  value: unknown,
  home: string,
): readonly string[] | Sentence | undefined {
  const { key } = option;
  if (option.value === undefined) {
    if (typeof value !== "boolean") return sentence("setting-is-switch", { key, value: valueText(value) });
    return value ? [""] : undefined;
  }
  const words = wordsOf(value).map((word) => expandHome(key, word, home));
  if (words.length === 0 || words.includes("")) {
    return sentence("setting-is-text", { key, value: valueText(value), mayRepeat: repeats(key) });
  }
  if (words.length > 1 && !repeats(key)) return sentence("setting-is-one", { key, values: words.length });
  return checkWords(key, words) ?? words;
}

/** Empty where the value is of a kind that no option has. */
function wordsOf(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isWord = (one: unknown): boolean => typeof one === "string" || typeof one === "number";
  return values.every(isWord) ? values.map(String) : [];
}

function repeats(key: OptionKey): boolean {
  return key === "allow" || key === "deny";
}

function expandHome(key: OptionKey, word: string, home: string): string {
  const isPath = key === "output" || key === "hex-dump" || key === "export" || key === "unixsock";
  return isPath && word.startsWith("~/") ? `${home}${word.slice(1)}` : word;
}

function checkWords(key: OptionKey, words: readonly string[]): Sentence | undefined {
  const checked = readAs(key, `${key} =`, words);
  return isUsageError(checked) ? checked.problem : undefined;
}

/** By the very readers of the command line, so that both allow the same. */
function readAs(
  key: OptionKey,
  flag: string,
  words: readonly string[],
): object | string | number | undefined {
  const word = words.at(-1);
  switch (key) {
    case "wait":
    case "idle-timeout":
      return readSeconds(flag, word, undefined);
    case "max-conns":
      return readPeersMax(flag, word);
    case "allow":
    case "deny":
      return readRanges(flag, words);
    case "name":
      return readName(flag, word, "");
    case "theme":
      return readTheme(flag, word);
    case "bell":
      return readBell(flag, word);
    case "lang":
      return readLanguage(flag, word, "en");
    case "unixsock":
      return targetOrRefusal(parsePath(word ?? ""));
    case "output":
    case "hex-dump":
    case "export":
    case "trouble":
      return undefined; // The command line's own check follows.
    case "listen":
    case "udp":
    case "tcp":
    case "lan":
    case "group":
    case "raw":
    case "duet":
    case "ipv4":
    case "ipv6":
    case "crlf":
    case "telnet":
    case "plain":
    case "json":
    case "exit-after-input":
    case "send-only":
    case "recv-only":
    case "verbose":
    case "screen-reader":
    case "tour":
      return undefined; // A switch has no value.
    case "replay":
    case "config":
    case "no-config":
    case "help":
    case "version":
      return undefined; // Not in a file of settings.
  }
}

function valueText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
}
