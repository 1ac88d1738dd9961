/**
 * Paints one row of the conversation: `HH:MM nick │ text`, with the path before the nick in a room of both transports.
 * A function rather than a component: the rows are joined into one Text, because each Text costs a layout (Ink 8).
 */

import { measureColumns } from "../../src/protocol/text/width.ts";
import type { RowColumns } from "../../src/view/conversation/entry-rows.ts";
import { type RowPiece, cutRow, cutRowName } from "../../src/view/conversation/row-pieces.ts";
import type { Row } from "../../src/view/conversation/row.ts";
import { columnStop } from "../paint/columns.ts";
import {
  joinPainted,
  type Painted,
  paint,
  paintLink,
  paintName,
  paintPlain,
  type Style,
  type Theme,
} from "../paint/theme.ts";

const blank = paintPlain(" ");

/** Marks the end of text that is still growing. */
const growingMark = "▌";

export function paintRow(row: Row, columns: RowColumns, theme: Theme): Painted {
  const margin = paintMargin(row, columns, theme);
  if (row.isChosen === true) return joinPainted([margin, columnStop, blank, paintChosenBody(row, theme)]);
  return joinPainted([margin, columnStop, blank, paintGutter(row, theme), blank, paintBody(row, theme)]);
}

/** The gutter is highlighted in all rows of a message that mentions the person. */
function paintGutter(row: Row, theme: Theme): Painted {
  return paint(theme, row.isMention === true ? "mention" : "gutter", "│");
}

/** Highlights the row from the gutter to its end; the styles within it are dropped. */
function paintChosenBody(row: Row, theme: Theme): Painted {
  const after = (row.note ?? "") + (row.receipt ?? "");
  return joinPainted([
    paint(theme, "highlight", `│ ${row.text}${row.isGrowing === true ? growingMark : ""}`),
    columnStop,
    paint(theme, "highlight", after),
  ]);
}

function paintMargin(row: Row, columns: RowColumns, theme: Theme): Painted {
  const name = row.name ?? "";
  const time = row.time === undefined ? paintPlain(" ".repeat(columns.time)) : paint(theme, "time", row.time);
  const path = paint(theme, "quiet", row.path ?? " ".repeat(columns.path));
  const before = [...(columns.time === 0 ? [] : [time, blank]), ...(columns.path === 0 ? [] : [path, blank])];
  const address = row.address === undefined ? "" : ` ${row.address}`;
  const pad = " ".repeat(Math.max(0, columns.name - measureColumns(name + address)));
  const label = [paintLabel(row, theme), columnStop, paint(theme, "quiet", address)];
  return joinPainted([...before, paintPlain(pad), ...label]);
}

/** Search matches in the name are highlighted, as in the text. */
function paintLabel(row: Row, theme: Theme): Painted {
  const pieces = cutRowName(row).map(({ text, found }) =>
    found === undefined ? paintAuthor(row, text, theme) : paint(theme, foundStyles[found], text),
  );
  return joinPainted(pieces);
}

const foundStyles: Readonly<Record<NonNullable<RowPiece["found"]>, Style>> = {
  found: "highlight",
  current: "highlightCurrent",
};

function paintAuthor(row: Row, name: string, theme: Theme): Painted {
  if (row.tone !== undefined) return paint(theme, getSignStyle(row.tone), name);
  if (row.kind === "out") return paint(theme, "ownName", name);
  if (row.isMention === true) return paint(theme, "mention", name);
  return row.nameKey === undefined ? paintPlain(name) : paintName(theme, row.nameKey, name);
}

function paintBody(row: Row, theme: Theme): Painted {
  const mark = row.isGrowing === true ? [paint(theme, "quiet", growingMark)] : [];
  const after = paint(theme, "quiet", (row.note ?? "") + (row.receipt ?? ""));
  return joinPainted([paintText(row, theme), ...mark, columnStop, after]);
}

function paintText(row: Row, theme: Theme): Painted {
  return joinPainted(cutRow(row).map((piece) => paintPiece(row, piece, theme)));
}

/** A search match takes precedence over a mention. Links are always underlined. */
function paintPiece(row: Row, piece: RowPiece, theme: Theme): Painted {
  const { text, found, link } = piece;
  const painted =
    found !== undefined
      ? paint(theme, foundStyles[found], text)
      : piece.isMention
        ? paint(theme, "mention", text)
        : piece.isSubject
          ? paintAuthor(row, text, theme)
          : paintOwn({ ...row, text }, theme);
  return link === undefined ? painted : paintLink(theme, link, painted);
}

function paintOwn(row: Row, theme: Theme): Painted {
  if (row.kind === "hint") return paint(theme, "hint", row.text);
  return row.kind === "notice" ? paintNotice(row.tone, row.text, theme) : paintPlain(row.text);
}

function paintNotice(tone: Row["tone"], text: string, theme: Theme): Painted {
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
      return paintPlain(text);
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
