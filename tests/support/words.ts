/** The words of each language, for a duet that was started as in the README. */

import { chineseFor } from "../../src/words/zh/screen.ts";
import { englishFor } from "../../src/words/en/screen.ts";
import { type Sentence, sentence } from "../../src/words/sentences/sentence.ts";

/** The command that the person typed. */
export const program = "bun run start";

export const english = englishFor(program, "screen");
export const chinese = chineseFor(program, "screen");

/** A sentence that a test makes up, the same in every language. */
export function asWritten(text: string): Sentence {
  return sentence("as-written", { text });
}
