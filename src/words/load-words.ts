/** Loads the tables of one language, and the English sentences for peers, programs and logs. */

import type { HintPlace } from "./parts/hint-place.ts";
import type { Language } from "./parts/language.ts";
import type { TourWords } from "./tables/tour-words.ts";
import type { UsageWords } from "./tables/usage-words.ts";
import type { Words } from "./tables/words.ts";

/** `program`: the command that starts duet. `place`: where its sentences are read. */
export async function loadWords(language: Language, program: string, place: HintPlace): Promise<Words> {
  switch (language) {
    case "en":
      return (await import("./en/screen.ts")).englishFor(program, place);
    case "zh":
      return (await import("./zh/screen.ts")).chineseFor(program, place);
  }
}

/** Loaded apart from the other words: they are many, and most runs need none of them. */
export async function loadTourWords(language: Language): Promise<TourWords> {
  switch (language) {
    case "en":
      return (await import("./en/tour.ts")).tourEnglish;
    case "zh":
      return (await import("./zh/tour.ts")).tourChinese;
  }
}

export async function loadUsageWords(language: Language): Promise<UsageWords> {
  switch (language) {
    case "en":
      return (await import("./en/usage.ts")).usageEnglish;
    case "zh":
      return (await import("./zh/usage.ts")).usageChinese;
  }
}
