/** Every sentence in English. */

import type { AllSentences, Sentence, SentenceTable } from "../sentences/sentence.ts";
import { commandsEnglish } from "./commands.ts";
import { comparingEnglish } from "./comparing.ts";
import { composerEnglish } from "./composer.ts";
import { figuresEnglish } from "./figures.ts";
import { filesEnglish } from "./files.ts";
import { framesEnglish } from "./frames.ts";
import { hubsEnglish } from "./hubs.ts";
import { lanEnglish } from "./lan.ts";
import { networkEnglish } from "./network.ts";
import { optionsEnglish } from "./options.ts";
import { peopleEnglish } from "./people.ts";
import { reasonsEnglish } from "./reasons.ts";
import { sealingEnglish } from "./sealing.ts";
import { secretsEnglish } from "./secrets.ts";
import { sendingEnglish } from "./sending.ts";
import { socketsEnglish } from "./sockets.ts";
import { targetsEnglish } from "./targets.ts";
import { troubleEnglish } from "./trouble.ts";
import { wireEnglish } from "./wire.ts";

export const sentencesEnglish: SentenceTable<AllSentences<Sentence>> = {
  ...commandsEnglish,
  ...comparingEnglish,
  ...composerEnglish,
  ...figuresEnglish,
  ...filesEnglish,
  ...framesEnglish,
  ...hubsEnglish,
  ...lanEnglish,
  ...networkEnglish,
  ...optionsEnglish,
  ...peopleEnglish,
  ...reasonsEnglish,
  ...sealingEnglish,
  ...secretsEnglish,
  ...sendingEnglish,
  ...socketsEnglish,
  ...targetsEnglish,
  ...troubleEnglish,
  ...wireEnglish,
};
