/** Resends an undelivered line to the recipients that did not get it, if they are connected. */

import { sendPrivateMessage } from "../messages/private-messages.ts";
import { sendToPeers } from "../messages/typed-messages.ts";
import { getName, type SendContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { findAddressee, describeMissingName, identifyTarget } from "../outbound/addressees.ts";
import { listRecipients } from "../outbound/recipients.ts";
import type { EntryId, MessageEntry } from "../log/entry.ts";
import { markSentAgain } from "../messages/resend-lost.ts";
import { addNotice } from "../report/report.ts";
import { getPrivateTarget } from "./private-line.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

/** Resends a line of a side as a new one, and notes that beside the old one. */
export function resend(chat: SendContext, side: Side, id: EntryId): void {
  const entry = side.conversation.scrollback.kept(side.conversation.scrollback.indexOf(id));
  if (entry?.kind !== "message" || entry.id !== id || entry.lostFor === undefined)
    return addNotice(chat, side, "info", sentence("only-undelivered-again"));
  const wrong = resendMessage(chat, side, entry, entry.lostFor);
  if (wrong !== undefined)
    return addNotice(chat, side, "warning", sentence("line-not-sent-again", { why: wrong }));
  markSentAgain(chat, entry);
}

/** `/resend`: the newest line of a side that was not delivered. Returns undefined when done, else the problem. */
export function resendNewest(chat: SendContext, side: Side): Sentence | undefined {
  for (let index = side.conversation.scrollback.length - 1; index >= 0; index -= 1) {
    const entry = side.conversation.scrollback.kept(index);
    if (entry?.kind === "message" && entry.lostFor !== undefined) return void resend(chat, side, entry.id);
  }
  return sentence("nothing-undelivered");
}

/** Returns undefined, or the problem. */
function resendMessage(
  chat: SendContext,
  side: Side,
  { text, action, privateWith, privateTo, lostOn }: MessageEntry,
  lostFor: readonly string[],
): Sentence | undefined {
  if (privateWith !== undefined) {
    const addressee = findAddressee(chat.room, side, privateWith);
    if (addressee === undefined) return describeMissingName(chat, side, privateWith);
    const target = getPrivateTarget(addressee, side.transport);
    if (identifyTarget(target) === privateTo) return sendPrivateMessage(chat, side, target, text, lostOn?.id);
    chat.effects.push({ type: "return-text", text: `/msg "${privateWith}" ${text}` });
    return sentence("another-of-that-name", { name: privateWith });
  }
  const isFor = side.socket.role === "listen" ? lostFor : undefined;
  const peers = listRecipients(chat.room, side).filter((peer) => isFor?.includes(getName(peer)) !== false);
  if (peers.length === 0) return sentence("are-no-longer-here", { names: lostFor });
  return void sendToPeers(chat, side, peers, { text, continues: false, action, again: lostOn?.id });
}
