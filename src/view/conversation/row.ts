/** One row of a conversation, laid out but not painted. Values only. */

import type { EntryId, NoticeTone } from "../../chat/log/entry.ts";

/** A row of the conversation. The part left of the gutter contains no received text but the name. */
export interface Row {
  readonly entryId: EntryId;
  /** A rule separates entries: it is as wide as the conversation and has only `text`. */
  readonly kind: "in" | "out" | "notice" | "hint" | "rule";
  readonly tone?: NoticeTone;
  /** True for the first row of an entry, which alone has a time and a name. */
  readonly isFirst: boolean;
  readonly time?: string;
  /** The entry's path, where the conversation has entries of both transports. Fits the path column. */
  readonly path?: string;
  /** A nickname, an endpoint, or the sign of a notice. Fits the name column. */
  readonly name?: string;
  /** The name's colour is derived from a hash of this key. */
  readonly nameKey?: string;
  /** Shown after the name, within the name column. */
  readonly address?: string;
  /** `/me`: the length of the name at the start of the text, in UTF-16 units. */
  readonly subjectUnits?: number;
  /** Fits the text column together with the note and the growing mark. */
  readonly text: string;
  /** The message is not complete yet. */
  readonly isGrowing?: boolean;
  /** duet's note on the message, after the text. */
  readonly note?: string;
  /** The receipt of a sent message, after the text and the note. */
  readonly receipt?: string;
  /** Search matches in the text, and in the name. */
  readonly highlights?: readonly HighlightSpan[];
  readonly nameHighlights?: readonly HighlightSpan[];
  /** The entry is chosen, and highlighted as a whole. */
  readonly isChosen?: boolean;
  /** The message mentions the person. */
  readonly isMention?: boolean;
  /** Mentions and links in the text. */
  readonly marks?: readonly RowMark[];
}

/** A mention, or a part of a link, in UTF-16 units of the row's text. */
export interface RowMark {
  readonly start: number;
  readonly end: number;
  /** undefined: the span is a mention. */
  readonly link?: RowLink;
}

export interface RowLink {
  /** The whole URL, in visible ASCII. */
  readonly url: string;
  /** The same for all parts of a wrapped link, so that the terminal highlights them together. */
  readonly id: string;
}

/** A highlighted part of a row's text or name, in UTF-16 units. */
export interface HighlightSpan {
  readonly start: number;
  readonly end: number;
  /** True for the current match of the search. */
  readonly isCurrent: boolean;
}
