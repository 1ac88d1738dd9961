/** Chinese for the sentences that the chat makes, of which every program is told in English. */

import { leavingPairs, peoplePairs, sendingPairs, statePairs } from "./zh-chat.ts";
import { aroundPairs, commandPairs, composerPairs, wirePairs } from "./zh-commands.ts";
import { errorPairs } from "./zh-errors.ts";
import { usageErrorPairs } from "./zh-usage-errors.ts";
import { whyPairs } from "./zh-why.ts";
import { figurePairs } from "./zh-figures.ts";
import { filePairs } from "./zh-files.ts";
import { type Say, translator } from "./sentences.ts";

const pairs = [
  ...peoplePairs,
  ...statePairs,
  ...leavingPairs,
  ...sendingPairs,
  ...commandPairs,
  ...aroundPairs,
  ...composerPairs,
  ...wirePairs,
  ...errorPairs,
  ...usageErrorPairs,
  ...whyPairs,
  ...figurePairs,
  ...filePairs,
];

/** See Words.sentence. */
export const chineseSentence: Say = translator(pairs);
