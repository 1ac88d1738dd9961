/** The side whose conversation is the room's: one that listens, the one in view first. */

import type { Chat } from "../model/chat.ts";
import type { Side } from "../model/side.ts";

export function findHostSide({ sides, focus }: Pick<Chat, "sides" | "focus">): Side {
  const inView = sides[focus.active];
  if (inView.socket.role === "listen") return inView;
  return Object.values(sides).find(({ socket }) => socket.role === "listen") ?? inView;
}
