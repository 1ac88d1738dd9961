/** Whether a peer's address may join. */

import { isInCidr } from "../../protocol/address/cidr.ts";
import type { Chat } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";

/** Whether a peer may join, by its address. */
export function isAllowed(chat: Chat, peer: Peer): boolean {
  if (peer.link.endpoint.family === "unix") return true;
  const { allow, deny } = chat.room.rules;
  if (deny.some((range) => isInCidr(range, peer.link.endpoint))) return false;
  return allow.length === 0 || allow.some((range) => isInCidr(range, peer.link.endpoint));
}
