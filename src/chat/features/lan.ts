/**
 * Discovery on the local network (`--lan`, `/lan`): announces our services, keeps received announcements, and drops
 * silent duets. The list is in lan-roster.ts, the diagnosis in lan-diagnosis.ts.
 */

import { type Endpoint, formatEndpoint } from "../../protocol/address/endpoint.ts";
import { computeKeyedHash } from "../../protocol/keyed-hash.ts";
import { parseLanAnnouncement } from "../../protocol/lan/lan-announcement.ts";
import { type LanEvent, type LanInterface, stripPrefixLength } from "../../protocol/lan/lan-event.ts";
import { lanAnswerIntervalMs, lanAnswerMs, lanEchoMs } from "../../protocol/limits.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Chat, ReportContext } from "../model/chat.ts";
import { lanDoubts, type LanDuet, LanRoster, listEndpoints } from "../records/lan-roster.ts";
import type { Lan } from "../records/lan.ts";
import type { FoundDuet } from "../config/open-request.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { addNotice, report } from "../report/report.ts";
import { announceOnLan, announceWithin, sendAnnouncement } from "./lan-announcing.ts";
import { reportLan } from "./lan-diagnosis.ts";
import { describeListed, ListedPeople, type ListedPerson } from "./lan-people.ts";
import { showCall } from "./call-counters.ts";
import type { LanPlace } from "../../words/sentences/lan.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { noteShownChange } from "../report/shown-changes.ts";
import type { Network } from "../model/chat.ts";

/** Starts discovery, which also announces services that other machines can reach. */
export function startLan(chat: Pick<Chat, "effects" | "self" | "network">): void {
  if (chat.network.lan !== undefined) return;
  const session = computeKeyedHash(chat.self.session, "lan").slice(0, 24);
  const announcedMs = Number.NEGATIVE_INFINITY;
  chat.network.lan = { session, roster: new LanRoster(), interfaces: [], round: 0, announcedMs };
  chat.effects.push({ type: "lan", work: { type: "open" } });
}

/** Withdraws our announcement and stops discovery. */
export function stopLan(chat: ReportContext & Pick<Chat, "network" | "self">): void {
  const { lan } = chat.network;
  if (lan === undefined) return;
  sendAnnouncement(chat, lan, "gone", false);
  chat.effects.push({ type: "lan", work: { type: "close" } });
  chat.timers.clearTimersOfLan();
  chat.network.lan = undefined;
}

/** Announces again, since a side was opened or closed. */
export function announceAgain(chat: ReportContext & Pick<Chat, "network" | "self">): void {
  if (chat.network.lan !== undefined && chat.network.lan.interfaces.length > 0)
    announceWithin(chat, chat.network.lan, 0);
}

/** Asks all duets to announce themselves, and looks at the interfaces again. */
export function askLan(chat: ReportContext & Pick<Chat, "network" | "self">): void {
  const { lan } = chat.network;
  if (lan === undefined || chat.nowMs - lan.announcedMs < lanAnswerIntervalMs) return;
  chat.effects.push({ type: "lan", work: { type: "open" } });
  announceOnLan(chat, lan, true);
  // Afterwards the diagnosis shows which announcements have not returned.
  chat.timers.set({ kind: "lan-echo" }, chat.nowMs + lanEchoMs);
}

export function applyLanEvent(
  chat: ReportContext & Pick<Chat, "network" | "self" | "peers">,
  event: LanEvent,
): void {
  const { lan } = chat.network;
  if (lan === undefined) return;
  switch (event.type) {
    case "interfaces":
      return updateInterfaces(chat, lan, event.interfaces);
    case "received":
      reportLanCall(chat, {
        call: "recvfrom",
        result: "ok",
        peer: event.from,
        bytes: event.bytes.length,
        payload: event.bytes,
      });
      return receiveAnnouncement(chat, lan, event.from, event.bytes);
    case "bound":
      return reportLanCall(chat, { call: "bind", result: event.result, local: event.local });
    case "sent":
      return noteAnnouncementSent(chat, lan, event);
  }
  event satisfies never;
}

function noteAnnouncementSent(
  chat: ReportContext & Pick<Chat, "peers">,
  lan: Lan,
  event: Extract<LanEvent, { type: "sent" }>,
): void {
  const { id, to, bytes, result } = event;
  const here = lan.interfaces.find((each) => each.interface.id === id);
  if (here !== undefined && result !== "ok") here.failed = result;
  reportLanCall(chat, {
    call: "sendto",
    result,
    peer: to,
    bytes: result === "ok" ? bytes : 0,
    ofBytes: bytes,
  });
}

interface LanCall {
  readonly call: "bind" | "sendto" | "recvfrom";
  readonly result: string;
  readonly local?: Endpoint;
  readonly peer?: Endpoint;
  readonly bytes?: number;
  readonly ofBytes?: number;
  readonly payload?: Uint8Array;
}

/** Reports a call of the discovery sockets, for outputs and the wire panel. */
function reportLanCall(chat: ReportContext & Pick<Chat, "peers">, called: LanCall): void {
  showCall(chat, chat.sides.udp, { type: "called", ...called });
  const { local, peer, bytes, ofBytes, call, result } = called;
  if (!chat.config.reportCalls) return;
  const ends = { local: local && formatEndpoint(local), peer: peer && formatEndpoint(peer) };
  report(chat, { type: "call", transport: "udp", call, result, bytes, ofBytes, ...ends });
}

