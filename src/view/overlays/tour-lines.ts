/**
 * The tour, in place of the conversation: the text of the step, and below it both ends, side by side or stacked. No
 * colours.
 */

import { measureColumns } from "../../protocol/text/wrap.ts";
import { cutEnd, wrapText } from "../../protocol/text/wrap.ts";
import { type TourState, type TourTextArea, getShownStep } from "../../tour/tour-state.ts";
import type { TourWords } from "../../words/tables/tour-words.ts";
import { type TourLine, type TourPane, buildPane, collectFacts } from "./tour-panes.ts";

/** From this width on, both ends are side by side. */
const besideFromColumns = 76;
/** Longer lines are hard to read. */
const wordColumnsMax = 100;
/** The ends have at least this many rows, heads included, however long the text is. */
const paneRowsMin = 5;
/** On a page: the calls that a step explains, with their Python and their bytes. */
const explainedRowsMax = 6;
/** A step whose text would have fewer rows than these beside or above the ends is read page by page. */
const textRowsMin = { beside: 2, stacked: 3 } as const;

interface TourScreen {
  /** At most as many as there are rows. */
  readonly lines: readonly TourLine[];
  readonly area: TourTextArea;
}

/** At most `height` lines, at most `columns` wide. */
export function layoutTour(tour: TourState, words: TourWords, columns: number, height: number): TourScreen {
  const { title, text } = words.steps[getShownStep(tour).id];
  const textLines = wrapText(text(collectFacts(tour)), Math.max(1, Math.min(wordColumnsMax, columns - 2)));
  const isBeside = columns >= besideFromColumns;
  const wordRows = Math.min(textLines.length, Math.max(1, height - 1 - paneRowsMin - (isBeside ? 1 : 0)));
  if (wordRows < Math.min(textLines.length, isBeside ? textRowsMin.beside : textRowsMin.stacked))
    return layoutPage(tour, words, { title, textLines, columns, height });
  const room: TourTextArea = { textLines: textLines.length, textRows: wordRows };
  const top = [makeStrongLine(cutEnd(title, columns)), ...layoutText(textLines, tour, room, words)];
  const spare = Math.max(0, height - top.length);
  const lines = isBeside
    ? [...top, [], ...layoutBeside(tour, words, columns, spare - 1)]
    : [...top, ...layoutStacked(tour, words, columns, spare)];
  return { lines: lines.slice(0, height), area: room };
}

interface PagedStep {
  readonly title: string;
  readonly textLines: readonly string[];
  readonly columns: number;
  readonly height: number;
}

/**
 * On a low screen: the text, and below it what both ends did in this step, as pages of which each has the whole area
 * but the title.
 */
function layoutPage(
  tour: TourState,
  words: TourWords,
  { title, textLines, columns, height }: PagedStep,
): TourScreen {
  const rows = Math.max(1, height - 1);
  const ends = (["server", "client"] as const).flatMap((end) => {
    const { head, body, explainedEnd } = buildPane(tour, end, words, columns);
    return [head, ...body.slice(Math.max(0, explainedEnd - explainedRowsMax), explainedEnd)];
  });
  const whole = [...textLines.map((text): TourLine => [{ text, tone: "plain" }]), ...ends];
  const from = Math.max(0, Math.min(tour.textFrom, whole.length - rows));
  const more = from + rows < whole.length ? ` ${words.more}` : "";
  const head = makeStrongLine(cutEnd(title, columns - measureColumns(more)) + more);
  const lines = [head, ...whole.slice(from, from + rows)].slice(0, height);
  return { lines, area: { textLines: whole.length, textRows: rows } };
}

function makeStrongLine(text: string): TourLine {
  return [{ text, tone: "strong" }];
}

function layoutText(
  textLines: readonly string[],
  { textFrom }: TourState,
  { textLines: count, textRows }: TourTextArea,
  words: TourWords,
): readonly TourLine[] {
  const from = Math.max(0, Math.min(textFrom, count - textRows));
  return textLines.slice(from, from + textRows).map((text, index): TourLine => {
    const hasMore = index === textRows - 1 && from + textRows < count;
    return [
      { text, tone: "plain" },
      { text: hasMore ? ` ${words.more}` : "", tone: "strong" },
    ];
  });
}

function layoutBeside(
  tour: TourState,
  words: TourWords,
  columns: number,
  height: number,
): readonly TourLine[] {
  const left = Math.floor((columns - 3) / 2);
  const panes = [
    buildPane(tour, "server", words, left),
    buildPane(tour, "client", words, columns - 3 - left),
  ] as const;
  const [server, client] = panes.map((pane) => [pane.head, ...selectBody(tour, pane, height - 1)]);
  return Array.from({ length: Math.max(0, height) }, (_, row): TourLine => {
    const cell = server?.[row] ?? [];
    const used = cell.reduce((sum, { text }) => sum + measureColumns(text), 0);
    const gap = { text: " ".repeat(left - used), tone: "plain" } as const;
    return [...cell, gap, { text: " │ ", tone: "quiet" }, ...(client?.[row] ?? [])];
  });
}

/** The end that the step is about gets the rows it needs; the other one gets the rest. */
function layoutStacked(
  tour: TourState,
  words: TourWords,
  columns: number,
  height: number,
): readonly TourLine[] {
  const server = buildPane(tour, "server", words, columns);
  const client = buildPane(tour, "client", words, columns);
  const isServer = getShownStep(tour).end === "server";
  const bodyRows = Math.max(0, height - 2);
  const acting = isServer ? server : client;
  const actingRows = Math.min(acting.body.length, bodyRows);
  const serverRows = isServer ? actingRows : bodyRows - actingRows;
  return [
    server.head,
    ...selectBody(tour, server, serverRows),
    client.head,
    ...selectBody(tour, client, bodyRows - serverRows),
  ];
}

/** The newest lines; in an earlier step, the ones that the step explains. */
function selectBody(tour: TourState, { body, explainedEnd }: TourPane, height: number): readonly TourLine[] {
  const end = tour.shown < tour.reached && explainedEnd > 0 ? Math.max(explainedEnd, height) : body.length;
  const last = Math.min(body.length, end);
  return height <= 0 ? [] : body.slice(Math.max(0, last - height), last);
}
