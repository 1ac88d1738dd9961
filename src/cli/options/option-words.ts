/**
 * The command line's words, sorted: which options were given, with which values, and what is none. What a value means
 * is not known here, but that it is there. It never throws, whatever the words are.
 */

import { parseArgs } from "node:util";
import type { OptionKey } from "../../words/parts/names.ts";
import { optionTable, settingTable } from "./option-table.ts";
import { refuseUnknownOption } from "./unknown-option.ts";
import { refuse, type UsageRefusal } from "./usage-refusal.ts";

/** Every option that was given, with its values in order; one that takes none has an empty word. */
export type GivenOptions = ReadonlyMap<OptionKey, readonly string[]>;

export interface Words {
  readonly given: GivenOptions;
  /** `--no-KEY`: what a file of settings turns on is off. */
  readonly without: ReadonlySet<OptionKey>;
  /** The words that are no options. */
  readonly positionals: readonly string[];
  /** The first thing that is wrong. */
  readonly error: UsageRefusal | undefined;
}

const parserOptions = Object.fromEntries(
  optionTable.map(({ key, short, value }) => [
    key,
    {
      type: value === undefined ? ("boolean" as const) : ("string" as const),
      ...(short === undefined ? {} : { short }),
    },
  ]),
);
const descriptions = new Map(optionTable.map((option) => [option.key as string, option]));
const switches = settingTable.filter(({ value }) => value === undefined);
const negations = new Map(switches.map(({ key }) => [`no-${key}`, key]));

/**
 * `argv` without the program. The parser is not strict, since its own errors name neither what is allowed nor what
 * was meant.
 */
export function readWords(argv: readonly string[]): Words {
  const given = new Map<OptionKey, string[]>();
  const without = new Set<OptionKey>();
  const positionals: string[] = [];
  let error: UsageRefusal | undefined;
  const { tokens } = parseArgs({ args: [...argv], options: parserOptions, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = descriptions.get(token.name);
    const negated = negations.get(token.name);
    if (option === undefined && negated !== undefined) {
      error ??= checkValue(undefined, token);
      without.add(negated);
      given.delete(negated);
      continue;
    }
    if (option === undefined) {
      error ??= refuseUnknownOption(argv[token.index] ?? token.rawName, token.rawName);
      continue;
    }
    error ??= checkValue(option.value, token);
    given.set(option.key, [...(given.get(option.key) ?? []), token.value ?? ""]);
    without.delete(option.key);
  }
  return { given, without, positionals, error };
}

interface OptionToken {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function checkValue(valueName: string | undefined, token: OptionToken): UsageRefusal | undefined {
  const { rawName, value, inlineValue } = token;
  if (valueName === undefined) {
    return value === undefined ? undefined : refuse("takes-no-value", { option: rawName, value });
  }
  if (value === undefined || value === "")
    return refuse("needs-value", { option: rawName, valueName, given: undefined });
  if (inlineValue === true || !/^-[^\d.]/.test(value)) return undefined;
  return refuse("needs-value", { option: rawName, valueName, given: value });
}
