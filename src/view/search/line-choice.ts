/**
 * The choice of a message in the conversation: the keys that move it, copying it, and sending it again. A key maps to
 * a choice and an anchor of the view; the composer keeps its text.
 */

import type { Entry, EntryId, MessageEntry } from "../../chat/log/entry.ts";
import type { ScrollbackModel } from "../../chat/log/scrollback.ts";
import type { KeyEvent } from "../../input/keys/key-event.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import {
  type ConversationShape,
  type ScrollAnchor,
  scrollToMatch,
  findLowestInView,
} from "../conversation/conversation-rows.ts";
import { readEntryText } from "../conversation/copied-text.ts";

export interface LineChoice {
  readonly transport: TransportName;
  readonly entryId: EntryId;
  /** The author's name when the message was chosen. */
  readonly name: string;
  /** The message was not delivered to every addressee: `r` sends it again. */
  readonly canResend: boolean;
}

/** The conversation as it is on the screen. */
interface ChosenView {
  readonly transport: TransportName;
  readonly scrollback: ScrollbackModel;
  readonly shape: ConversationShape;
  readonly anchor: ScrollAnchor;
}

/** The result of a key. `choice` undefined: the choice has ended. `isUsed` false: the key is for the screen. */
export interface ChoiceResult {
  readonly choice: LineChoice | undefined;
  readonly anchor: ScrollAnchor;
  readonly isUsed: boolean;
  readonly resend?: EntryId;
  /** Text for the clipboard. */
  readonly copied?: string;
}

/** Starts at the newest message that was not delivered, or else at the lowest one in view. */
export function openChoice(view: ChosenView): ChoiceResult {
  const { scrollback, shape, anchor } = view;
  const lowest = scrollback.indexOf(findLowestInView(scrollback, shape, anchor) ?? 0);
  const last = scrollback.length - 1;
  return choose(view, find(scrollback, last, -1, isLost) ?? find(scrollback, lowest, -1, isMessage));
}

/** Handles an event while a message is chosen. */
export function pressInChoice(choice: LineChoice, event: KeyEvent, view: ChosenView): ChoiceResult {
  const stays = { choice, anchor: view.anchor, isUsed: true };
  if (event.type === "text") {
    if (event.text === "r") return resend(choice, view);
    return event.text === "c" ? copy(choice, view) : stays;
  }
  if (event.type !== "key") return { ...stays, isUsed: event.type === "paste" };
  const { name, ctrl, alt, shift } = event;
  if (!ctrl && !alt && !shift && (name === "up" || name === "down")) return step(choice, view, name);
  const isOver =
    name === "escape" || name === "enter" || (ctrl && "cg".includes(name)) || (alt && name === "l");
  return isOver ? { ...stays, choice: undefined } : { ...stays, isUsed: name === "tab" };
}

function resend(choice: LineChoice, { anchor }: ChosenView): ChoiceResult {
  if (!choice.canResend) return { choice, anchor, isUsed: true };
  return { choice: undefined, anchor: "newest", isUsed: true, resend: choice.entryId };
}

/** The message stays chosen: the status line says what was copied. */
function copy(choice: LineChoice, { scrollback, anchor }: ChosenView): ChoiceResult {
  const entry = scrollback.at(scrollback.indexOf(choice.entryId));
  const isHere = entry?.id === choice.entryId;
  return { choice, anchor, isUsed: true, ...(isHere && { copied: readEntryText(entry) }) };
}

function step(choice: LineChoice, view: ChosenView, name: "up" | "down"): ChoiceResult {
  const direction = name === "up" ? -1 : 1;
  const from = view.scrollback.indexOf(choice.entryId) + direction;
  const found = find(view.scrollback, from, direction, isMessage);
  return found === undefined ? { choice, anchor: view.anchor, isUsed: true } : choose(view, found);
}

function choose(
  { transport, scrollback, shape, anchor }: ChosenView,
  entry: MessageEntry | undefined,
): ChoiceResult {
  if (entry === undefined) return { choice: undefined, anchor, isUsed: true };
  const { id: entryId, name } = entry;
  const choice = { transport, entryId, name, canResend: isLost(entry) };
  return {
    choice,
    anchor: scrollToMatch(scrollback, shape, anchor, { entryId, line: 0, start: 0, end: 0 }),
    isUsed: true,
  };
}

function find(
  scrollback: ScrollbackModel,
  from: number,
  direction: 1 | -1,
  isWanted: (entry: Entry) => boolean,
): MessageEntry | undefined {
  for (let index = from; index >= 0 && index < scrollback.length; index += direction) {
    const entry = scrollback.at(index);
    if (entry?.kind === "message" && isWanted(entry)) return entry;
  }
  return undefined;
}

function isMessage(entry: Entry): boolean {
  return entry.kind === "message";
}

function isLost(entry: Entry): boolean {
  return entry.kind === "message" && entry.lostFor !== undefined;
}
