/** Closes a side, and leaves the program. */

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
  for (const side of Object.values(chat.sides)) closeSide(chat, side, reason);
  finishLeaving(chat);
}

export function finishLeaving(chat: ReportContext & Pick<Chat, "exit">): void {
  if (chat.exit.code === undefined || chat.exit.isDone) return;
  if (Object.values(chat.sides).some((side) => side.socket.isOpen)) return;
  chat.exit.isDone = true;
  chat.timers.clearAll();
  const { code, hasUnsent, hasLost } = chat.exit;
  chat.effects.push({ type: "exit", code: code === 0 && (hasUnsent || hasLost) ? 1 : code });
}
