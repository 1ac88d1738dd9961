/**
 * The search in a conversation: the term as it is typed, and the current match. A key maps to a search and an anchor of
 * the view. It draws nothing.
 */

import type { EntryId } from "../../chat/log/entry.ts";
import type { ScrollbackModel } from "../../chat/log/scrollback.ts";
import type { KeyEvent, PressEvent } from "../../input/keys/key-event.ts";
import { editLine } from "../../input/line/line-editor.ts";
import { type LineState, emptyLine, insertText } from "../../input/line/line-state.ts";
import { searchMatchesMax } from "../../protocol/limits.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { SearchWords } from "../../words/tables/words.ts";
import {
  type ConversationShape,
  type ScrollAnchor,
  scrollToMatch,
  findLowestInView,
} from "../conversation/conversation-rows.ts";
import { type Match, compareMatches, findMatches, compileSearch } from "../conversation/search-matches.ts";

export interface SearchState {
  readonly transport: TransportName;
  readonly line: LineState;
  /** The anchor before the search, restored by Escape. */
  readonly from: ScrollAnchor;
  readonly match: Match | undefined;
  /** The number of the current match, from 1 for the oldest; 0: none. */
  readonly position: number;
  /** The number of matches; at searchMatchesMax there may be more. */
  readonly count: number;
  /** The term of the previous search, used when a key asks for the next match of an empty term. */
  readonly before: string;
}

/** The conversation as it is on the screen. */
export interface SearchedView {
  readonly transport: TransportName;
  readonly scrollback: ScrollbackModel;
  readonly shape: ConversationShape;
  readonly anchor: ScrollAnchor;
}

/** The result of a key. `search` undefined: the search has ended. `isUsed` false: the key is for the screen. */
export interface SearchResult {
  readonly search: SearchState | undefined;
  readonly anchor: ScrollAnchor;
  readonly isUsed: boolean;
}

type Direction = "older" | "newer" | "nearest";

/** Starts with `term` already typed, and searches upwards from the lowest entry in view. */
export function openSearch(view: SearchedView, term: string, before = ""): SearchResult {
  const { transport, anchor } = view;
  const line = insertText(emptyLine, term);
  const search = { transport, line, from: anchor, match: undefined, position: 0, count: 0, before };
  return find(search, view, "nearest");
}

/** Handles an event while the search is open. */
export function pressInSearch(search: SearchState, event: KeyEvent, view: SearchedView): SearchResult {
  if (event.type === "key") {
    const direction = getDirection(event);
    if (direction !== undefined) return step(search, view, direction);
    if (event.name === "escape" || (event.ctrl && (event.name === "c" || event.name === "g")))
      return { search: undefined, anchor: search.from, isUsed: true };
    if (event.name === "enter") return { search: undefined, anchor: view.anchor, isUsed: true };
    if (event.name === "tab") return { search, anchor: view.anchor, isUsed: true };
  }
  const typed: KeyEvent = event.type === "paste" ? { type: "text", text: takeFirstLine(event.text) } : event;
  const { state, action } = editLine(search.line, typed);
  if (action?.type === "unused") return { search, anchor: view.anchor, isUsed: false };
  if (state.text === search.line.text)
    return { search: { ...search, line: state }, anchor: view.anchor, isUsed: true };
  return find({ ...search, line: state }, view, "nearest");
}

/** `3/17`; followed by `+` if there may be more. */
export function formatCount({ position, count, line }: SearchState, words: SearchWords): string {
  if (line.text === "") return "";
  return count === 0 ? words.notFound : `${position}/${count}${count === searchMatchesMax ? "+" : ""}`;
}

function getDirection({ name, ctrl, alt, shift }: PressEvent): Direction | undefined {
  if (alt || shift) return undefined;
  if ((name === "up" && !ctrl) || (ctrl && (name === "r" || name === "p"))) return "older";
  if ((name === "down" && !ctrl) || (ctrl && (name === "s" || name === "n"))) return "newer";
  return undefined;
}

function step(search: SearchState, view: SearchedView, direction: Direction): SearchResult {
  if (search.line.text !== "" || search.before === "") return find(search, view, direction);
  return find({ ...search, line: insertText(search.line, search.before) }, view, "nearest");
}

function find(search: SearchState, view: SearchedView, direction: Direction): SearchResult {
  const pattern = compileSearch(search.line.text);
  if (pattern === undefined)
    return {
      search: { ...search, match: undefined, position: 0, count: 0 },
      anchor: search.from,
      isUsed: true,
    };
  const matches = findMatches(view.scrollback, pattern);
  const index = choose(matches, getPosition(search, view), direction);
  const match = matches[index];
  const found = { ...search, match, position: index + 1, count: matches.length };
  const anchor =
    match === undefined ? view.anchor : scrollToMatch(view.scrollback, view.shape, view.anchor, match);
  return { search: found, anchor, isUsed: true };
}

/** The position to search from: the current match, or below everything in view. */
function getPosition({ match }: SearchState, { scrollback, shape, anchor }: SearchedView): Match {
  if (match !== undefined) return match;
  const entryId = findLowestInView(scrollback, shape, anchor) ?? (0 as EntryId);
  return { entryId, line: Number.POSITIVE_INFINITY, start: 0, end: 0 };
}

/** The index of the match in that direction, wrapping around at either end; -1: there are no matches. */
function choose(matches: readonly Match[], place: Match, direction: Direction): number {
  const last = matches.length - 1;
  if (direction === "newer") {
    const newer = matches.findIndex((match) => compareMatches(match, place) > 0);
    return newer < 0 ? Math.min(0, last) : newer;
  }
  const reach = direction === "nearest" ? 0 : -1;
  const older = matches.findLastIndex((match) => compareMatches(match, place) <= reach);
  return older < 0 ? last : older;
}

function takeFirstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
