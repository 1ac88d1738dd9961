/** Loads the tables of one language, and of no other. */

import type { Language } from "./language.ts";
import type { TourWords } from "./tour-words.ts";
import type { UsageWords } from "./usage-words.ts";
import type { Words } from "./words.ts";

/** `program`: what the person types to start duet. */
export async function loadWords(language: Language, program: string): Promise<Words> {
  switch (language) {
    case "en":
      return (await import("./en.ts")).englishFor(program);
    case "zh":
      return (await import("./zh.ts")).chineseFor(program);
  }
}

/** The walk's words are many, and most duets need none of them. */
export async function loadTourWords(language: Language): Promise<TourWords> {
  switch (language) {
    case "en":
      return (await import("./tour-en.ts")).tourEnglish;
    case "zh":
      return (await import("./tour-zh.ts")).tourChinese;
  }
}

export async function loadUsageWords(language: Language): Promise<UsageWords> {
  switch (language) {
    case "en":
      return (await import("./usage-en.ts")).usageEnglish;
    case "zh":
      return (await import("./usage-zh.ts")).usageChinese;
  }
}
