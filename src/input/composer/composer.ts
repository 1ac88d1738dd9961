/**
 * The composer's state: the text, its history and the completions. Each key is applied to the state that the previous
 * one left, so that several keys from one read work. It sends nothing.
 */

import { composerMaxUnits } from "../../protocol/limits.ts";
import type { CommandDescription } from "../../chat/commands/command-table.ts";
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
  /** The candidate in the text at present; undefined: none yet. */
  readonly selected: number | undefined;
}

interface ComposerOptions {
  /** The names that Tab completes, read at each Tab. */
  readonly names: () => readonly string[];
  /** Describes a member in a few words; clean. */
  readonly describeName?: (name: string) => string;
  /** The names of the other hubs, read at each Tab. */
  readonly hubs?: () => readonly string[];
  /** The paths that start with the typed text, read at each Tab. */
  readonly paths?: (typed: string) => readonly string[];
  readonly commands: readonly CommandDescription[];
  /** The width of a row of text, read at each key. */
  readonly columns?: () => number;
  /** Lines of earlier runs, oldest first. */
  readonly history?: readonly string[];
}

/** The candidates, and the line before one of them was inserted. */
interface Offer extends OfferedCompletion {
  readonly base: LineState;
  readonly replaceFrom: number;
  /** It opened with the slash of a command: Tab begins as without it. */
  readonly isUnasked?: boolean;
}

/** A command that is being named. */
const commandName = /^\/[^\s/]*$/;

export class Composer {
  readonly #names: () => readonly string[];
  readonly #describeName: (name: string) => string;
  readonly #hubs: () => readonly string[];
  readonly #paths: (typed: string) => readonly string[];
  readonly #commands: readonly CommandDescription[];
  readonly #columns: () => number;
  readonly #listeners = new Set<() => void>();
  #line: LineState;
  #offer: Offer | undefined;
  /** Escape closed the menu of commands, until another command is begun. */
  #isMenuClosed = false;
  #snapshot: ComposerSnapshot | undefined;

  constructor(options: ComposerOptions) {
    this.#names = options.names;
    this.#describeName = options.describeName ?? (() => "");
    this.#hubs = options.hubs ?? (() => []);
    this.#paths = options.paths ?? (() => []);
    this.#commands = options.commands;
    this.#columns = options.columns ?? (() => Number.POSITIVE_INFINITY);
    const history = (options.history ?? []).reduce<InputHistory>(rememberLine, []);
    this.#line = { ...emptyLine, history, historyIndex: history.length };
  }

  /**
   * Applies one event. undefined: there is nothing more to do. Ctrl-C clears the line, and Ctrl-D deletes in it; on an
   * empty line both are returned as `unused`. `isAlone`: no other event was read with it.
   */
  readonly handle = (event: KeyEvent, isAlone = true): ComposerAction | undefined => {
    if (this.#offer !== undefined && event.type === "key" && this.#choose(this.#offer, event))
      return undefined;
    const { state, action } = editLine(this.#line, event, { columns: this.#columns(), isAlone });
    if (action?.type === "complete") {
      this.#complete(action.isBackward);
      return undefined;
    }
    if (action?.type !== "unused") this.#update(state, this.#offerCommands(state, event));
    return action;
  };

  /**
   * Puts text that could not be sent back into the line. False if the line is not empty or the text is too long; the
   * text is then only in the history, where Enter put it.
   */
  restoreText(text: string): boolean {
    if (this.#line.text !== "" || text.length > composerMaxUnits) return false;
    this.#update(insertText(this.#line, text), undefined);
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

  /** Calls `listener` after each change. Returns a function that unsubscribes it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Handles a key of the open menu: Escape closes it, ↑ and ↓ choose, Enter accepts. False: not a key of the menu. */
  #choose(offer: Offer, { name, ctrl, alt, shift }: PressEvent): boolean {
    if (ctrl || alt || shift) return false;
    if (name === "escape") {
      this.#isMenuClosed = true;
      this.#update(offer.base, undefined);
    } else if (name === "up" || name === "down") this.#complete(name === "up");
    else if (name === "enter" && offer.selected !== undefined) this.#update(this.#line, undefined);
    else return false;
    return true;
  }

  /**
   * The first Tab completes the common prefix; if that adds nothing, and from then on, Tab inserts the next candidate.
   */
  #complete(isBackward: boolean): void {
    const isUnasked = this.#offer?.isUnasked === true && this.#offer.selected === undefined;
    const offer = isUnasked ? this.#open() : (this.#offer ?? this.#open());
    if (offer === undefined) return;
    const { base, candidates, replaceFrom } = offer;
    const count = candidates.length;
    const first = isBackward ? count - 1 : 0;
    const step = isBackward ? count - 1 : 1;
    const selected = offer.selected === undefined ? first : (offer.selected + step) % count;
    this.#update(replaceWord(base, replaceFrom, candidates[selected]?.text ?? ""), { ...offer, selected });
  }

  /** The commands that begin as the typed one does: the menu opens with the slash, and changes with each letter. */
  #offerCommands(line: LineState, event: KeyEvent): Offer | undefined {
    if (!commandName.test(line.text)) {
      this.#isMenuClosed = false;
      return undefined;
    }
    const isErasing = event.type === "key" && event.name === "backspace" && this.#offer !== undefined;
    const isTyping = event.type === "text" || isErasing;
    if (!isTyping || this.#isMenuClosed || line.cursor < line.text.length) return undefined;
    const { candidates, replaceFrom } = this.#find(line);
    return candidates.length === 0
      ? undefined
      : { candidates, replaceFrom, base: line, selected: undefined, isUnasked: true };
  }

  #find({ text, cursor }: LineState): ReturnType<typeof complete> {
    const context: CompletionContext = {
      commands: this.#commands,
      names: this.#names(),
      describeName: this.#describeName,
      hubs: this.#hubs,
      paths: this.#paths,
    };
    return complete(text, cursor, context);
  }

  /** Looks up the candidates. undefined: there is none, or the common prefix was inserted. */
  #open(): Offer | undefined {
    const base = this.#line;
    const { candidates, replaceFrom, commonPrefix } = this.#find(base);
    if (candidates.length === 0) return undefined;
    const word = base.text.slice(replaceFrom, base.cursor);
    const offer = { candidates, replaceFrom, base, selected: undefined };
    if (candidates.length > 1 && commonPrefix.length === word.length) return offer;
    const completed = commonPrefix === word ? base : replaceWord(base, replaceFrom, commonPrefix);
    this.#update(completed, candidates.length > 1 ? { ...offer, base: completed } : undefined);
    return undefined;
  }

  #update(line: LineState, offer: Offer | undefined): void {
    if (line === this.#line && offer === this.#offer) return;
    this.#line = line;
    this.#offer = offer;
    this.#snapshot = undefined;
    for (const listener of this.#listeners) listener();
  }
}

/** Replaces the word from `start` to the cursor, as a single step of undo. */
function replaceWord(base: LineState, start: number, text: string): LineState {
  const removed = removeRange(base, start, base.cursor);
  return { ...insertText(removed, text), undo: removed.undo, last: "other" };
}
