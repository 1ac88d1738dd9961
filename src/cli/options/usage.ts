/** The text of --help and of a usage error, and the version. */

import packageDescription from "../../../package.json" with { type: "json" };
import type { UsageWords } from "../../words/tables/usage-words.ts";
import type { Sentence, Word } from "../../words/sentences/sentence.ts";
import { type OptionDescription, optionTable } from "./option-table.ts";

export const version: string = packageDescription.version;

const exampleColumns = 37;
const formColumns = 29;
const longFormColumns = 20;

/** The text of --help: at most 80 columns, with a newline at its end. */
export function formatUsage(words: UsageWords, program: string): string {
  const example = (command: string, meaning: string): string =>
    `    ${command.padEnd(exampleColumns)}${meaning}`;
  const form = (command: string, meaning: string): string => `    ${command.padEnd(formColumns)}${meaning}`;
  const lines = [
    `duet ${version}${words.title}`,
    "",
    words.twoTerminals,
    example(program, words.first),
    example(program, words.second),
    example(`${program} --udp`, words.both),
    "",
    words.withNc,
    example(`${program} -l 127.0.0.1 8080`, words.youListen),
    example("nc 127.0.0.1 8080", words.theyConnect),
    "",
    form("duet", words.pair),
    form("duet HOST PORT", words.connect),
    form("duet -l [HOST] [PORT]", words.listen),
    form("duet -U PATH, -l -U PATH", words.unix),
    "",
    ...optionTable.map((option) => formatOption(option, words)),
    "",
    ...words.settings,
    "",
    ...words.ending,
  ];
  return `${lines.join("\n")}\n`;
}

function formatOption(option: OptionDescription, words: UsageWords): string {
  const { key, short, value, isValueOptional, summary } = option;
  const shortForm = short === undefined ? "    " : `-${short}, `;
  const shownValue = isValueOptional === true ? `[${value}]` : value;
  const longForm = value === undefined ? `--${key}` : `--${key} ${shownValue}`;
  return `  ${shortForm}${longForm.padEnd(longFormColumns)} ${words.options?.[key] ?? summary}`;
}

/** The text that refuses a command line or settings file, with a newline at its end. */
export function formatRefusal(problem: Sentence, word: Word): string {
  return `duet: ${word(problem)}\n`;
}
