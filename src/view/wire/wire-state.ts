/**
 * The state of the wire panel: whether it is open, its focus, the filter, and the chosen call or message.
 * Values only; wire-keys.ts applies the keys.
 */

import type { EntryId } from "../../chat/log/entry.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { emptyLine, type LineState } from "../../input/line/line-state.ts";
import type { ScrollAnchor } from "../conversation/conversation-rows.ts";
import type { WireArea } from "./wire-areas.ts";

export interface WireState {
  readonly isShown: boolean;
  /** The part that the keys act on. */
  readonly focus: "composer" | "calls" | "messages";
  /** Edited in place of the composer while the panel has the keys. */
  readonly filter: LineState;
  readonly place: WirePlace;
}

/** The view and the choice in the calls of one transport. */
export interface WirePlace {
  readonly transport: TransportName;
  /** The number of the first call in view; undefined: the newest calls are in view. */
  readonly top: number | undefined;
  /** The chosen call's number. */
  readonly chosen: number | undefined;
  /** The first line in view of the chosen call's bytes; undefined: the call is not open. */
  readonly openFrom: number | undefined;
  readonly entryId: EntryId | undefined;
  /** The conversation's anchor before anything was chosen. */
  readonly from: ScrollAnchor | undefined;
}

export function createPlace(transport: TransportName): WirePlace {
  const nothing = { top: undefined, chosen: undefined, openFrom: undefined } as const;
  return { transport, ...nothing, entryId: undefined, from: undefined };
}

export const firstWireState: WireState = {
  isShown: false,
  focus: "composer",
  filter: emptyLine,
  place: createPlace("tcp"),
};

/** True if the panel hides the conversation: it is not beside it, and no message is being chosen. */
export function isHidingConversation({ isShown, focus }: WireState, { isBeside }: WireArea): boolean {
  return isShown && !isBeside && focus !== "messages";
}

/** The place in a transport's calls; a new one if the choice was in the other transport's. */
export function getPlace({ place }: WireState, transport: TransportName): WirePlace {
  return place.transport === transport ? place : createPlace(transport);
}
