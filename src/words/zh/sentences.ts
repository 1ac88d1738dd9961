/** Every sentence in Chinese (Simplified). */

import type { AllSentences, Sentence, SentenceTable } from "../sentences/sentence.ts";
import { commandsChinese } from "./commands.ts";
import { comparingChinese } from "./comparing.ts";
import { composerChinese } from "./composer.ts";
import { figuresChinese } from "./figures.ts";
import { filesChinese } from "./files.ts";
import { framesChinese } from "./frames.ts";
import { hubsChinese } from "./hubs.ts";
import { lanChinese } from "./lan.ts";
import { networkChinese } from "./network.ts";
import { optionsChinese } from "./options.ts";
import { peopleChinese } from "./people.ts";
import { reasonsChinese } from "./reasons.ts";
import { sealingChinese } from "./sealing.ts";
import { secretsChinese } from "./secrets.ts";
import { sendingChinese } from "./sending.ts";
import { socketsChinese } from "./sockets.ts";
import { targetsChinese } from "./targets.ts";
import { troubleChinese } from "./trouble.ts";
import { wireChinese } from "./wire.ts";

export const sentencesChinese: SentenceTable<AllSentences<Sentence>> = {
  ...commandsChinese,
  ...comparingChinese,
  ...composerChinese,
  ...figuresChinese,
  ...filesChinese,
  ...framesChinese,
  ...hubsChinese,
  ...lanChinese,
  ...networkChinese,
  ...optionsChinese,
  ...peopleChinese,
  ...reasonsChinese,
  ...sealingChinese,
  ...secretsChinese,
  ...sendingChinese,
  ...socketsChinese,
  ...targetsChinese,
  ...troubleChinese,
  ...wireChinese,
};
