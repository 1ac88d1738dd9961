/** Which event of the chat a key on the screen asks for, if it is the chat's business. Values only. */

import type { ChatEvent } from "../../chat/model/event.ts";
import type { ScreenAction } from "../../view/screen/screen-state.ts";

/** What the chat is to be told at once; undefined: the screen itself carries it out. */
export function chatEventOf(action: ScreenAction): ChatEvent | undefined {
  switch (action.type) {
    case "switch":
      return { type: "switched", to: action.to };
    case "address":
      return { type: "addressee-stepped", step: action.step };
    case "join":
    case "leave-room":
      return { type: "lan-chosen", key: action.key, sure: action.type === "leave-room" };
    case "resend":
      return { type: "resend-asked", entryId: action.entryId };
    case "pause-wire":
      return { type: "wire-paused" };
    case "broadcast":
      return { type: "broadcast-confirmed", wish: action.wish };
    case "tour":
    case "redraw":
    case "suspend":
    case "overwrite":
    case "quit":
      return undefined;
  }
}
