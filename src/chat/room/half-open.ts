/** Handshakes of sealed sessions that peers began and that have not ended: limited by address, and in all. */

import { halfOpenMax, halfOpenPerAddressMax } from "../../protocol/limits.ts";
import type { Peer } from "../model/peer.ts";
import type { Room } from "../model/room.ts";
import type { Link } from "../peer/link.ts";
import { isShaking, type SealStage, setSealStage } from "../peer/seal.ts";
import { getAddressKey } from "./strangers.ts";

/** True if one more may begin from there. */
export function hasHandshakeRoom({ halfOpen }: Pick<Room, "halfOpen">, link: Link): boolean {
  if (halfOpen.has(link.connection)) return true;
  if (halfOpen.size >= halfOpenMax) return false;
  const address = getAddressKey(link);
  let ofAddress = 0;
  for (const other of halfOpen.values()) if (other === address) ofAddress += 1;
  return ofAddress < halfOpenPerAddressMax;
}

/** Changes the stage of a peer, and counts it while it is half-open. Over UDP it counts from its proof on. */
export function changeSealStage(
  room: Pick<Room, "halfOpen">,
  { link, seal }: Pick<Peer, "link" | "seal">,
  stage: SealStage,
): void {
  setSealStage(seal, stage);
  const isUnproven = link.transport === "udp" && stage === "awaiting-first";
  if (link.isInbound && !isUnproven && (isShaking(seal) || stage === "unconfirmed"))
    room.halfOpen.set(link.connection, getAddressKey(link));
  else room.halfOpen.delete(link.connection);
}

/** The connection is over. */
export function forgetHalfOpen(room: Pick<Room, "halfOpen">, { connection }: Link): void {
  room.halfOpen.delete(connection);
}
