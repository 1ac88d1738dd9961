/**
 * Cuts a row's text where its style changes: at search matches, mentions, links and the author of a `/me` message. No
 * colours.
 */

import type { Row, RowLink, LitSpan } from "./row.ts";

export interface RowPiece {
  readonly text: string;
  readonly isSubject: boolean;
  readonly isMention: boolean;
  readonly link: RowLink | undefined;
  readonly found: "found" | "current" | undefined;
}

/** The pieces, in order, add up to the text. */
export function rowPieces(row: Row): readonly RowPiece[] {
  const { text, subjectUnits = 0, marks = [], lit = [] } = row;
  const subject = { start: 0, end: subjectUnits };
  return cutAt(text, [subject, ...marks, ...lit]).map(({ start, piece }) => ({
    text: piece,
    isSubject: start < subjectUnits,
    isMention: marks.some((mark) => mark.link === undefined && holds(mark, start)),
    link: marks.find((mark) => mark.link !== undefined && holds(mark, start))?.link,
    found: foundAt(lit, start),
  }));
}

/** The row's name, cut at the search matches in it. */
export function namePieces({ name = "", litName = [] }: Row): readonly Pick<RowPiece, "text" | "found">[] {
  return cutAt(name, litName).map(({ start, piece }) => ({ text: piece, found: foundAt(litName, start) }));
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function cutAt(
  text: string,
  spans: readonly Span[],
): readonly { readonly start: number; readonly piece: string }[] {
  const cuts = [0, ...spans.flatMap(({ start, end }) => [start, end]), text.length];
  const places = [...new Set(cuts)].filter((cut) => cut <= text.length).toSorted((a, b) => a - b);
  return places.slice(0, -1).map((start, index) => ({ start, piece: text.slice(start, places[index + 1]) }));
}

function holds({ start, end }: Span, unit: number): boolean {
  return start <= unit && unit < end;
}

function foundAt(lit: readonly LitSpan[], unit: number): RowPiece["found"] {
  const match = lit.find((span) => holds(span, unit));
  return match === undefined ? undefined : match.current ? "current" : "found";
}
