/** Converts actions of the screen to events of the chat. */

import type { ChatEvent } from "../../chat/model/event.ts";
import type { ScreenAction } from "../../view/screen/screen-state.ts";

/** The actions that the chat performs. The screen performs the others. */
type ChatAction = Exclude<
  ScreenAction,
  { readonly type: "copy" | "tour" | "redraw" | "suspend" | "overwrite" | "quit" }
>;

export function createChatEvent(action: ChatAction): ChatEvent {
  switch (action.type) {
    case "switch":
      return { type: "switched", to: action.to };
    case "address":
      return { type: "addressee-stepped", step: action.step };
    case "join":
    case "leave-room":
      return { type: "lan-chosen", key: action.key, sure: action.type === "leave-room" };
    case "resend":
      return { type: "resend-requested", entryId: action.entryId };
    case "pause-wire":
      return { type: "wire-paused" };
    case "password-entered":
      return action;
    case "broadcast":
      return { type: "broadcast-confirmed", wish: action.wish };
  }
}
