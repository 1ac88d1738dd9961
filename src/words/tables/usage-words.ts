/** What each language's table of --help has to say. Types only. */

import type { OptionKey } from "../parts/names.ts";

export interface UsageWords {
  /** Behind `duet 1.2.3`. */
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
  /** undefined: the table's own, which are English. */
  readonly options: Readonly<Record<OptionKey, string>> | undefined;
  /** Paragraphs at the end, a line each, of at most 80 columns. */
  readonly settings: readonly string[];
  readonly ending: readonly string[];
}
