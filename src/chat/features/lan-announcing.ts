/**
 * Sends our announcements on the local network: on each interface, the services that can be reached through it.
 * Received ones are in lan.ts.
 */

import {
  type LanAnnouncement,
  type LanService,
  encodeLanAnnouncement,
} from "../../protocol/lan/lan-announcement.ts";
import { computeKeyedHash } from "../../protocol/keyed-hash.ts";
import { type LanInterface, stripPrefixLength } from "../../protocol/lan/lan-event.ts";
import { isInCidr, parseCidr } from "../../protocol/address/cidr.ts";
import { makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import {
  lanAddressesMax,
  lanAnnounceMaxMs,
  lanAnnounceMinMs,
  lanAnswerIntervalMs,
} from "../../protocol/limits.ts";
import type { Chat, ReportContext } from "../model/chat.ts";
import type { Lan } from "../records/lan.ts";
import type { Self } from "../model/chat.ts";
import type { SideSocket } from "../model/side.ts";
import { findKeyToHandOver } from "./invitation.ts";

/** Announces our services, optionally asks others to do so, and sets the timer of the next announcement. */
export function announceOnLan(chat: ReportContext & Pick<Chat, "self">, lan: Lan, asks: boolean): void {
  sendAnnouncement(chat, lan, "here", asks);
  lan.announcedMs = chat.nowMs;
  const spreadMs = lanAnnounceMaxMs - lanAnnounceMinMs;
  chat.timers.set(
    { kind: "lan-announcement" },
    chat.nowMs + lanAnnounceMinMs + Math.floor(drawChance(chat.self, lan) * spreadMs),
  );
}

/** A random number in [0, 1), different in each round, so that duets asked at once do not answer at once. */
function drawChance(self: Self, lan: Lan): number {
  return (
    Number.parseInt(computeKeyedHash(self.secret, `lan chance ${lan.round}`).slice(0, 8), 16) / 0x1_0000_0000
  );
}

/** Moves the next announcement forward, but never within lanAnswerIntervalMs of the last one. */
export function announceWithin(chat: Pick<Chat, "nowMs" | "timers" | "self">, lan: Lan, ms: number): void {
  const soonMs = chat.nowMs + Math.floor(drawChance(chat.self, lan) * ms);
  const atMs = Math.max(soonMs, lan.announcedMs + lanAnswerIntervalMs);
  const dueMs = chat.timers.dueMs({ kind: "lan-announcement" });
  if (dueMs === undefined || atMs < dueMs) chat.timers.set({ kind: "lan-announcement" }, atMs);
}

/** Sends one datagram through each interface. */
export function sendAnnouncement(
  chat: ReportContext & Pick<Chat, "self">,
  lan: Lan,
  type: LanAnnouncement["type"],
  isQuery: boolean,
): void {
  lan.round += 1;
  for (const here of lan.interfaces) {
    const { id, joined } = here.interface;
    if (joined !== "ok") continue;
    const services = type === "gone" ? [] : listReachableServices(chat, here.interface);
    // A duet without services stays anonymous.
    const name = services.length === 0 ? "" : chat.self.name;
    const also = services.length === 0 ? [] : listOtherAddresses(lan, here.interface);
    const probe = computeKeyedHash(chat.self.secret, `lan ${lan.round} ${id}`).slice(0, 16);
    const { session } = lan;
    const identity = findAnnouncedKey(chat, services);
    const fields = { type, session, name, services, isQuery, probe, also };
    const payload = encodeLanAnnouncement({ ...fields, ...(identity !== undefined && { identity }) });
    Object.assign(here, { probe, sentMs: chat.nowMs, failed: undefined });
    here.hadEcho = here.hasEcho;
    here.hasEcho = false;
    chat.effects.push({ type: "lan", work: { type: "send", id, payload } });
  }
}

/** Our key, if each of the services seals with it. */
function findAnnouncedKey(
  chat: Pick<Chat, "config" | "self" | "sides">,
  services: readonly LanService[],
): string | undefined {
  const keys = services.map(({ transport }) => findKeyToHandOver(chat, chat.sides[transport]));
  return keys.includes(undefined) ? undefined : keys[0];
}

/**
 * Our other addresses that receivers of an interface's announcements can receive from: those of the interface and of
 * others on its network, and on the loopback interface all. No network is told of another one.
 */
function listOtherAddresses(lan: Lan, through: LanInterface): readonly string[] {
  const all = lan.interfaces.map((here) => here.interface).filter(({ joined }) => joined === "ok");
  const outward = all.filter(({ isLoopback }) => !isLoopback);
  const networks = all
    .filter(({ name }) => name === through.name)
    .flatMap(({ cidrs }) => cidrs.map(parseCidr));
  const isNear = ({ name, cidrs, family }: LanInterface): boolean =>
    name === through.name ||
    (family === "IPv4" &&
      cidrs.some((cidr) => {
        const endpoint = makeIpEndpoint(stripPrefixLength(cidr), 0);
        return networks.some((network) => network !== undefined && isInCidr(network, endpoint));
      }));
  const near = new Set(outward.filter(isNear).map(({ name }) => name));
  const named = through.isLoopback ? outward : outward.filter(({ name }) => near.has(name));
  // The first address of an interface is the source address of its datagrams.
  const addresses = named
    .filter(({ id }) => id !== through.id)
    .map(({ cidrs }) => stripPrefixLength(cidrs[0]));
  return addresses.slice(0, lanAddressesMax);
}

/** Our services that can be reached through an interface. */
function listReachableServices(chat: Pick<Chat, "sides">, through: LanInterface): readonly LanService[] {
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
    return isReached(side.socket, local.address, through)
      ? [{ transport: side.transport, port: local.port }]
      : [];
  });
}

function isReached({ request }: SideSocket, address: string, { name, family, cidrs }: LanInterface): boolean {
  if (address === "0.0.0.0") return family === "IPv4";
  const isDual = request?.target.kind !== "ip" || request.target.family !== 6;
  if (address === "::") return family === "IPv6" || isDual;
  const [bare, zone = name] = address.split("%");
  return zone === name && cidrs.some((cidr) => stripPrefixLength(cidr) === bare);
}
