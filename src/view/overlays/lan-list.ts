/**
 * The list of duets on the local network, in place of the conversation, and the doctor's advice below it: rows, and the
 * keys that move the choice. No colours.
 */

import { fitRows, wordCells } from "../../words/parts/table.ts";
import type { LanModel } from "../../chat/screen/screen-model.ts";
import type { KeyEvent } from "../../input/keys/key-event.ts";
import type { Words } from "../../words/tables/words.ts";
import { cutEnd, wrapText } from "../../protocol/text/wrap.ts";

interface LanLine {
  readonly text: string;
  readonly tone: "strong" | "plain" | "quiet" | "chosen";
}

/** The list has at least this many rows, however long the advice is. */
const listRowsMin = 3;

/** The result of a key. `isUsed` false: the key is for the screen. */
export interface LanPress {
  readonly isUsed: boolean;
  /** The key of the chosen row. */
  readonly selected?: string | undefined;
  /** The key of the row to join. */
  readonly joinKey?: string;
  readonly isClosed?: true;
}

/** The index of the chosen row; 0 if nothing was chosen or the row is gone. */
function findChosenRow({ rows }: LanModel, selected: string | undefined): number {
  return Math.max(
    0,
    rows.findIndex(({ key }) => key === selected),
  );
}

/** Handles an event while the list is open. PgUp and PgDn move by `pageRows`. */
export function pressInLan(
  lan: LanModel,
  selected: string | undefined,
  event: KeyEvent,
  pageRows: number,
): LanPress {
  if (event.type === "text" || event.type === "paste") return { isUsed: true, selected };
  if (event.type === "mouse" && event.action.startsWith("wheel"))
    return moveChoice(lan, selected, event.action === "wheel-up" ? -1 : 1);
  if (event.type !== "key" || event.alt) return { isUsed: false };
  if (event.ctrl) {
    if (event.name === "p" || event.name === "n")
      return moveChoice(lan, selected, event.name === "p" ? -1 : 1);
    return event.name === "g" ? { isUsed: true, isClosed: true } : { isUsed: false };
  }
  switch (event.name) {
    case "up":
      return moveChoice(lan, selected, -1);
    case "down":
      return moveChoice(lan, selected, 1);
    case "page-up":
      return moveChoice(lan, selected, -pageRows);
    case "page-down":
      return moveChoice(lan, selected, pageRows);
    case "home":
      return moveChoice(lan, selected, -lan.rows.length);
    case "end":
      return moveChoice(lan, selected, lan.rows.length);
    case "escape":
      return { isUsed: true, isClosed: true };
    case "enter": {
      const row = lan.rows[findChosenRow(lan, selected)];
      return row === undefined ? { isUsed: true } : { isUsed: true, isClosed: true, joinKey: row.key };
    }
    default:
      return { isUsed: event.name !== "f1" && event.name !== "f2", selected };
  }
}

function moveChoice(lan: LanModel, selected: string | undefined, by: number): LanPress {
  const last = Math.max(0, lan.rows.length - 1);
  const to = Math.max(0, Math.min(last, findChosenRow(lan, selected) + by));
  return { isUsed: true, selected: lan.rows[to]?.key };
}

/** At most `height` lines of `columns`: the list around the choice, and as much of the advice as fits. */
export function buildLanList(
  lan: LanModel,
  selected: string | undefined,
  words: Words,
  columns: number,
  height: number,
): readonly LanLine[] {
  const advice = wrapLines(lan.advice.map(words.word), columns);
  const interfaces = indentLines(fitRows(wordCells(lan.interfaces, words.word), columns - 2).flat());
  const room = Math.max(listRowsMin, height - advice.length - interfaces.length - 4);
  const list = buildList(lan, selected, words, columns, room);
  const count = lan.rows.length === 0 ? "" : ` (${lan.rows.length})`;
  const lines: readonly LanLine[] = [
    { text: words.lan.title + count, tone: "strong" },
    ...list,
    { text: "", tone: "plain" },
    ...advice,
    { text: "", tone: "plain" },
    { text: words.lan.interfaces, tone: "strong" },
    ...interfaces,
  ];
  return lines.slice(0, height).map(({ text, tone }) => ({ text: cutEnd(text, columns), tone }));
}

function wrapLines(lines: readonly string[], columns: number): readonly LanLine[] {
  return indentLines(lines.flatMap((line) => wrapText(line, columns - 2)));
}

function indentLines(texts: readonly string[]): readonly LanLine[] {
  return texts.map((text) => ({ text: `  ${text}`, tone: "plain" as const }));
}

function buildList(
  lan: LanModel,
  selected: string | undefined,
  words: Words,
  columns: number,
  room: number,
): readonly LanLine[] {
  const { rows } = lan;
  if (rows.length === 0) return wrapLines([words.lan.nobody], columns);
  const chosen = findChosenRow(lan, selected);
  const cells = rows.map(({ name, transport, address, joined, person, doubt }) => {
    const marks = [
      ...(joined ? [words.lan.joined] : []),
      ...(person === undefined ? [] : [person === "verified" ? "VERIFIED" : words.lan.known]),
      ...(doubt === undefined ? [] : [words.word(doubt)]),
    ];
    // One cell, so that a doubt stands where every doubt does.
    return [name, transport.toUpperCase(), address, ...(marks.length === 0 ? [] : [marks.join("  ")])];
  });
  const lines = fitRows(cells, columns - 2).flatMap((texts, row) =>
    texts.map((text, line) => {
      const isChosen = row === chosen;
      const sign = isChosen && line === 0 ? "▸ " : "  ";
      return { text: sign + text, tone: isChosen ? ("chosen" as const) : ("plain" as const) };
    }),
  );
  const chosenLine = lines.findIndex(({ tone }) => tone === "chosen");
  const first = Math.max(0, Math.min(lines.length - room, chosenLine - Math.floor(room / 2)));
  return lines.slice(first, first + room);
}
