/** The width tables that the known terminals follow, and a table for the tests of a file. */

import { afterAll, beforeAll } from "bun:test";
import { followWidthTable, type WidthTable, widestTable } from "../../src/protocol/text/width.ts";

/** What each answers: tests/protocol/width.test.ts and tests/e2e/scripts.test.ts ask. */
export const knownTables = {
  "xterm.js": { ...widestTable, emoji: 1, joinedEmoji: 1, skinTone: 1, emojiSelector: 0 },
  "xterm.js with graphemes": {
    ...widestTable,
    joinedEmoji: 0,
    skinTone: 0,
    newMark: 0,
    spacingMark: 0,
    attachedVowel: 0,
  },
  tmux: { ...widestTable, joinedEmoji: 0, emojiSelector: 0, newMark: 0, joinedConsonant: 0 },
  "GNU screen": { ...widestTable, emojiSelector: 0 },
} as const satisfies Readonly<Record<string, WidthTable>>;

/** All tests of the file run on a terminal of this table. */
export function followTableInTests(table: WidthTable = knownTables["xterm.js with graphemes"]): void {
  beforeAll(() => void followWidthTable(table));
  afterAll(() => void followWidthTable(widestTable));
}
