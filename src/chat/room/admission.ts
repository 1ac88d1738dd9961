/** Admission by address: `--allow`, `--deny` and later rules. */

import { isInCidr } from "../../protocol/address/cidr.ts";
import type { Chat } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";

/** True if the peer's address may join. */
export function isAllowed(chat: Chat, peer: Peer): boolean {
  if (peer.link.endpoint.family === "unix") return true;
  const { allow, deny } = chat.room.rules;
  if (deny.some((range) => isInCidr(range, peer.link.endpoint))) return false;
  return allow.length === 0 || allow.some((range) => isInCidr(range, peer.link.endpoint));
}
