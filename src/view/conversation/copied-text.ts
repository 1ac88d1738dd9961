/** The text of a conversation as it is copied: clean, and as its author wrote it otherwise. */

import type { Entry } from "../../chat/log/entry.ts";
import { cleanText, splitLines } from "../../protocol/text/text.ts";

/** The whole text of an entry, one line for each of its lines. Tabs stay, since code has a meaning by them. */
export function readEntryText(entry: Entry): string {
  return splitLines(entry.text).map(cleanBetweenTabs).join("\n");
}

function cleanBetweenTabs(line: string): string {
  return line.split("\t").map(cleanText).join("\t");
}
