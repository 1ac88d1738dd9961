/**
 * A sentence before it is worded: an id and its parameters. The ids of each topic, with their parameters, are in this
 * folder; each language has one table of words for all of them. Names and texts of people are parameters, which no
 * language parses.
 */

import { cleanText } from "../../protocol/text/text.ts";
import type { HintPlace } from "../parts/hint-place.ts";
import type { NoParams } from "../parts/no-params.ts";
import type { CommandSentences } from "./commands.ts";
import type { ComparingSentences } from "./comparing.ts";
import type { ComposerSentences } from "./composer.ts";
import type { FigureSentences } from "./figures.ts";
import type { FileSentences } from "./files.ts";
import type { FrameSentences } from "./frames.ts";
import type { HubSentences } from "./hubs.ts";
import type { LanSentences } from "./lan.ts";
import type { NetworkSentences } from "./network.ts";
import type { OptionSentences } from "./options.ts";
import type { PeopleSentences } from "./people.ts";
import type { ReasonSentences } from "./reasons.ts";
import type { SealingSentences } from "./sealing.ts";
import type { SecretSentences } from "./secrets.ts";
import type { SendingSentences } from "./sending.ts";
import type { SocketSentences } from "./sockets.ts";
import type { TargetSentences } from "./targets.ts";
import type { TroubleSentences } from "./trouble.ts";
import type { WireSentences } from "./wire.ts";

/** Every id and its parameters; `S` is the type of a sentence within a sentence. */
export interface AllSentences<S>
  extends
    CommandSentences<S>,
    ComparingSentences,
    ComposerSentences,
    FigureSentences<S>,
    FileSentences<S>,
    FrameSentences<S>,
    HubSentences,
    LanSentences<S>,
    NetworkSentences<S>,
    OptionSentences<S>,
    PeopleSentences<S>,
    ReasonSentences<S>,
    SealingSentences,
    SecretSentences<S>,
    SendingSentences<S>,
    SocketSentences,
    TargetSentences,
    TroubleSentences<S>,
    WireSentences {}

export type SentenceId = keyof AllSentences<never>;

/** One sentence: plain data, which can be kept, compared and worded in any language. */
export type Sentence = {
  readonly [Id in SentenceId]: { readonly id: Id; readonly params: AllSentences<Sentence>[Id] };
}[SentenceId];

export type ParamsOf<Id extends SentenceId> = AllSentences<Sentence>[Id];

type IsWithoutParams<Params> = [Params] extends [NoParams] ? true : false;

/** The arguments after the id: none if it has no parameters. */
export type ParamsFor<Id extends SentenceId> =
  IsWithoutParams<ParamsOf<Id>> extends true ? [] : [params: ParamsOf<Id>];

/** A sentence by its id, with the parameters of that id. */
export function sentence<Id extends SentenceId>(id: Id, ...[params]: ParamsFor<Id>): Sentence {
  return { id, params: params ?? {} } as Sentence;
}

/** True if the value is a sentence. */
export function isSentence(value: unknown): value is Sentence {
  return typeof value === "object" && value !== null && "id" in value && "params" in value;
}

/** True if id and parameters are equal. */
export function isSameSentence(one: Sentence, other: Sentence): boolean {
  return one === other || (one.id === other.id && Bun.deepEquals(one.params, other.params));
}

/** Words a sentence in one language. */
export type Word = (sentence: Sentence) => string;

/** One language's words for some ids: a text if there are no parameters, else a function of them. */
export type SentenceTable<Params> = {
  readonly [Id in keyof Params]: IsWithoutParams<Params[Id]> extends true
    ? string | WordingOf<Params[Id]>
    : WordingOf<Params[Id]>;
};

/**
 * `word` words a sentence within this one; `program` is what the person types to start duet; `place` is where the
 * sentence is read.
 */
type WordingOf<Params> = (params: Params, word: Word, program: string, place: HintPlace) => string;

/**
 * The wording function of a language's table. A sentence is clean text on one line, whatever its parameters are: paths,
 * names of options and keys of settings come from people and files.
 */
export function wordWith(
  table: SentenceTable<AllSentences<Sentence>>,
  program: string,
  place: HintPlace = "screen",
): Word {
  const word: Word = ({ id, params }) => {
    const wording: string | WordingOf<never> = table[id];
    return typeof wording === "string" ? wording : cleanText(wording(params as never, word, program, place));
  };
  return word;
}
