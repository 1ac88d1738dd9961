/** What --help and --version print. Words only; the options are read from their table. */

import packageDescription from "../../../package.json" with { type: "json" };
import type { UsageWords } from "../../words/tables/usage-words.ts";
import type { Sentence, Word } from "../../words/sentences/sentence.ts";
import { type OptionDescription, optionTable } from "./option-table.ts";

/** As in package.json. */
export const version: string = packageDescription.version;

const programColumns = 37;
const placeColumns = 29;
const wordColumns = 20;

/** The text of --help: at most 80 columns, with a newline at its end. */
export function usageText(words: UsageWords, program: string): string {
  const example = (command: string, meaning: string): string =>
    `    ${command.padEnd(programColumns)}${meaning}`;
  const place = (command: string, meaning: string): string => `    ${command.padEnd(placeColumns)}${meaning}`;
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
    place("duet", words.pair),
    place("duet HOST PORT", words.connect),
    place("duet -l [HOST] [PORT]", words.listen),
    place("duet -U PATH, -l -U PATH", words.unix),
    "",
    ...optionTable.map((option) => optionLine(option, words)),
    "",
    ...words.settings,
    "",
    ...words.ending,
  ];
  return `${lines.join("\n")}\n`;
}

function optionLine({ key, short, value, summary }: OptionDescription, words: UsageWords): string {
  const letter = short === undefined ? "    " : `-${short}, `;
  const word = value === undefined ? `--${key}` : `--${key} ${value}`;
  return `  ${letter}${word.padEnd(wordColumns)} ${words.options?.[key] ?? summary}`;
}

/** What a wrong command line, or line of a file of settings, is answered with; with a newline. */
export function refusalText(problem: Sentence, word: Word): string {
  return `duet: ${word(problem)}\n`;
}
