/**
 * Paints one row of the conversation: `HH:MM nick │ text`. A function rather than a component: the rows are joined into
 * one Text, because each Text costs a layout (Ink 8).
 */

import type { RowColumns } from "../../src/view/conversation/entry-rows.ts";
import { namePieces, type RowPiece, rowPieces } from "../../src/view/conversation/row-pieces.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { paint, paintLink, paintName, type Style, type Theme } from "../paint/theme.ts";
import type { Row } from "../../src/view/conversation/row.ts";

/** Marks the end of text that is still growing. */
const growingMark = "▌";

export function renderRow(row: Row, columns: RowColumns, theme: Theme): string {
  if (row.chosen === true) return `${margin(row, columns, theme)} ${chosenBody(row, theme)}`;
  return `${margin(row, columns, theme)} ${gutter(row, theme)} ${body(row, theme)}`;
}

/** The gutter is highlighted in all rows of a message that mentions the person. */
function gutter(row: Row, theme: Theme): string {
  return paint(theme, row.mention === true ? "mention" : "gutter", "│");
}

/** Highlights the row from the gutter to its end; the styles within it are dropped. */
function chosenBody(row: Row, theme: Theme): string {
  return paint(
    theme,
    "lit",
    `│ ${row.text}${row.growing === true ? growingMark : ""}${row.note ?? ""}${row.receipt ?? ""}`,
  );
}

function margin(row: Row, columns: RowColumns, theme: Theme): string {
  const name = row.name ?? "";
  const time = row.time === undefined ? " ".repeat(columns.time) : paint(theme, "time", row.time);
  const before = columns.time === 0 ? "" : `${time} `;
  const address = row.address === undefined ? "" : ` ${row.address}`;
  const pad = " ".repeat(Math.max(0, columns.name - measureColumns(name + address)));
  return before + pad + paintLabel(row, theme) + paint(theme, "quiet", address);
}

/** Search matches in the name are highlighted, as in the text. */
function paintLabel(row: Row, theme: Theme): string {
  return namePieces(row)
    .map(({ text, found }) =>
      found === undefined ? paintSpeaker(row, text, theme) : paint(theme, foundStyles[found], text),
    )
    .join("");
}

const foundStyles: Readonly<Record<NonNullable<RowPiece["found"]>, Style>> = {
  found: "lit",
  current: "litCurrent",
};

function paintSpeaker(row: Row, name: string, theme: Theme): string {
  if (row.tone !== undefined) return paint(theme, signStyle(row.tone), name);
  if (row.kind === "out") return paint(theme, "ownName", name);
  if (row.mention === true) return paint(theme, "mention", name);
  return row.nameKey === undefined ? name : paintName(theme, row.nameKey, name);
}

function body(row: Row, theme: Theme): string {
  const mark = row.growing === true ? paint(theme, "quiet", growingMark) : "";
  return paintText(row, theme) + mark + paint(theme, "quiet", (row.note ?? "") + (row.receipt ?? ""));
}

function paintText(row: Row, theme: Theme): string {
  return rowPieces(row)
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
          ? paintSpeaker(row, text, theme)
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

function signStyle(tone: NonNullable<Row["tone"]>): Style {
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
