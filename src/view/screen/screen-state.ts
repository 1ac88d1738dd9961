/**
 * The state of the screen, apart from the chat and the composer: overlay, scroll positions, search; and the actions
 * that a key can ask for. Values only: screen-keys.ts applies the keys.
 */

import type { ScreenRequest } from "../../chat/model/effect.ts";
import type { ChatEvent } from "../../chat/model/event.ts";
import type { EntryId } from "../../chat/log/entry.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { TourState } from "../../tour/tour-state.ts";
import type { TourWork } from "../../tour/tour-steps.ts";
import type { TourWords } from "../../words/tables/tour-words.ts";
import type { ConversationShape, ScrollAnchor } from "../conversation/conversation-rows.ts";
import type { Selection } from "../conversation/selection.ts";
import type { Question } from "../overlays/question.ts";
import type { LineChoice } from "../search/line-choice.ts";
import type { SearchState } from "../search/search.ts";
import type { WireArea } from "../wire/wire-areas.ts";
import { type WireState, firstWireState } from "../wire/wire-state.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";

export interface ScreenState {
  readonly overlay: "none" | "help" | "lan" | "tour";
  readonly overlayFromLine: number;
  /** The key of the chosen row of the local network; undefined: the first row. */
  readonly lanSelected: string | undefined;
  /** Defined while the overlay is the tour. */
  readonly tour: ShownTour | undefined;
  readonly anchors: Readonly<Record<TransportName, ScrollAnchor>>;
  /** Ctrl-C was pressed on an empty line: pressed again, it quits. */
  readonly isQuitArmed: boolean;
  /** A hint about the last key, on the status line until the next one; clean. */
  readonly hint: Sentence | undefined;
  /** The newest entry when the last key sent a line (0: there was none); undefined: it sent none. */
  readonly sentAfter: EntryId | 0 | undefined;
  /** Defined while the search is open, in place of the composer. */
  readonly search: SearchState | undefined;
  /** Defined while a message is chosen, which also takes the place of the composer. */
  readonly choice: LineChoice | undefined;
  /** The last search term. */
  readonly searchedTerm: string;
  /** A question that waits for y or n, in place of the composer. */
  readonly question: Question | undefined;
  /** A question for a room's password, in place of the composer. */
  readonly password: AskedPassword | undefined;
  /** The terminal reports the mouse. */
  readonly isMouseOn: boolean;
  /** Text of a conversation that the mouse selects, while its button is down. */
  readonly selection: (Selection & { readonly transport: TransportName }) | undefined;
  readonly wire: WireState;
  /** F4 hid the panel of the peers. */
  readonly arePeersHidden: boolean;
}

export type PasswordRequest = Extract<ScreenRequest, { readonly type: "password" }>;

/** A question that waits, and what was typed so far. */
export interface AskedPassword {
  readonly request: PasswordRequest;
  readonly text: string;
}

export const firstScreenState: ScreenState = {
  overlay: "none",
  overlayFromLine: 0,
  lanSelected: undefined,
  tour: undefined,
  anchors: { tcp: "newest", udp: "newest" },
  isQuitArmed: false,
  hint: undefined,
  sentAfter: undefined,
  search: undefined,
  choice: undefined,
  searchedTerm: "",
  question: undefined,
  password: undefined,
  isMouseOn: false,
  selection: undefined,
  wire: firstWireState,
  arePeersHidden: false,
};

export type ScreenAction =
  | { readonly type: "switch"; readonly to: TransportName }
  /** Choose the next or previous member as the addressee of private messages. */
  | { readonly type: "address"; readonly step: 1 | -1 }
  | { readonly type: "redraw" }
  | { readonly type: "suspend" }
  /** Pause or resume the recording of calls in the wire panel. */
  | { readonly type: "pause-wire" }
  /** Join the duet with this key on the local network. */
  | { readonly type: "join"; readonly key: string }
  /** Make the calls of a step of the tour. */
  | { readonly type: "tour"; readonly work: TourWork }
  /** The password of a room was typed. */
  | Extract<ChatEvent, { readonly type: "password-entered" }>
  /** A question answered with yes. */
  | Question
  | { readonly type: "resend"; readonly entryId: EntryId }
  /** Copy clean text to the clipboard. */
  | { readonly type: "copy"; readonly text: string }
  | { readonly type: "quit" };

/** The input of a key, apart from the state: the chat as drawn, and the areas of the screen. */
export interface ScreenView {
  readonly model: ScreenModel;
  readonly shape: ConversationShape;
  /** The screen's row at which the conversation begins, from 0. */
  readonly topRow: number;
  /** Width of the whole screen, which an overlay fills. */
  readonly columns: number;
  /** The place of the wire panel, when it is open. */
  readonly panel: WireArea;
}

export interface ScreenResult {
  readonly state: ScreenState;
  readonly action?: ScreenAction;
}

/** A tour, and its text in one language. */
export interface ShownTour {
  readonly tour: TourState;
  readonly words: TourWords;
}
