/** Loads the table of one language, and no other. */

import type { Language } from "./language.ts";
import type { TourWords } from "./tour-words.ts";

export async function loadTourWords(language: Language): Promise<TourWords> {
  switch (language) {
    case "en":
      return (await import("./tour-en.ts")).tourEnglish;
    case "zh":
      return (await import("./tour-zh.ts")).tourChinese;
  }
}
