/**
 * Splits the command line into options with their values, and positional arguments. Checks that an option has a value
 * where it needs one, but does not interpret the value. Never throws, whatever the arguments are.
 */

import { parseArgs } from "node:util";
import type { OptionKey } from "../../words/parts/names.ts";
import { optionTable, settingTable } from "./option-table.ts";
import { refuseUnknownOption } from "./unknown-option.ts";
import { refuse, type UsageRefusal } from "./usage-refusal.ts";

/** The options that were set, each with its values in order. A switch has the empty string as its value. */
export type GivenOptions = ReadonlyMap<OptionKey, readonly string[]>;

export interface CommandLine {
  readonly given: GivenOptions;
  /** Switches turned off with `--no-KEY`, even if the settings file turns them on. */
  readonly negated: ReadonlySet<OptionKey>;
  /** Arguments that are no options. */
  readonly positionals: readonly string[];
  /** The first error. */
  readonly error: UsageRefusal | undefined;
}

const parserOptions = Object.fromEntries(
  optionTable.map(({ key, short, value, isValueOptional }) => [
    key,
    {
      // The parser takes whatever follows for the value of a string.
      type: value === undefined || isValueOptional === true ? ("boolean" as const) : ("string" as const),
      ...(short === undefined ? {} : { short }),
    },
  ]),
);
const descriptions = new Map(optionTable.map((option) => [option.key as string, option]));
const switches = settingTable.filter(({ value }) => value === undefined);
const negations = new Map(switches.map(({ key }) => [`no-${key}`, key]));

/**
 * Parses `argv`, which does not include the program. The parser is not strict, because its own errors suggest neither
 * an allowed value nor the option that was meant.
 */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const given = new Map<OptionKey, string[]>();
  const negated = new Set<OptionKey>();
  const positionals: string[] = [];
  let error: UsageRefusal | undefined;
  const { tokens } = parseArgs({ args: [...argv], options: parserOptions, strict: false, tokens: true });
  /** The option without a value that the next argument may be the value of. */
  let open: { readonly values: string[]; readonly index: number } | undefined;
  for (const token of tokens) {
    if (token.kind === "positional" && token.index === open?.index) open.values.splice(-1, 1, token.value);
    else if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = descriptions.get(token.name);
    const key = negations.get(token.name);
    if (option === undefined && key !== undefined) {
      error ??= checkValue(undefined, token);
      negated.add(key);
      given.delete(key);
      continue;
    }
    if (option === undefined) {
      error ??= refuseUnknownOption(argv[token.index] ?? token.rawName, token.rawName);
      continue;
    }
    if (option.isValueOptional !== true) error ??= checkValue(option.value, token);
    const values = given.get(option.key) ?? [];
    given.set(option.key, values);
    values.push(token.value ?? "");
    if (option.isValueOptional === true && token.value === undefined)
      open = { values, index: token.index + 1 };
    negated.delete(option.key);
  }
  return { given, negated, positionals, error };
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
