/**
 * The local network (`--lan`, /lan): says who listens here, hears who listens there, and forgets who is silent. Sockets
 * and interfaces are the transport's; the list is lan-roster.ts's, the doctor's words are in lan-doctor.ts.
 */

import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import {
  encodeLanAnnouncement,
  type LanAnnouncement,
  type LanPlace,
  parseLanAnnouncement,
} from "../protocol/lan-announcement.ts";
import { addressOf, type LanEvent, type LanInterface } from "../protocol/lan-event.ts";
import {
  lanAnnounceMaxMs,
  lanAnnounceMinMs,
  lanAnswerIntervalMs,
  lanAnswerMs,
  lanEchoMs,
} from "../protocol/limits.ts";
import type { TransportName } from "../protocol/socket-event.ts";
import type { FoundDuet } from "./event.ts";
import { tellLan } from "./lan-doctor.ts";
import { type LanDuet, LanRoster, placesOf } from "./lan-roster.ts";
import { noticeOfPeer } from "./peer-notices.ts";
import { notice } from "./report.ts";
import type { Chat, Side } from "./state.ts";

/** One interface, and our own last announcement through it. */
export interface LanHere {
  readonly interface: LanInterface;
  /** By which we know our announcement again, should it come back. */
  probe: string;
  sentMs: number | undefined;
  /** That very announcement was heard again; and whether the one before it was. */
  hearsItself: boolean;
  heardItself: boolean;
  /** Why nothing can be sent there. */
  failed: string | undefined;
}

export interface Lan {
  /** Random, and told to nobody otherwise. */
  readonly session: string;
  readonly roster: LanRoster;
  interfaces: readonly LanHere[];
  /** Announcements so far. */
  round: number;
  announcedMs: number;
}

/** Begins to look for others; what listens here beyond this machine is announced. */
export function startLan(chat: Chat): void {
  if (chat.lan !== undefined) return;
  const session = hashOf(chat.session, "lan").slice(0, 24);
  const announcedMs = Number.NEGATIVE_INFINITY;
  chat.lan = { session, roster: new LanRoster(), interfaces: [], round: 0, announcedMs };
  chat.effects.push({ type: "lan", work: { type: "open" } });
}

/** Says goodbye, and hears nothing any more. */
export function stopLan(chat: Chat): void {
  const { lan } = chat;
  if (lan === undefined) return;
  sendAnnouncement(chat, lan, "gone", false);
  chat.effects.push({ type: "lan", work: { type: "close" } });
  chat.timers.clear("lan");
  chat.timers.clear("lan-told");
  chat.lan = undefined;
}

/** Something listens now that did not, or the other way round. */
export function placesChanged(chat: Chat): void {
  if (chat.lan !== undefined && chat.lan.interfaces.length > 0) announceWithin(chat, chat.lan, 0);
}

/** Asks everybody to announce themselves, and looks at the interfaces anew. */
export function askLan(chat: Chat): void {
  const { lan } = chat;
  if (lan === undefined || chat.nowMs - lan.announcedMs < lanAnswerIntervalMs) return;
  chat.effects.push({ type: "lan", work: { type: "open" } });
  announce(chat, lan, true);
  // Whoever looks at the doctor's word sees then what has not come back.
  chat.timers.set("lan-echo", chat.nowMs + lanEchoMs);
}

export function lanHappened(chat: Chat, event: LanEvent): void {
  const { lan } = chat;
  if (lan === undefined) return;
  switch (event.type) {
    case "interfaces":
      return interfacesChanged(chat, lan, event.interfaces);
    case "heard":
      return heard(chat, lan, event.from, event.bytes);
    case "send-failed": {
      const here = lan.interfaces.find((each) => each.interface.id === event.id);
      if (here !== undefined) here.failed = event.code;
    }
  }
}

function interfacesChanged(chat: Chat, lan: Lan, interfaces: readonly LanInterface[]): void {
  const known = new Map(lan.interfaces.map((here) => [here.interface.id, here]));
  const isFirst = lan.round === 0;
  lan.interfaces = interfaces.map((each) => ({
    probe: "",
    sentMs: undefined,
    hearsItself: false,
    heardItself: false,
    failed: undefined,
    ...known.get(each.id),
    interface: each,
  }));
  if (isFirst) tellStart(chat, interfaces);
  announce(chat, lan, true);
}

function tellStart(chat: Chat, interfaces: readonly LanInterface[]): void {
  const side = chat.sides[chat.active];
  const joined = interfaces.filter((each) => each.joined === "ok" && !each.isLoopback);
  const names = [...new Set(joined.map(({ name }) => name))].join(", ");
  if (joined.length === 0)
    notice(chat, side, "warning", "no network is there to look for duets on; /lan tells each interface");
  else notice(chat, side, "info", `looking for duets on the local network (${names}); /lan lists them`);
  if (chat.config.headless && chat.config.tellCalls) tellLanWithin(chat, 2 * lanEchoMs);
}

/** Where there is no list to look at: who was heard and the doctor's word, when others have had the time to answer. */
export function tellLanWithin(chat: Chat, ms: number): void {
  if (chat.lan !== undefined) chat.timers.set("lan-told", chat.nowMs + ms);
}

/** Now they had it. */
export function lanToldTimeReached(chat: Chat): void {
  if (chat.lan !== undefined) tellLan(chat, chat.lan, chat.sides[chat.active]);
}

