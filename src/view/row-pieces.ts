/** A row's text, cut where something about it changes: what a search found, our name, an address, who acts. No colours. */

import type { Row } from "./entry-rows.ts";
import type { RowLink } from "./row-marks.ts";

export interface RowPiece {
  readonly text: string;
  readonly isSubject: boolean;
  readonly isMention: boolean;
  readonly link: RowLink | undefined;
  readonly found: "found" | "current" | undefined;
}

/** Together the pieces are the text; most rows are one. */
export function rowPieces(row: Row): readonly RowPiece[] {
  const { text, subjectUnits = 0, marks = [], lit = [] } = row;
  const spans = [...marks, ...lit];
  const cuts = [0, subjectUnits, ...spans.flatMap(({ start, end }) => [start, end]), text.length];
  const places = [...new Set(cuts)].filter((cut) => cut <= text.length).toSorted((a, b) => a - b);
  return places.slice(0, -1).map((start, index) => {
    const holds = (span: { readonly start: number; readonly end: number }): boolean =>
      span.start <= start && start < span.end;
    const match = lit.find(holds);
    return {
      text: text.slice(start, places[index + 1]),
      isSubject: start < subjectUnits,
      isMention: marks.some((mark) => mark.link === undefined && holds(mark)),
      link: marks.find((mark) => mark.link !== undefined && holds(mark))?.link,
      found: match === undefined ? undefined : match.current ? "current" : "found",
    };
  });
}
