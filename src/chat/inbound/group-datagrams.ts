/** Datagrams that are received in a multicast group. */

import { parseGroupLine } from "../../protocol/lan/multicast-chat.ts";
import { heardText } from "../messages/raw-lines.ts";
import type { Chat } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { announce, becomeRaw } from "../session/classify.ts";
import { heardFrom } from "../session/pings.ts";

/** One datagram of somebody in the group. What it calls itself is shown, with its address beside it. */
export function heardInGroup(chat: Chat, side: Side, peer: Peer, datagram: string, bytes: number): void {
  heardFrom(chat, side, peer);
  if (peer.identity.kind === "unknown") becomeRaw(chat, peer);
  if (peer.link.endReason !== undefined || bytes === 0) return;
  const { name, text } = side.isRaw ? { name: undefined, text: datagram } : parseGroupLine(datagram);
  if (name !== undefined) {
    peer.identity.name = name;
    peer.identity.isNamed = true;
  }
  if (!peer.identity.isAnnounced) announce(chat, peer);
  heardText(chat, side, peer, text, bytes);
}
