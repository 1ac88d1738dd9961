/** Ends a peer at once: queued bytes are discarded, and a TCP connection is closed by RST. */

import type { Chat } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";
import { setEndReason } from "../peer/link.ts";

/** Resets a peer for this reason; nothing happens to one that is being ended already. */
export function resetPeer(chat: Chat, peer: Peer, reason: Sentence): void {
  if (peer.link.endReason !== undefined) return;
  setEndReason(peer.link, reason);
  const { transport, connection } = peer.link;
  chat.effects.push({ type: "close", transport, connection, how: "reset" });
}
