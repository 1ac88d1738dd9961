/** The table of a language for --help. Types only. */

import type { OptionKey } from "../parts/names.ts";

export interface UsageWords {
  /** Follows `duet 1.2.3`. */
  readonly title: string;
  readonly twoTerminals: string;
  readonly first: string;
  readonly second: string;
  readonly both: string;
  readonly withNc: string;
  readonly youListen: string;
  readonly theyConnect: string;
  readonly pair: string;
  readonly connect: string;
  readonly listen: string;
  readonly unix: string;
  /** undefined: the English summaries of the option table. */
  readonly options: Readonly<Record<OptionKey, string>> | undefined;
  /** Paragraphs at the end, a line each, of at most 80 columns. */
  readonly settings: readonly string[];
  readonly ending: readonly string[];
}
