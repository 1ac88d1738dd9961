/**
 * What this duet says of itself on the local network, and how often: through each interface what can be reached there.
 * Whom it hears is in lan.ts.
 */

import {
  type LanAnnouncement,
  type LanService,
  encodeLanAnnouncement,
} from "../../protocol/lan/lan-announcement.ts";
import { type LanInterface, stripPrefixLength } from "../../protocol/lan/lan-event.ts";
import { lanAnnounceMaxMs, lanAnnounceMinMs, lanAnswerIntervalMs } from "../../protocol/limits.ts";
import type { Chat } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import type { Lan } from "../records/lan.ts";

/** Says what listens here, and perhaps asks the others; the next time follows by itself. */
export function announceOnLan(chat: Chat, lan: Lan, asks: boolean): void {
  sendAnnouncement(chat, lan, "here", asks);
  lan.announcedMs = chat.nowMs;
  const spreadMs = lanAnnounceMaxMs - lanAnnounceMinMs;
  chat.timers.set(
    { kind: "lan-announcement" },
    chat.nowMs + lanAnnounceMinMs + Math.floor(chance(chat, lan) * spreadMs),
  );
}

/** From 0 up to but not 1, another one each round: all who were asked at once must not answer at once. */
function chance(chat: Chat, lan: Lan): number {
  return (
    Number.parseInt(keyedHash(chat.self.secret, `lan chance ${lan.round}`).slice(0, 8), 16) / 0x1_0000_0000
  );
}

/** Earlier than it would be, but never within lanAnswerIntervalMs of the last one, however often we are asked. */
export function announceWithin(chat: Chat, lan: Lan, ms: number): void {
  const soonMs = chat.nowMs + Math.floor(chance(chat, lan) * ms);
  const atMs = Math.max(soonMs, lan.announcedMs + lanAnswerIntervalMs);
  const dueMs = chat.timers.dueMs({ kind: "lan-announcement" });
  if (dueMs === undefined || atMs < dueMs) chat.timers.set({ kind: "lan-announcement" }, atMs);
}

/** Through each interface what can be reached there: never more than one datagram for each. */
export function sendAnnouncement(
  chat: Chat,
  lan: Lan,
  type: LanAnnouncement["type"],
  isQuery: boolean,
): void {
  lan.round += 1;
  for (const here of lan.interfaces) {
    const { id, joined } = here.interface;
    if (joined !== "ok") continue;
    const services = type === "gone" ? [] : placesOn(chat, here.interface);
    // Who only looks need not say who it is.
    const name = services.length === 0 ? "" : chat.self.name;
    const probe = keyedHash(chat.self.secret, `lan ${lan.round} ${id}`).slice(0, 16);
    const payload = encodeLanAnnouncement({ type, session: lan.session, name, services, isQuery, probe });
    Object.assign(here, { probe, sentMs: chat.nowMs, failed: undefined });
    here.heardItself = here.hearsItself;
    here.hearsItself = false;
    chat.effects.push({ type: "lan", work: { type: "send", id, payload } });
  }
}

/** What listens here and can be reached through an interface. */
function placesOn(chat: Chat, through: LanInterface): readonly LanService[] {
  return Object.values(chat.sides).flatMap((side) => {
    const { local } = side.socket;
    if (
      side.socket.role !== "listen" ||
      !side.socket.isOpen ||
      side.isRaw ||
      local === undefined ||
      local.family === "unix"
    )
      return [];
    return isReached(side, local.address, through) ? [{ transport: side.transport, port: local.port }] : [];
  });
}

function isReached({ socket: { request } }: Side, address: string, { family, cidrs }: LanInterface): boolean {
  if (address === "0.0.0.0") return family === "IPv4";
  const isDual = request?.target.kind !== "ip" || request.target.family !== 6;
  if (address === "::") return family === "IPv6" || isDual;
  return cidrs.some((cidr) => stripPrefixLength(cidr) === address);
}

/** A keyed hash, hexadecimal: random to whoever does not know the secret. */
export function keyedHash(secret: string, words: string): string {
  return new Bun.CryptoHasher("sha256", secret).update(words).digest("hex");
}
