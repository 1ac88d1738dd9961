/**
 * Paints one row of the conversation: `HH:MM nick │ text`. A function rather than a component: the rows are joined into
 * one Text, because each Text costs a layout (Ink 8).
 */

import { measureColumns } from "../../src/protocol/text/wrap.ts";
import type { RowColumns } from "../../src/view/conversation/entry-rows.ts";
import { type RowPiece, cutRow, cutRowName } from "../../src/view/conversation/row-pieces.ts";
import type { Row } from "../../src/view/conversation/row.ts";
import { type Style, type Theme, paint, paintLink, paintName } from "../paint/theme.ts";

/** Marks the end of text that is still growing. */
const growingMark = "▌";

export function paintRow(row: Row, columns: RowColumns, theme: Theme): string {
  if (row.isChosen === true) return `${paintMargin(row, columns, theme)} ${paintChosenBody(row, theme)}`;
  return `${paintMargin(row, columns, theme)} ${paintGutter(row, theme)} ${paintBody(row, theme)}`;
}

/** The gutter is highlighted in all rows of a message that mentions the person. */
function paintGutter(row: Row, theme: Theme): string {
  return paint(theme, row.isMention === true ? "mention" : "gutter", "│");
}

/** Highlights the row from the gutter to its end; the styles within it are dropped. */
function paintChosenBody(row: Row, theme: Theme): string {
  return paint(
    theme,
    "highlight",
    `│ ${row.text}${row.isGrowing === true ? growingMark : ""}${row.note ?? ""}${row.receipt ?? ""}`,
  );
}

function paintMargin(row: Row, columns: RowColumns, theme: Theme): string {
  const name = row.name ?? "";
  const time = row.time === undefined ? " ".repeat(columns.time) : paint(theme, "time", row.time);
  const before = columns.time === 0 ? "" : `${time} `;
  const address = row.address === undefined ? "" : ` ${row.address}`;
  const pad = " ".repeat(Math.max(0, columns.name - measureColumns(name + address)));
  return before + pad + paintLabel(row, theme) + paint(theme, "quiet", address);
}

/** Search matches in the name are highlighted, as in the text. */
function paintLabel(row: Row, theme: Theme): string {
  return cutRowName(row)
    .map(({ text, found }) =>
      found === undefined ? paintAuthor(row, text, theme) : paint(theme, foundStyles[found], text),
    )
    .join("");
}

const foundStyles: Readonly<Record<NonNullable<RowPiece["found"]>, Style>> = {
  found: "highlight",
  current: "highlightCurrent",
};

function paintAuthor(row: Row, name: string, theme: Theme): string {
  if (row.tone !== undefined) return paint(theme, getSignStyle(row.tone), name);
  if (row.kind === "out") return paint(theme, "ownName", name);
  if (row.isMention === true) return paint(theme, "mention", name);
  return row.nameKey === undefined ? name : paintName(theme, row.nameKey, name);
}

function paintBody(row: Row, theme: Theme): string {
  const mark = row.isGrowing === true ? paint(theme, "quiet", growingMark) : "";
  return paintText(row, theme) + mark + paint(theme, "quiet", (row.note ?? "") + (row.receipt ?? ""));
}

function paintText(row: Row, theme: Theme): string {
  return cutRow(row)
    .map((piece) => paintPiece(row, piece, theme))
    .join("");
}

/** A search match takes precedence over a mention. Links are always underlined. */
function paintPiece(row: Row, piece: RowPiece, theme: Theme): string {
  const { text, found, link } = piece;
  const painted =
    found !== undefined
      ? paint(theme, foundStyles[found], text)
      : piece.isMention
        ? paint(theme, "mention", text)
        : piece.isSubject
          ? paintAuthor(row, text, theme)
          : paintPlain({ ...row, text }, theme);
  return link === undefined ? painted : paintLink(theme, link, painted);
}

function paintPlain(row: Row, theme: Theme): string {
  if (row.kind === "hint") return paint(theme, "hint", row.text);
  return row.kind === "notice" ? paintNotice(row.tone, row.text, theme) : row.text;
}

function paintNotice(tone: Row["tone"], text: string, theme: Theme): string {
  switch (tone) {
    case "joined":
    case "left":
    case "info":
    case "state":
      return paint(theme, "quiet", text);
    case "warning":
      return paint(theme, "warning", text);
    case "error":
      return paint(theme, "bad", text);
    case undefined:
      return text;
  }
}

function getSignStyle(tone: NonNullable<Row["tone"]>): Style {
  switch (tone) {
    case "joined":
      return "joined";
    case "left":
      return "left";
    case "warning":
      return "warning";
    case "error":
      return "bad";
    case "info":
    case "state":
      return "info";
  }
}
