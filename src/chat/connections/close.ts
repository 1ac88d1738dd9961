/** Closes a side, and leaves the program. */

import { engineCloseMs } from "../../protocol/limits.ts";
import { leaveSharedRoom } from "../outbound/crossing.ts";
import { stopLan } from "../features/lan.ts";
import { reportLastImpairment } from "../features/network-impairment.ts";
import type { Chat, SendContext, ReportContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { sendGoodbye } from "./end-peer.ts";
import { isAwaitingAcks, mustAwaitAcks, stopSide } from "./close-wait.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { setEndReason } from "../peer/link.ts";

/** Ends everything on a side: goodbye to duets, FIN after what is queued. */
export function closeSide(
  chat: SendContext,
  side: Pick<Side, "transport" | "socket" | "peers">,
  reason: Sentence,
): void {
  side.socket.pairing = undefined;
  chat.timers.clear({ kind: "pairing-retry", of: side.transport });
  if (!side.socket.isOpen) return;
  const isClosing = side.socket.endReason !== undefined && isAwaitingAcks(side);
  side.socket.endReason ??= reason;
  if (isClosing) return;
  for (const peer of side.peers.values()) {
    if (peer.link.endReason !== undefined) continue;
    setEndReason(peer.link, reason);
    sendGoodbye(chat, peer, reason);
    mustAwaitAcks(chat, peer);
  }
  chat.effects.push({ type: "withdraw", transport: side.transport });
  if (!isAwaitingAcks(side)) stopSide(chat, side.transport);
}

/** Leaves the program: closes both sides, then exits with `code`. The first call's code stands. */
export function leave(
  chat: SendContext & Pick<Chat, "network" | "exit">,
  code: number,
  reason: Sentence = sentence("quit"),
): void {
  if (chat.exit.code !== undefined) return;
  chat.exit.code = code;
  reportLastImpairment(chat, chat.sides[chat.focus.active]);
  stopLan(chat);
  leaveRoomOfHubs(chat);
  for (const side of Object.values(chat.sides)) closeSide(chat, side, reason);
  finishLeaving(chat);
}

/** Messages that wait for a place are shown and relayed before the members' connections are closed. */
function leaveRoomOfHubs(chat: SendContext): void {
  const { shared } = chat.room;
  if (shared === undefined || shared.isClosed) return;
  const { handleHubReceiptTimer, showWaitingHere } =
    require("../hubs/engine-events.ts") as typeof import("../hubs/engine-events.ts");
  showWaitingHere(chat, shared);
  // A private line that was shown here counts as lost without its receipt.
  handleHubReceiptTimer(chat);
  leaveSharedRoom(chat);
  chat.timers.set({ kind: "engine-close" }, chat.nowMs + engineCloseMs);
}

/** The engine has our last entries, or does not answer. */
export function endSharedRoom(chat: ReportContext & Pick<Chat, "exit" | "room">): void {
  const { shared } = chat.room;
  if (shared === undefined) return;
  shared.isClosed = true;
  chat.timers.clear({ kind: "engine-close" });
  finishLeaving(chat);
}

export function finishLeaving(chat: ReportContext & Pick<Chat, "exit" | "room">): void {
  if (chat.exit.code === undefined || chat.exit.isDone) return;
  if (Object.values(chat.sides).some((side) => side.socket.isOpen)) return;
  if (chat.room.shared?.isClosed === false) return;
  chat.exit.isDone = true;
  chat.timers.clearAll();
  const { code, hasUnsent, hasLost } = chat.exit;
  chat.effects.push({ type: "exit", code: code === 0 && (hasUnsent || hasLost) ? 1 : code });
}
