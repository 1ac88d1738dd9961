/**
 * The kernel's view of our TCP connections: when it is requested, and how its answer is used. It is requested only
 * while something shows it.
 */

import { kernelLookMs } from "../../protocol/limits.ts";
import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import type { TcpFacts, TcpObservation } from "../../protocol/sockets/tcp-facts.ts";
import { type Chat, getName, type ReportContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { noteKernelAck } from "../outbound/sent-messages.ts";
import type { Leftover, LookPurpose } from "../records/kernel-look.ts";
import { addNotice } from "../report/report.ts";
import { listMeasurements } from "./stats-text.ts";
import { reportStats } from "./call-counters.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Effect } from "../model/effect.ts";

/** Starts or stops regular looks at the kernel, as the wire panel opens or closes. */
export function watchKernel(chat: ReportContext, watched: boolean): void {
  chat.focus.isKernelWatched = watched;
  if (!watched) return chat.timers.clear({ kind: "kernel-look" });
  handleKernelLookTimer(chat);
}

/** Requests the next look. */
export function handleKernelLookTimer(chat: ReportContext): void {
  if (!chat.focus.isKernelWatched) return;
  chat.effects.push({ type: "look-at-kernel", purpose: "panel" });
  chat.timers.set({ kind: "kernel-look" }, chat.nowMs + kernelLookMs);
}

/** `/stats`. */
export function requestStats(effects: Effect[]): void {
  effects.push({ type: "look-at-kernel", purpose: "command" });
}

/** Applies the kernel's answer. */
export function applyKernelLook(
  chat: ReportContext & Pick<Chat, "network" | "peers">,
  purpose: LookPurpose,
  seen: readonly TcpObservation[],
): void {
  const side = chat.sides.tcp;
  for (const peer of side.peers.values()) peer.liveness.tcpFacts = undefined;
  const leftovers: Leftover[] = [];
  for (const one of seen) {
    const peer = one.connection === undefined ? undefined : chat.peers.get(one.connection);
    if (peer === undefined) leftovers.push({ ...one, name: getLeftoverName(side, one.connection) });
    else applyTcpFacts(chat, peer, one.facts);
  }
  side.counters.leftovers = leftovers;
  if (purpose === "output") reportStats(chat, side);
  if (purpose === "command") showStats(chat);
}

function applyTcpFacts(
  chat: ReportContext,
  peer: Pick<Peer, "outbound" | "receipts" | "liveness">,
  facts: TcpFacts,
): void {
  peer.liveness.tcpFacts = facts;
  // Bytes that are not counted as sent yet cannot be acknowledged, so this is never too high.
  noteKernelAck(chat, peer, peer.outbound.bytesOut - facts.unackedBytes);
}

/** The name in the latest call of that connection. */
function getLeftoverName(side: Pick<Side, "socket" | "calls">, connection: ConnectionId | undefined): string {
  if (connection === undefined) return side.socket.targetText ?? "";
  const rows = side.calls;
  for (let index = (rows?.length ?? 0) - 1; index >= 0; index -= 1) {
    const row = rows?.at(index);
    if (row?.connection === connection) return row.peer ?? "";
  }
  return `#${connection}`;
}

function showStats(chat: ReportContext): void {
  const side = chat.sides[chat.focus.active];
  const {
    transport,
    counters: { bytesIn, bytesOut, leftovers },
    peers,
  } = side;
  const amounts = [sentence("bytes-in", { bytes: bytesIn }), sentence("bytes-out", { bytes: bytesOut })];
  const count = sentence("peers", { peers: peers.size });
  addList(chat, side, transport.toUpperCase(), [...amounts, count]);
  for (const peer of [...peers.values()].slice(0, statsRowsMax)) {
    addList(chat, side, getName(peer), listPeerFacts(peer));
    for (const items of listMeasurements(peer)) addList(chat, side, undefined, items);
  }
  if (peers.size > statsRowsMax)
    addNotice(chat, side, "info", sentence("and-more", { more: peers.size - statsRowsMax }));
  for (const { connection, name, facts } of leftovers) {
    const stage = sentence(connection === undefined ? "being-made" : "over-for-us");
    addList(chat, side, name, [stage, ...listKernelFacts(facts)]);
  }
}

function addList(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  name: string | undefined,
  items: readonly Sentence[],
): void {
  addNotice(chat, side, "info", sentence("list", { name, items }));
}

/** The most peers that `/stats` shows. */
const statsRowsMax = 10;

function listPeerFacts(peer: Pick<Peer, "link" | "liveness">): readonly Sentence[] {
  return peer.liveness.tcpFacts === undefined
    ? [sentence("state-by-events", { state: peer.link.state })]
    : listKernelFacts(peer.liveness.tcpFacts);
}

/** The state first; what the source does not tell is left out. */
function listKernelFacts(facts: TcpFacts): readonly Sentence[] {
  const { state, roundTripMs, retransmits, unackedBytes, unsentBytes, unreadBytes, sendWindowBytes } = facts;
  return [
    sentence("as-written", { text: state }),
    roundTripMs === undefined || roundTripMs === 0
      ? undefined
      : sentence("kernel-round-trip", { ms: roundTripMs }),
    retransmits === undefined ? undefined : sentence("retransmits", { segments: retransmits }),
    sentence("bytes-unacked", { bytes: unackedBytes }),
    unsentBytes === undefined ? undefined : sentence("bytes-unsent", { bytes: unsentBytes }),
    sentence("bytes-unread", { bytes: unreadBytes }),
    sendWindowBytes === undefined ? undefined : sentence("peer-window", { bytes: sendWindowBytes }),
  ].filter((fact) => fact !== undefined);
}