/** The time of the next announcement: who has not been heard is dropped, interfaces are looked at anew. */
export function lanTimeReached(chat: Chat): void {
  const { lan } = chat;
  if (lan === undefined) return;
  for (const duet of lan.roster.expire(chat.nowMs)) tellGone(chat, duet, "nothing was heard of it any more");
  chat.effects.push({ type: "lan", work: { type: "open" } });
  announce(chat, lan, false);
}

function announce(chat: Chat, lan: Lan, asks: boolean): void {
  sendAnnouncement(chat, lan, "here", asks);
  lan.announcedMs = chat.nowMs;
  const spreadMs = lanAnnounceMaxMs - lanAnnounceMinMs;
  chat.timers.set("lan", chat.nowMs + lanAnnounceMinMs + Math.floor(chance(chat, lan) * spreadMs));
}

/** From 0 up to but not 1, another one each round: all who were asked at once must not answer at once. */
function chance(chat: Chat, lan: Lan): number {
  return Number.parseInt(hashOf(chat.secret, `lan chance ${lan.round}`).slice(0, 8), 16) / 0x1_0000_0000;
}

/** Earlier than it would be, but never within lanAnswerIntervalMs of the last one, however often we are asked. */
function announceWithin(chat: Chat, lan: Lan, ms: number): void {
  const soonMs = chat.nowMs + Math.floor(chance(chat, lan) * ms);
  const atMs = Math.max(soonMs, lan.announcedMs + lanAnswerIntervalMs);
  const dueMs = chat.timers.dueMs("lan");
  if (dueMs === undefined || atMs < dueMs) chat.timers.set("lan", atMs);
}

/** Through each interface what can be reached there: never more than one datagram for each. */
function sendAnnouncement(chat: Chat, lan: Lan, type: LanAnnouncement["type"], asks: boolean): void {
  lan.round += 1;
  for (const here of lan.interfaces) {
    const { id, joined } = here.interface;
    if (joined !== "ok") continue;
    const places = type === "gone" ? [] : placesOn(chat, here.interface);
    // Who only looks need not say who it is.
    const name = places.length === 0 ? "" : chat.name;
    const probe = hashOf(chat.secret, `lan ${lan.round} ${id}`).slice(0, 16);
    const payload = encodeLanAnnouncement({ type, session: lan.session, name, places, asks, probe });
    Object.assign(here, { probe, sentMs: chat.nowMs, failed: undefined });
    here.heardItself = here.hearsItself;
    here.hearsItself = false;
    chat.effects.push({ type: "lan", work: { type: "send", id, payload } });
  }
}

/** What listens here and can be reached through an interface. */
function placesOn(chat: Chat, through: LanInterface): readonly LanPlace[] {
  return Object.values(chat.sides).flatMap((side) => {
    const { local } = side;
    if (side.role !== "listen" || !side.open || side.raw || local === undefined || local.family === "unix")
      return [];
    return isReached(side, local.address, through) ? [{ transport: side.transport, port: local.port }] : [];
  });
}

function isReached({ request }: Side, address: string, { family, cidrs }: LanInterface): boolean {
  if (address === "0.0.0.0") return family === "IPv4";
  const isDual = request?.target.kind !== "ip" || request.target.family !== 6;
  if (address === "::") return family === "IPv6" || isDual;
  return cidrs.some((cidr) => addressOf(cidr) === address);
}

function heard(chat: Chat, lan: Lan, from: Endpoint, bytes: Uint8Array): void {
  const announcement = parseLanAnnouncement(bytes);
  if (announcement === undefined || from.family === "unix") return;
  if (announcement.session === lan.session) {
    const here = lan.interfaces.find(({ probe }) => probe === announcement.probe);
    if (here !== undefined) here.hearsItself = true;
    return;
  }
  const change = lan.roster.hear(announcement, from.address, chat.nowMs);
  if (change?.is === "new") tellFound(chat, change.duet);
  const why = announcement.type === "gone" ? "it said goodbye" : "it listens no more";
  if (change?.is === "gone") tellGone(chat, change.duet, why);
  if (announcement.asks) announceWithin(chat, lan, lanAnswerMs);
}

function tellFound(chat: Chat, duet: LanDuet): void {
  const places = (["tcp", "udp"] as const).flatMap((transport) =>
    placesOf(duet, transport)
      .slice(0, 1)
      .map((endpoint) => `${transport.toUpperCase()} ${formatEndpoint(endpoint)}`),
  );
  const words = `${duet.name} is on the local network: ${places.join(", ")}`;
  noticeOfPeer(chat, chat.sides[chat.active], "joined", words, "/lan lists all, and Enter there joins");
}

function tellGone(chat: Chat, { name }: LanDuet, why: string): void {
  noticeOfPeer(chat, chat.sides[chat.active], "left", `${name} is no longer on the local network: ${why}`);
}

/** Rule 2 of protocol.md: who announced itself there may be spoken to as a duet. */
export function announcedOnLan(chat: Chat, transport: TransportName): readonly FoundDuet[] {
  const duets = chat.lan?.roster.all() ?? [];
  return duets.flatMap((duet) =>
    placesOf(duet, transport).map((endpoint) => ({ endpoint, name: duet.name })),
  );
}

function hashOf(secret: string, words: string): string {
  return new Bun.CryptoHasher("sha256", secret).update(words).digest("hex");
}
