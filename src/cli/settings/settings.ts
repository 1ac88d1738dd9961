/**
 * Parses the settings file (TOML 1.0), which sets options of the command line by their long names. Opens no file, and
 * does not merge the settings with the command line.
 */

import { readSecretSource } from "../options/secret-source.ts";
import { parsePath } from "../../protocol/address/target.ts";
import { findConflict, findSharedFile } from "../options/option-conflicts.ts";
import type { OptionKey } from "../../words/parts/names.ts";
import { isSentence, type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { type OptionDescription, settingTable } from "../options/option-table.ts";
import {
  readBell,
  readEncrypt,
  readKey,
  readLanguage,
  readName,
  readPeersMax,
  readSeconds,
  readTheme,
  readTrouble,
} from "../options/option-values.ts";
import { readHosts } from "../options/host-ranges.ts";
import type { GivenOptions } from "../options/command-line.ts";
import { findKeyLine, findSyntaxErrorLine } from "./toml-lines.ts";
import { findNearestSetting } from "../options/unknown-option.ts";
import { isUsageError, refuse, refuseTargetProblem, type UsageRefusal } from "../options/usage-refusal.ts";

export interface SettingsSource {
  /** The path that an error names. */
  readonly path: string;
  /** The folder that `~/` at the beginning of a path stands for. */
  readonly home: string;
}

/** The options that the file sets; or a refusal `FILE:LINE: …` that names the allowed values. */
export function parseSettings(text: string, source: SettingsSource): GivenOptions | UsageRefusal {
  const table = parseToml(text);
  if (isSentence(table)) return refuseLine(source, findSyntaxErrorLine(text), table);
  const given = new Map<OptionKey, readonly string[]>();
  for (const [key, value] of Object.entries(table)) {
    const option = settingTable.find((setting) => setting.key === key);
    if (option === undefined) return refuseLine(source, findKeyLine(text, key), describeUnknownKey(key));
    const words = readValue(option, value, source.home);
    if (isSentence(words)) return refuseLine(source, findKeyLine(text, key), words);
    if (words !== undefined) given.set(option.key, words);
  }
  const conflict = findConflict(given) ?? findSharedFile(given);
  return conflict === undefined
    ? given
    : refuseLine(source, findKeyLine(text, conflict.keys[1]), conflict.problem);
}

function refuseLine({ path }: SettingsSource, line: number, problem: Sentence): UsageRefusal {
  return refuse("settings-line", { path: quotePath(path), line, problem });
}

/** Replaces the characters of a path that a terminal would interpret. */
function quotePath(path: string): string {
  return path.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\uFFFD");
}

/** Parses the text to a table; returns a sentence about the first syntax error. */
function parseToml(text: string): Readonly<Record<string, unknown>> | Sentence {
  try {
    return Bun.TOML.parse(text) as Record<string, unknown>;
  } catch (error) {
    const detail = error instanceof Error ? error.message.replace(/^TOML Parse error: /, "") : "";
    return sentence("no-toml", { detail: detail.replace(/\p{C}+/gu, " ") });
  }
}

function describeUnknownKey(key: string): Sentence {
  const nearest = findNearestSetting(key);
  const advice =
    nearest === undefined ? sentence("help-lists-options") : sentence("did-you-mean", { option: nearest });
  return sentence("unknown-setting", { key, advice });
}

/** The option's values as strings; undefined for a switch set to false; a sentence for an invalid value. */
function readValue(
  option: OptionDescription,
  value: unknown,
  home: string,
): readonly string[] | Sentence | undefined {
  const { key } = option;
  if (option.value === undefined) {
    if (typeof value !== "boolean") return sentence("setting-is-switch", { key, value: formatValue(value) });
    return value ? [""] : undefined;
  }
  const words = toStrings(value).map((word) => expandPath(key, word, home));
  if (words.length === 0 || words.includes("")) {
    return sentence("setting-is-text", { key, value: formatValue(value), mayRepeat: isRepeatable(key) });
  }
  if (words.length > 1 && !isRepeatable(key))
    return sentence("setting-is-one", { key, values: words.length });
  return checkWords(key, words) ?? words;
}

/** A TOML value as strings; empty if no option can have a value of this type. */
function toStrings(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isWord = (one: unknown): boolean => typeof one === "string" || typeof one === "number";
  return values.every(isWord) ? values.map(String) : [];
}

function isRepeatable(key: OptionKey): boolean {
  return key === "allow" || key === "deny" || key === "allowfile" || key === "denyfile";
}

const pathKeys: ReadonlySet<OptionKey> = new Set([
  "output",
  "hex-dump",
  "export",
  "unixsock",
  "identity",
  "allowfile",
  "denyfile",
]);

function expandPath(key: OptionKey, word: string, home: string): string {
  return pathKeys.has(key) && word.startsWith("~/") ? `${home}${word.slice(1)}` : word;
}

function checkWords(key: OptionKey, words: readonly string[]): Sentence | undefined {
  const checked = readWithOptionReader(key, `${key} =`, words);
  return isUsageError(checked) ? checked.problem : undefined;
}

type OptionValue = object | string | number | undefined;

/** Uses the same readers as the command line, so that both allow the same values. */
function readWithOptionReader(key: OptionKey, flag: string, words: readonly string[]): OptionValue {
  const word = words.at(-1);
  switch (key) {
    case "wait":
    case "idle-timeout":
      return readSeconds(flag, word, undefined);
    case "max-conns":
      return readPeersMax(flag, word);
    case "allow":
    case "deny":
      return readHosts(flag, words);
    case "name":
      return readName(flag, word, "");
    case "encrypt":
    case "key":
    case "pass-phrase":
    case "trouble":
    case "unixsock":
    case "theme":
    case "bell":
    case "lang":
      return readChosenWord(key, flag, word);
    case "output":
    case "hex-dump":
    case "export":
    case "allowfile":
    case "denyfile":
    case "identity":
    // Any path is allowed; opening it reports an error. A switch has no value; the last ones are not for the file.
    case "listen":
    case "udp":
    case "tcp":
    case "lan":
    case "group":
    case "raw":
    case "duet":
    case "anonymous":
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
    case "replay":
    case "password":
    case "new-pass-phrase":
    case "room":
    case "config":
    case "no-config":
    case "help":
    case "version":
      return undefined;
  }
}

function readChosenWord(
  key: "encrypt" | "key" | "pass-phrase" | "trouble" | "unixsock" | "theme" | "bell" | "lang",
  flag: string,
  word: string | undefined,
): OptionValue {
  switch (key) {
    case "encrypt":
      return readEncrypt(flag, word);
    case "key":
      return readKey(flag, word);
    case "pass-phrase":
      return readSecretSource(flag, word);
    case "trouble":
      return readTrouble(key, word);
    case "unixsock":
      return refuseTargetProblem(parsePath(word ?? ""));
    case "theme":
      return readTheme(flag, word);
    case "bell":
      return readBell(flag, word);
    case "lang":
      return readLanguage(flag, word, "en");
  }
}

function formatValue(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
}
