/**
 * Cuts a row's text where its style changes: at search matches, mentions, links and the author of a `/me` message. No
 * colours.
 */

import { moveToUnitEnds } from "../../protocol/text/units.ts";
import type { Row, RowLink, HighlightSpan } from "./row.ts";

export interface RowPiece {
  readonly text: string;
  readonly isSubject: boolean;
  readonly isMention: boolean;
  readonly link: RowLink | undefined;
  readonly found: "found" | "current" | undefined;
}

/** The pieces, in order, add up to the text. */
export function cutRow(row: Row): readonly RowPiece[] {
  const { text, subjectUnits = 0, marks = [], highlights = [] } = row;
  const subject = { start: 0, end: subjectUnits };
  return cutAt(text, [subject, ...marks, ...highlights]).map(({ start, piece }) => ({
    text: piece,
    isSubject: start < subjectUnits,
    isMention: marks.some((mark) => mark.link === undefined && hasUnit(mark, start)),
    link: marks.find((mark) => mark.link !== undefined && hasUnit(mark, start))?.link,
    found: findMatchAt(highlights, start),
  }));
}

/** The row's name, cut at the search matches in it. */
export function cutRowName({
  name = "",
  nameHighlights = [],
}: Row): readonly Pick<RowPiece, "text" | "found">[] {
  return cutAt(name, nameHighlights).map(({ start, piece }) => ({
    text: piece,
    found: findMatchAt(nameHighlights, start),
  }));
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function cutAt(
  text: string,
  spans: readonly Span[],
): readonly { readonly start: number; readonly piece: string }[] {
  const inside = spans.flatMap(({ start, end }) => [start, end]).filter((cut) => cut <= text.length);
  const cuts = [0, ...inside, text.length];
  const places = [...new Set(moveToUnitEnds(text, cuts))].toSorted((a, b) => a - b);
  return places.slice(0, -1).map((start, index) => ({ start, piece: text.slice(start, places[index + 1]) }));
}

function hasUnit({ start, end }: Span, unit: number): boolean {
  return start <= unit && unit < end;
}

function findMatchAt(highlights: readonly HighlightSpan[], unit: number): RowPiece["found"] {
  const match = highlights.find((span) => hasUnit(span, unit));
  return match === undefined ? undefined : match.isCurrent ? "current" : "found";
}
