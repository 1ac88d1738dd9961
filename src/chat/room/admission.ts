/** Admission by address: `--allow`, `--deny` and later rules. */

import { isInRanges } from "../../protocol/address/cidr.ts";
import type { Room } from "../model/room.ts";
import type { Link } from "../peer/link.ts";

/** True if the peer's address may join. */
export function isAllowed(room: Room, link: Link): boolean {
  if (link.endpoint.family === "unix") return true;
  const { allow, deny } = room.rules;
  if (isInRanges(deny, link.endpoint)) return false;
  return allow.length === 0 || isInRanges(allow, link.endpoint);
}
