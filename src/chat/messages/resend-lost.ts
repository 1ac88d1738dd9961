/** Sends undelivered lines again: the person's choice of one, or all of a connection that is made again. */

import { getName, getSide, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { MessageEntry } from "../log/entry.ts";
import { identifyTarget } from "../outbound/addressees.ts";
import { canReceive } from "../outbound/recipients.ts";
import { replaceShownEntry } from "../report/report.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { sendPrivateMessage } from "./private-messages.ts";
import { sendToPeers } from "./typed-messages.ts";

/** We are in a host's room again: lines that were lost on the way to that host are sent, the oldest first. */
export function resendLost(chat: SendContext, peer: Peer): void {
  if (peer.link.isInbound || !canReceive(peer)) return;
  const side = getSide(chat, peer.link);
  for (const entry of listLost(chat, peer)) {
    const { text, action, privateWith, lostOn } = entry;
    const again = lostOn?.id;
    if (privateWith === undefined) sendToPeers(chat, side, [peer], { text, continues: false, action, again });
    else if (sendPrivateMessage(chat, side, { peer, name: privateWith }, text, again) !== undefined) continue;
    markSentAgain(chat, entry);
  }
}

/** Lines for the host's room or for the host itself; those for one of its members wait for the person. */
function listLost(chat: SendContext, peer: Peer): readonly MessageEntry[] {
  const { scrollback } = getSide(chat, peer.link).conversation;
  const lost: MessageEntry[] = [];
  for (let index = 0; index < scrollback.length; index += 1) {
    const entry = scrollback.kept(index);
    if (entry?.kind !== "message" || entry.lostOn?.address !== peer.link.address) continue;
    // A host that has only forgotten us may have shown the line: then the person decides.
    if (entry.lostOn.connection === peer.link.connection) continue;
    const isForMember = entry.privateTo !== undefined && entry.privateTo !== identifyTarget({ peer });
    // Another person may host at that address now.
    const isSameHost = entry.lostFor?.includes(getName(peer)) === true;
    if (isSameHost && !isForMember) lost.push(entry);
  }
  return lost;
}

/** Notes beside an undelivered line that it was sent again. */
export function markSentAgain(chat: SendContext, entry: MessageEntry): void {
  delete entry.lostFor;
  delete entry.lostOn;
  entry.note = sentence("sent-again-below");
  replaceShownEntry(chat, entry);
}
