/** Admission by address: `--allow`, `--deny` and later rules. */

import { isInCidr } from "../../protocol/address/cidr.ts";
import type { Room } from "../model/room.ts";
import type { Link } from "../peer/link.ts";

/** True if the peer's address may join. */
export function isAllowed(room: Room, link: Link): boolean {
  if (link.endpoint.family === "unix") return true;
  const { allow, deny } = room.rules;
  if (deny.some((range) => isInCidr(range, link.endpoint))) return false;
  return allow.length === 0 || allow.some((range) => isInCidr(range, link.endpoint));
}
