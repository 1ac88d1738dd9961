/** The help text: keys and commands from their tables, as lines of a given width. No colours. */

import { type CommandDescription, commandTable } from "../../chat/commands/command-table.ts";
import { keyTable, replayKeyTable, replayScreenKeys } from "../../input/keys/key-table.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import type { KeyLabel } from "../../words/parts/names.ts";
import type { Words } from "../../words/tables/words.ts";
import { measureColumns, wrapText } from "../../protocol/text/wrap.ts";

/** A line of the help text. */
interface HelpLine {
  readonly text: string;
  readonly tone: "strong" | "plain" | "quiet";
}

const keyColumns = 26;
const keyNameColumns = 10;
const commandNameColumns = 24;
/** From this width on, a command and its summary share a line. */
const wideColumns = 64;

/** The commands with summaries in the given language. */
export function translateCommands({ commandSummaries }: Words): readonly CommandDescription[] {
  return commandTable.map((command) => ({ ...command, summary: commandSummaries[command.name] }));
}

/** The width of the help text: the screen's without a margin on each side. */
export function measureHelp(screenColumns: number): number {
  return screenColumns - 2;
}

/** Lines at most `columns` wide (20 or more). A replay takes no commands, so its help lists only keys. */
export function buildHelp(
  columns: number,
  { words, replayed }: Pick<ScreenModel, "words" | "replayed">,
): readonly HelpLine[] {
  if (replayed) return layoutKeys(columns, listReplayKeys(words));
  return [
    ...layoutKeys(columns, translateKeys(words)),
    { text: "", tone: "plain" },
    ...layoutCommands(columns, words),
  ];
}

/** A key and its summary in the person's language. */
interface ListedKey {
  readonly keys: string;
  readonly summary: string;
}

function translateKeys({ keySummaries }: Words): readonly (ListedKey & { readonly keys: KeyLabel })[] {
  return keyTable.map(({ keys, summary }) => ({ keys, summary: keySummaries?.[keys] ?? summary }));
}

function listReplayKeys(words: Words): readonly ListedKey[] {
  const own = replayKeyTable.map(({ keys, summary }) => ({
    keys,
    summary: words.replayKeySummaries?.[keys] ?? summary,
  }));
  return [...own, ...translateKeys(words).filter(({ keys }) => replayScreenKeys.has(keys))];
}

function layoutKeys(columns: number, listed: readonly ListedKey[]): readonly HelpLine[] {
  const side = Math.max(1, Math.min(4, Math.floor(columns / keyColumns)));
  const height = Math.ceil(listed.length / side);
  return Array.from({ length: height }, (_, row) => ({
    text: listed
      .filter((_key, index) => index % height === row)
      .map(({ keys, summary }) => padEnd(padEnd(keys, keyNameColumns) + summary, keyColumns))
      .join("")
      .trimEnd(),
    tone: "plain" as const,
  }));
}

function layoutCommands(columns: number, words: Words): readonly HelpLine[] {
  return translateCommands(words).flatMap(({ name, argumentsText, summary }): readonly HelpLine[] => {
    const typed = `/${name} ${argumentsText}`.trimEnd();
    if (columns >= wideColumns) return layoutBeside(typed, summary, columns);
    const below = wrapText(summary, Math.max(1, columns - 4)).map((text) => `    ${text}`);
    return [{ text: typed, tone: "strong" }, ...below.map((text) => ({ text, tone: "plain" as const }))];
  });
}

function layoutBeside(typed: string, summary: string, columns: number): readonly HelpLine[] {
  return wrapText(summary, columns - commandNameColumns).map((text, index) => ({
    text: padEnd(index === 0 ? typed : "", commandNameColumns) + text,
    tone: "plain",
  }));
}

function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - measureColumns(text)));
}
