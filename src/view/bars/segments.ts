/**
 * Fits a line of segments into a width: each has shorter forms, and the least important one is shortened first.
 * Segments are never cut. No colours.
 */

import { measureColumns } from "../../protocol/text/wrap.ts";
export interface SegmentForm {
  readonly text: string;
  /** Among the forms on the line, the one with the lowest rank is shortened first. */
  readonly rank: number;
}

export type SegmentTone = "plain" | "strong" | "quiet" | "good" | "warning" | "bad";

export interface Segment {
  /** The longest first; the last one is replaced by nothing. Empty: the segment is left out. */
  readonly forms: readonly SegmentForm[];
  readonly tone: SegmentTone;
  /** Columns between it and the segment before it. */
  readonly gap: number;
  /** This segment and those after it are aligned to the right. */
  readonly isAtRightEnd?: boolean;
}

interface FittedSegment {
  readonly text: string;
  readonly tone: SegmentTone;
  /** Spaces before it. */
  readonly space: number;
}

/** Chooses a form for each segment so that the line, spaces included, is at most `columns` wide. */
export function fitSegments(segments: readonly Segment[], columns: number): readonly FittedSegment[] {
  const chosen = segments.map(() => 0);
  while (measureWidth(segments, chosen) > columns && shortenLeast(segments, chosen));
  restoreForms(segments, chosen, columns);
  const spare = columns - measureWidth(segments, chosen);
  return placeSegments(segments, chosen, spare);
}

/** A segment with a single form; none if `text` is empty. */
export function makeSegment(text: string, tone: SegmentTone, rank: number, gap = 2): Segment {
  return { forms: text === "" ? [] : [{ text, rank }], tone, gap };
}

function getForm(
  segments: readonly Segment[],
  chosen: readonly number[],
  index: number,
): SegmentForm | undefined {
  return segments[index]?.forms[chosen[index] ?? 0];
}

function measureWidth(segments: readonly Segment[], chosen: readonly number[]): number {
  let width = 0;
  for (const [index, { gap }] of segments.entries()) {
    const form = getForm(segments, chosen, index);
    if (form !== undefined) width += (width === 0 ? 0 : gap) + measureColumns(form.text);
  }
  return width;
}

/** Shortens the least important segment by one form; false if all are gone. */
function shortenLeast(segments: readonly Segment[], chosen: number[]): boolean {
  let least: number | undefined;
  let leastRank = Number.POSITIVE_INFINITY;
  for (const index of segments.keys()) {
    const rank = getForm(segments, chosen, index)?.rank ?? Number.POSITIVE_INFINITY;
    if (rank >= leastRank) continue;
    least = index;
    leastRank = rank;
  }
  if (least === undefined) return false;
  chosen[least] = (chosen[least] ?? 0) + 1;
  return true;
}

/**
 * Shortening a long segment may have freed more room than needed: longer forms that fit again are restored, the most
 * important first.
 */
function restoreForms(segments: readonly Segment[], chosen: number[], columns: number): void {
  const longer = segments
    .flatMap(({ forms }, index) => forms.map(({ rank }, form) => ({ index, form, rank })))
    .sort((a, b) => b.rank - a.rank);
  for (const { index, form } of longer) {
    const before = chosen[index] ?? 0;
    if (form >= before) continue;
    chosen[index] = form;
    if (measureWidth(segments, chosen) > columns) chosen[index] = before;
  }
}

function placeSegments(
  segments: readonly Segment[],
  chosen: readonly number[],
  spare: number,
): readonly FittedSegment[] {
  const fitted: FittedSegment[] = [];
  let pushed = Math.max(0, spare);
  for (const [index, { gap, tone, isAtRightEnd }] of segments.entries()) {
    const form = getForm(segments, chosen, index);
    if (form === undefined) continue;
    const space = (fitted.length === 0 ? 0 : gap) + (isAtRightEnd === true ? pushed : 0);
    if (isAtRightEnd === true) pushed = 0;
    fitted.push({ text: form.text, tone, space });
  }
  return fitted;
}