function updateInterfaces(
  chat: ReportContext & Pick<Chat, "network" | "self">,
  lan: Lan,
  interfaces: readonly LanInterface[],
): void {
  const known = new Map(lan.interfaces.map((here) => [here.interface.id, here]));
  const isFirst = lan.round === 0;
  lan.interfaces = interfaces.map((each) => ({
    probe: "",
    sentMs: undefined,
    hasEcho: false,
    hadEcho: false,
    failed: undefined,
    ...known.get(each.id),
    interface: each,
  }));
  lan.roster.setOwnAddresses(interfaces.flatMap(({ cidrs }) => cidrs.map(stripPrefixLength)));
  if (isFirst) reportLanStart(chat, interfaces);
  announceOnLan(chat, lan, true);
}

function reportLanStart(
  chat: ReportContext & Pick<Chat, "network">,
  interfaces: readonly LanInterface[],
): void {
  const side = chat.sides[chat.focus.active];
  const joined = interfaces.filter((each) => each.joined === "ok" && !each.isLoopback);
  const names = [...new Set(joined.map(({ name }) => name))];
  if (joined.length === 0) addNotice(chat, side, "warning", sentence("lan-no-network"));
  else {
    const looking = sentence("lan-looking", { interfaces: names });
    addNotice(chat, side, "info", looking, sentence("lan-looking-hint"));
  }
  if (chat.config.headless && chat.config.reportCalls) scheduleLanReport(chat, 2 * lanEchoMs);
}

/** Where no screen shows a list: reports the duets and the diagnosis after the others have had time to answer. */
export function scheduleLanReport(chat: Pick<Chat, "nowMs" | "timers" | "network">, ms: number): void {
  if (chat.network.lan !== undefined) chat.timers.set({ kind: "lan-report" }, chat.nowMs + ms);
}

export function handleLanReportTimer(chat: ReportContext & Pick<Chat, "network" | "self">): void {
  if (chat.network.lan !== undefined) reportLan(chat, chat.network.lan, chat.sides[chat.focus.active]);
}

/** Redraws the diagnosis, after our own announcements have had time to return. */
export function handleLanEchoTimer(chat: Pick<Chat, "focus" | "network">): void {
  if (chat.network.lan !== undefined) noteShownChange(chat.focus);
}

/** Time for the next announcement: silent duets are dropped, and the interfaces looked at again. */
export function handleLanTimer(chat: ReportContext & Pick<Chat, "network" | "self">): void {
  const { lan } = chat.network;
  if (lan === undefined) return;
  for (const duet of lan.roster.expire(chat.nowMs)) reportGoneDuet(chat, duet, sentence("nothing-received"));
  chat.effects.push({ type: "lan", work: { type: "open" } });
  announceOnLan(chat, lan, false);
}

function receiveAnnouncement(
  chat: ReportContext & Pick<Chat, "self">,
  lan: Lan,
  from: Endpoint,
  bytes: Uint8Array,
): void {
  const announcement = parseLanAnnouncement(bytes);
  if (announcement === undefined || from.family === "unix") return;
  if (announcement.session === lan.session) {
    const here = lan.interfaces.find(({ probe }) => probe === announcement.probe);
    if (here !== undefined) here.hasEcho = true;
    return;
  }
  const change = lan.roster.receive(announcement, from.address, chat.nowMs);
  if (change?.is === "new") reportFoundDuet(chat, change.duet);
  const why =
    announcement.type === "gone"
      ? sentence("said-goodbye", { reason: undefined })
      : sentence("stopped-listening");
  if (change?.is === "gone") reportGoneDuet(chat, change.duet, why);
  if (announcement.isQuery) announceWithin(chat, lan, lanAnswerMs);
}

function reportFoundDuet(chat: ReportContext & Pick<Chat, "self">, duet: LanDuet): void {
  const places = (["tcp", "udp"] as const).flatMap((transport) =>
    listEndpoints(duet, transport)
      .slice(0, 1)
      .map((endpoint) => ({ transport, endpoint })),
  );
  const { name, doubt } = duet;
  const person = findPerson(chat, duet, places[0]);
  const marks = [describeListed(person), doubt && sentence(lanDoubts[doubt])];
  const found = sentence("lan-found", { name, places, marks: marks.filter((mark) => mark !== undefined) });
  const key = person.is === "verified" ? person.key : undefined;
  const hint = sentence("lan-found-hint", { words: formatJoinWords(places[0], key) });
  addPeerNotice(chat, chat.sides[chat.focus.active], "joined", found, hint);
}

function findPerson(
  chat: Pick<Chat, "self" | "config" | "sides">,
  { name, places: [first] }: LanDuet,
  place: LanPlace | undefined,
): ListedPerson {
  if (place === undefined) return { is: "unknown" };
  return new ListedPeople(chat).recognise(name, place.transport, first?.identity);
}

/** `-u --duet 192.0.2.7 8080`: the words of the command line that join a duet. `key`: it is VERIFIED to have this one. */
function formatJoinWords(place: LanPlace | undefined, key: string | undefined): string {
  if (place === undefined || place.endpoint.family === "unix") return "--lan";
  const { address, port } = place.endpoint;
  const words = `${place.transport === "udp" ? "-u " : ""}--duet ${address} ${port}`;
  return key === undefined ? words : `${words} --key ${key}`;
}

function reportGoneDuet(chat: ReportContext, { name }: LanDuet, reason: Sentence): void {
  addPeerNotice(chat, chat.sides[chat.focus.active], "left", sentence("lan-gone", { name, reason }));
}

/** The duets that announced themselves, which may be greeted (PROTOCOL.md, Recognition, rule 2). */
export function listDuetsOnLan(network: Network, transport: TransportName): readonly FoundDuet[] {
  const duets = network.lan?.roster.all() ?? [];
  return duets.flatMap((duet) =>
    listEndpoints(duet, transport).map((endpoint) => ({ endpoint, name: duet.name })),
  );
}
