/**
 * The composer's state in one place: the line, its history and what Tab offers. Keys that come glued together
 * compose, since each is applied to what the one before it left. It knows no screen and sends nothing.
 */

import { composerMaxUnits } from "../../protocol/limits.ts";
import type { CommandDescription } from "../../chat/commands/command-table.ts";
import { commandTable } from "../../chat/commands/command-table.ts";
import type { Candidate, CompletionContext } from "./completion.ts";
import { complete } from "./completion.ts";
import type { KeyEvent, PressEvent } from "../keys/key-event.ts";
import { type InputHistory, rememberLine } from "../line/input-history.ts";
import type { LineAction } from "../line/line-editor.ts";
import { editLine } from "../line/line-editor.ts";
import type { LineState, PendingPaste } from "../line/line-state.ts";
import { emptyLine, insertText, removeRange } from "../line/line-state.ts";

export type ComposerAction = Exclude<LineAction, { readonly type: "complete" }>;

export interface ComposerSnapshot {
  readonly text: string;
  /** In UTF-16 units, where a grapheme begins or the text ends. */
  readonly cursor: number;
  readonly pendingPaste: PendingPaste | undefined;
  readonly completion: OfferedCompletion | undefined;
}

export interface OfferedCompletion {
  readonly candidates: readonly Candidate[];
  /** The one that is in the text now; undefined: none yet. */
  readonly selected: number | undefined;
}

export interface ComposerOptions {
  /** The names that Tab completes, asked for anew at each Tab. */
  readonly names: () => readonly string[];
  /** Who that is, in a few words; clean. */
  readonly describeName?: (name: string) => string;
  /** The paths that begin as typed, asked for anew at each Tab. */
  readonly paths?: (typed: string) => readonly string[];
  readonly commands?: readonly CommandDescription[];
  /** Lines of earlier runs, oldest first. */
  readonly history?: readonly string[];
}

/** What Tab offered, and the line as it was before it put a candidate in. */
interface Offer extends OfferedCompletion {
  readonly base: LineState;
  readonly replaceFrom: number;
}

export class Composer {
  readonly #names: () => readonly string[];
  readonly #describeName: (name: string) => string;
  readonly #paths: (typed: string) => readonly string[];
  readonly #commands: readonly CommandDescription[];
  readonly #listeners = new Set<() => void>();
  #line: LineState;
  #offer: Offer | undefined;
  #snapshot: ComposerSnapshot | undefined;

  constructor(options: ComposerOptions) {
    this.#names = options.names;
    this.#describeName = options.describeName ?? (() => "");
    this.#paths = options.paths ?? (() => []);
    this.#commands = options.commands ?? commandTable;
    const history = (options.history ?? []).reduce<InputHistory>(rememberLine, []);
    this.#line = { ...emptyLine, history, historyIndex: history.length };
  }

  /**
   * Applies one event. undefined: it was the composer's, and nothing else is to be done. Ctrl-C clears the line,
   * and Ctrl-D deletes in it, while there is one; on an empty line they come back as `unused`.
   */
  readonly handle = (event: KeyEvent): ComposerAction | undefined => {
    if (this.#offer !== undefined && event.type === "key" && this.#choose(this.#offer, event))
      return undefined;
    const { state, action } = editLine(this.#line, event);
    if (action?.type === "complete") {
      this.#complete(action.backward);
      return undefined;
    }
    if (action?.type !== "unused") this.#become(state, undefined);
    return action;
  };

  /**
   * Puts text that could not be sent back where it was typed. False: the line is not empty, or it is too long for it;
   * then the text is only in the history, where Enter has put it.
   */
  giveBack(text: string): boolean {
    if (this.#line.text !== "" || text.length > composerMaxUnits) return false;
    this.#become(insertText(this.#line, text), undefined);
    return true;
  }

  /** The same object until something changes. */
  readonly snapshot = (): ComposerSnapshot => {
    this.#snapshot ??= {
      text: this.#line.text,
      cursor: this.#line.cursor,
      pendingPaste: this.#line.pendingPaste,
      completion: this.#offer,
    };
    return this.#snapshot;
  };

  /** `listener` is called after each change; the function returned ends that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** A key of the menu: Escape closes it, ↑ and ↓ choose as Tab does, Enter takes what is chosen. False: it is none. */
  #choose(offer: Offer, { name, ctrl, alt, shift }: PressEvent): boolean {
    if (ctrl || alt || shift) return false;
    if (name === "escape") this.#become(offer.base, undefined);
    else if (name === "up" || name === "down") this.#complete(name === "up");
    else if (name === "enter" && offer.selected !== undefined) this.#become(this.#line, undefined);
    else return false;
    return true;
  }

  /** The first Tab completes what all candidates share; when that is nothing, and at each Tab after, the next one. */
  #complete(backward: boolean): void {
    const offer = this.#offer ?? this.#open();
    if (offer === undefined) return;
    const { base, candidates, replaceFrom } = offer;
    const count = candidates.length;
    const first = backward ? count - 1 : 0;
    const step = backward ? count - 1 : 1;
    const selected = offer.selected === undefined ? first : (offer.selected + step) % count;
    this.#become(replaceWord(base, replaceFrom, candidates[selected]?.text ?? ""), { ...offer, selected });
  }

  /** undefined: there is nothing to choose from, or not yet. */
  #open(): Offer | undefined {
    const context: CompletionContext = {
      commands: this.#commands,
      names: this.#names(),
      describeName: this.#describeName,
      paths: this.#paths,
    };
    const base = this.#line;
    const { candidates, replaceFrom, common } = complete(base.text, base.cursor, context);
    if (candidates.length === 0) return undefined;
    const word = base.text.slice(replaceFrom, base.cursor);
    const offer = { candidates, replaceFrom, base, selected: undefined };
    if (candidates.length > 1 && common.length === word.length) return offer;
    const completed = common === word ? base : replaceWord(base, replaceFrom, common);
    this.#become(completed, candidates.length > 1 ? { ...offer, base: completed } : undefined);
    return undefined;
  }

  #become(line: LineState, offer: Offer | undefined): void {
    if (line === this.#line && offer === this.#offer) return;
    this.#line = line;
    this.#offer = offer;
    this.#snapshot = undefined;
    for (const listener of this.#listeners) listener();
  }
}

/** The word from `start` to the cursor gives way to `text`; undo brings it back. */
function replaceWord(base: LineState, start: number, text: string): LineState {
  const removed = removeRange(base, start, base.cursor);
  return { ...insertText(removed, text), undo: removed.undo, last: "other" };
}
