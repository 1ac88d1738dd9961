/**
 * What the screen remembers of the wire panel: whether it is there, who has the keys, the filter, and which call or
 * message is chosen. Pure values; what keys do to them is in wire-keys.ts.
 */

import type { EntryId } from "../../chat/log/entry.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { emptyLine, type LineState } from "../../input/line/line-state.ts";
import type { ScrollAnchor } from "../conversation/conversation-rows.ts";
import type { WireArea } from "./wire-areas.ts";

export interface WireState {
  readonly shown: boolean;
  /** Who has the keys: the composer, or the calls or the messages that they choose from. */
  readonly focus: "composer" | "calls" | "messages";
  /** Typed where the composer is, while the panel has the keys. */
  readonly filter: LineState;
  readonly place: WirePlace;
}

/** Where a person stands in the calls of one transport. */
export interface WirePlace {
  readonly transport: TransportName;
  /** The number of the first call in view; undefined: the newest are. */
  readonly top: number | undefined;
  /** The chosen call's number. */
  readonly chosen: number | undefined;
  /** The chosen call's bytes are shown, from this line of them on. */
  readonly openFrom: number | undefined;
  /** The chosen message. */
  readonly entryId: EntryId | undefined;
  /** Where the conversation was before something was chosen. */
  readonly from: ScrollAnchor | undefined;
}

export function placeIn(transport: TransportName): WirePlace {
  const nothing = { top: undefined, chosen: undefined, openFrom: undefined } as const;
  return { transport, ...nothing, entryId: undefined, from: undefined };
}

export const firstWireState: WireState = {
  shown: false,
  focus: "composer",
  filter: emptyLine,
  place: placeIn("tcp"),
};

/** The panel hides the conversation: there is no room beside it, and no message to be chosen. */
export function coversConversation({ shown, focus }: WireState, { beside }: WireArea): boolean {
  return shown && !beside && focus !== "messages";
}

/** The place in a transport's calls: what was chosen in the other one's says nothing here. */
export function placeOf({ place }: WireState, transport: TransportName): WirePlace {
  return place.transport === transport ? place : placeIn(transport);
}
