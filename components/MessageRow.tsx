/**
 * One row of the conversation, painted: `HH:MM nick │ text`. A function, not a component: rows are joined
 * into one Text, for a Text a row costs a layout each (Ink 8).
 */

import { type Row, type RowColumns } from "../src/view/entry-rows.ts";
import type { LitSpan } from "../src/view/search-matches.ts";
import { textColumns } from "../src/protocol/wrap.ts";
import { paint, paintName, type Style, type Theme } from "./theme.ts";

/** What stands at the end of text that still grows. */
const growingMark = "▌";

export function renderRow(row: Row, columns: RowColumns, theme: Theme): string {
  return `${margin(row, columns, theme)} ${paint(theme, "gutter", "│")} ${body(row, theme)}`;
}

function margin(row: Row, columns: RowColumns, theme: Theme): string {
  const name = row.name ?? "";
  const time = row.time === undefined ? " ".repeat(columns.time) : paint(theme, "time", row.time);
  const before = columns.time === 0 ? "" : `${time} `;
  const address = row.address === undefined ? "" : ` ${row.address}`;
  const pad = " ".repeat(Math.max(0, columns.name - textColumns(name + address)));
  return before + pad + paintSpeaker(row, name, theme) + paint(theme, "quiet", address);
}

function paintSpeaker(row: Row, name: string, theme: Theme): string {
  if (row.tone !== undefined) return paint(theme, signStyle(row), name);
  if (row.kind === "out") return paint(theme, "ownName", name);
  return row.nameKey === undefined ? name : paintName(theme, row.nameKey, name);
}

function body(row: Row, theme: Theme): string {
  const mark = row.growing === true ? paint(theme, "quiet", growingMark) : "";
  return paintText(row, theme) + mark + paint(theme, "quiet", row.note ?? "");
}

function paintText(row: Row, theme: Theme): string {
  return row.lit === undefined ? paintUnlit(row, theme) : paintLit(row, row.lit, theme);
}

function paintUnlit(row: Row, theme: Theme): string {
  if (row.kind === "hint") return paint(theme, "hint", row.text);
  if (row.kind === "notice") return paintNotice(row, theme);
  if (row.subjectUnits === undefined) return row.text;
  const subject = paintSpeaker(row, row.text.slice(0, row.subjectUnits), theme);
  return subject + row.text.slice(row.subjectUnits);
}

/** What a search found is lit; what stands between is painted as ever. */
function paintLit(row: Row, lit: readonly LitSpan[], theme: Theme): string {
  const plain = (start: number, end?: number): string => {
    const subjectUnits = Math.max(0, (row.subjectUnits ?? 0) - start);
    return paintUnlit({ ...row, text: row.text.slice(start, end), subjectUnits }, theme);
  };
  const pieces = lit.map(({ start, end, current }, index) => {
    const found = paint(theme, current ? "litCurrent" : "lit", row.text.slice(start, end));
    return plain(lit[index - 1]?.end ?? 0, start) + found;
  });
  return pieces.join("") + plain(lit.at(-1)?.end ?? 0);
}

function paintNotice(row: Row, theme: Theme): string {
  switch (row.tone) {
    case "joined":
    case "left":
    case "info":
    case "state":
      return paint(theme, "quiet", row.text);
    case "warning":
      return paint(theme, "warning", row.text);
    case "error":
      return paint(theme, "bad", row.text);
    default:
      return row.text;
  }
}

function signStyle(row: Row): Style {
  switch (row.tone) {
    case "joined":
      return "joined";
    case "left":
      return "left";
    case "warning":
      return "warning";
    case "error":
      return "bad";
    default:
      return "info";
  }
}
