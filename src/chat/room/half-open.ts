/**
 * Handshakes of sealed sessions that peers began and that have not ended: limited by address, and in all; and those that are
 * guesses of our room's password, until it has proven right.
 */

import { setBounded } from "../../protocol/bounded-map.ts";
import {
  guessAddressesMax,
  guessesPerMinuteMax,
  halfOpenMax,
  halfOpenPerAddressMax,
} from "../../protocol/limits.ts";
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

/** Changes the stage of a peer, and counts it while it is half-open. Over UDP it counts from its proof on, until it is refused. */
export function changeSealStage(
  room: Pick<Room, "halfOpen">,
  { link, seal }: Pick<Peer, "link" | "seal">,
  stage: SealStage,
): void {
  setSealStage(seal, stage);
  const isUnproven = link.transport === "udp" && stage === "awaiting-first";
  if (link.isInbound && !isUnproven && stage !== "refused" && (isShaking(seal) || stage === "unconfirmed"))
    room.halfOpen.set(link.connection, getAddressKey(link));
  else room.halfOpen.delete(link.connection);
}

/** The connection is over. */
export function forgetHalfOpen(room: Pick<Room, "halfOpen">, { connection }: Link): void {
  room.halfOpen.delete(connection);
}

const minuteMs = 60_000;

/** Takes a guess for an address. False if it has had as many as it may have within a minute. */
export function tryTakeGuess({ guesses }: Pick<Room, "guesses">, address: string, nowMs: number): boolean {
  const recent = (guesses.get(address) ?? []).filter((atMs) => nowMs - atMs < minuteMs);
  if (recent.length >= guessesPerMinuteMax) return false;
  setBounded(guesses, address, [...recent, nowMs], guessAddressesMax);
  return true;
}

/** The guess that was taken then was right, and does not count. */
export function returnGuess({ guesses }: Pick<Room, "guesses">, address: string, atMs: number): void {
  const times = guesses.get(address) ?? [];
  const left = times.toSpliced(times.indexOf(atMs), times.includes(atMs) ? 1 : 0);
  if (left.length === 0) guesses.delete(address);
  else guesses.set(address, left);
}
