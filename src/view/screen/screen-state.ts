/**
 * What the screen itself remembers, beside the chat and the composer: the overlay, and where each conversation is
 * scrolled to; and the actions that a key can ask for. Values only: screen-keys.ts applies the keys.
 */

import type { EntryId } from "../../chat/log/entry.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { TourState } from "../../tour/tour-state.ts";
import type { TourWork } from "../../tour/tour-steps.ts";
import type { TourWords } from "../../words/tour-words.ts";
import type { ConversationShape, ScrollAnchor } from "../conversation/conversation-rows.ts";
import type { Question } from "../overlays/question.ts";
import type { LineChoice } from "../search/line-choice.ts";
import type { SearchState } from "../search/search.ts";
import type { WireArea } from "../wire/wire-areas.ts";
import { type WireState, firstWireState } from "../wire/wire-state.ts";

export interface ScreenState {
  readonly overlay: "none" | "help" | "lan" | "tour";
  readonly overlayFromLine: number;
  /** The row of the local network that is chosen, by its key; undefined: the first. */
  readonly lanSelected: string | undefined;
  /** There while the overlay is the walk. */
  readonly tour: ShownTour | undefined;
  readonly anchors: Readonly<Record<TransportName, ScrollAnchor>>;
  /** Ctrl-C was pressed on an empty line: the next one quits. */
  readonly quitArmed: boolean;
  /** duet's word on the last key, on the status line until the next one; clean. */
  readonly hint: string | undefined;
  /** A line was sent by the last key, when this entry was the newest (0: there was none); undefined: none was. */
  readonly sentAfter: EntryId | 0 | undefined;
  /** Open, it has the composer's place and its keys. */
  readonly search: SearchState | undefined;
  /** A line of the conversation is chosen; that has the composer's place and its keys, too. */
  readonly choice: LineChoice | undefined;
  /** What was looked for last. */
  readonly searchedTerm: string;
  /** A question that waits for y or n, in the composer's place. */
  readonly question: Question | undefined;
  /** The terminal reports the mouse to us. */
  readonly mouse: boolean;
  readonly wire: WireState;
}

export const firstScreenState: ScreenState = {
  overlay: "none",
  overlayFromLine: 0,
  lanSelected: undefined,
  tour: undefined,
  anchors: { tcp: "newest", udp: "newest" },
  quitArmed: false,
  hint: undefined,
  sentAfter: undefined,
  search: undefined,
  choice: undefined,
  searchedTerm: "",
  question: undefined,
  mouse: false,
  wire: firstWireState,
};

export type ScreenAction =
  | { readonly type: "switch"; readonly to: TransportName }
  /** The next one, or the one before, to speak to alone. */
  | { readonly type: "address"; readonly step: 1 | -1 }
  | { readonly type: "redraw" }
  | { readonly type: "suspend" }
  /** Keep calls again, or none for now. */
  | { readonly type: "pause-wire" }
  /** The duet of the local network that has this key. */
  | { readonly type: "join"; readonly key: string }
  /** A step of the walk was begun. */
  | { readonly type: "tour"; readonly work: TourWork }
  /** A question that was answered with yes. */
  | Question
  | { readonly type: "resend"; readonly entryId: EntryId }
  | { readonly type: "quit" };

/** What a key acts on: the chat as drawn, and the conversation's place on the screen. */
export interface ScreenView {
  readonly model: ScreenModel;
  readonly shape: ConversationShape;
  /** Width of the whole screen, which an overlay takes. */
  readonly columns: number;
  /** Where the wire is, when it is shown. */
  readonly panel: WireArea;
}

export interface ScreenResult {
  readonly state: ScreenState;
  readonly action?: ScreenAction;
}

/** A walk, and the language it speaks. */
export interface ShownTour {
  readonly tour: TourState;
  readonly words: TourWords;
}
