/** One row of a conversation, as it is laid out and before it is painted. Values only. */

import type { EntryId, NoticeTone } from "../../chat/log/entry.ts";

/** A row of the conversation. What stands left of the gutter is written by duet alone. */
export interface Row {
  readonly entryId: EntryId;
  /** A rule stands between entries, as wide as the conversation, and has only a text. */
  readonly kind: "in" | "out" | "notice" | "hint" | "rule";
  readonly tone?: NoticeTone;
  /** The first row of its entry: only it has a time and a name. */
  readonly first: boolean;
  readonly time?: string;
  /** Fits the name column: a nickname, an endpoint, or the sign of a notice. */
  readonly name?: string;
  /** Hash this for the name's colour. */
  readonly nameKey?: string;
  /** Stands after the name, in the name column too. */
  readonly address?: string;
  /** `/me`: how many units at the beginning of the text are the name. */
  readonly subjectUnits?: number;
  /** Fits the text column, with the note and the mark. */
  readonly text: string;
  /** More of this line is to come. */
  readonly growing?: boolean;
  /** duet's own word on the line, after the text. */
  readonly note?: string;
  /** What is known to have become of a line of ours, after the text and its note. */
  readonly receipt?: string;
  /** What a search has found of the text, and of the name. */
  readonly lit?: readonly LitSpan[];
  readonly litName?: readonly LitSpan[];
  /** The entry is chosen: it is lit whole. */
  readonly chosen?: boolean;
  /** The entry speaks of us. */
  readonly mention?: boolean;
  /** Our name and addresses in the text. */
  readonly marks?: readonly RowMark[];
}

/** Units of a row's text: our name, or a piece of an address. */
export interface RowMark {
  readonly start: number;
  readonly end: number;
  /** undefined: it is our name. */
  readonly link?: RowLink;
}

export interface RowLink {
  /** The whole of it, visible ASCII. */
  readonly url: string;
  /** The same for all pieces of one address, so that a terminal lights them together. */
  readonly id: string;
}

/** Units of a row's text, or of its name, that are to be lit. */
export interface LitSpan {
  readonly start: number;
  readonly end: number;
  /** Of the match that the search stands at. */
  readonly current: boolean;
}
