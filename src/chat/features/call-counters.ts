/** Counts bytes and calls as the sockets report them. */

import { formatEndpoint } from "../../protocol/address/endpoint.ts";
import { statsIntervalMs } from "../../protocol/limits.ts";
import type { Called, ConnectionId } from "../../protocol/sockets/socket-event.ts";
import { type Chat, getName, type SendContext, type ReportContext } from "../model/chat.ts";
import { type Peer, countEnqueuedBytes } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { noteSendReturned } from "../outbound/sent-messages.ts";
import type { ConnectionFacts, LinkOutput } from "../records/link-measures.ts";
import type { Timer } from "../records/timers.ts";
import { isKeepalive } from "../log/keepalive.ts";
import type { WireLog } from "../log/wire-log.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { rebaseRates } from "../report/throughput.ts";
import { report } from "../report/report.ts";
import { reportCall } from "../trace/reported-calls.ts";
import { restartIdleTime } from "./idle-timeout.ts";
import { measureLink, countWaitingBytes } from "./link-measures.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { noteShownChange } from "../report/shown-changes.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Config } from "../config/config.ts";

/** Keeps a call for the wire panel, counts its bytes, and reports it where outputs carry calls. */
export function countCall(chat: SendContext, side: Side, call: Called): void {
  // The offset is read before the bytes are counted.
  const offset = getCallOffset(chat, call);
  showCall(chat, side, call, offset);
  if (call.call === "send" || call.call === "sendto")
    countSent(chat, side, call.connection, call.bytes ?? 0, call.result === "ok");
  if ((call.bytes ?? 0) > 0) armStats(chat, side.transport);
  if (chat.config.reportCalls) reportCall(chat, side.transport, call, offset);
}

/**
 * Bytes that moved in this direction on this connection before; undefined if the call moves no bytes of a connection.
 */
function getCallOffset(chat: Pick<Chat, "peers">, { call, connection, bytes }: Called): number | undefined {
  const peer = connection === undefined || bytes === undefined ? undefined : chat.peers.get(connection);
  return call === "send" || call === "sendto" ? peer?.outbound.bytesOut : peer?.inbound.bytesIn;
}

/** Toggles the keeping of calls on both sides. */
export function pauseWire(chat: Pick<Chat, "sides" | "focus">): void {
  const paused = chat.sides[chat.focus.active].calls?.paused === false;
  for (const { calls } of [chat.sides.tcp, chat.sides.udp]) calls?.setPaused(paused);
}

/** Keeps a call for the wire panel, without counting it. */
export function showCall(
  chat: Pick<Chat, "wallMs" | "peers" | "focus">,
  { calls }: Pick<Side, "calls">,
  call: Called,
  offset?: number,
): void {
  if (calls !== undefined) keepCall(chat, calls, call, offset);
  if (chat.focus.isKernelWatched) noteShownChange(chat.focus);
}

function keepCall(chat: Pick<Chat, "wallMs" | "peers">, wire: WireLog, called: Called, offset = 0): void {
  const { call, result, connection, bytes, ofBytes, payload } = called;
  const known = connection === undefined ? undefined : chat.peers.get(connection);
  const endpoint = called.peer ?? called.local;
  const address = known?.link.address ?? (endpoint && formatEndpoint(endpoint));
  const isOurs = known === undefined && called.peer === undefined;
  wire.push(
    {
      atMs: chat.wallMs,
      call,
      result,
      connection,
      peer: known === undefined ? (isOurs ? undefined : address) : getName(known),
      address,
      bytes,
      ofBytes,
      offset,
      isKeepalive: known?.identity.kind === "duet" && isKeepalive(called, payload),
    },
    payload,
    called.sealed,
  );
}

/** Counts a send to many connections that no output reports one by one (see callsOf). */
export function countSentToAll(
  chat: ReportContext & Pick<Chat, "peers">,
  side: Pick<Side, "transport" | "socket" | "counters">,
  connections: readonly ConnectionId[],
  bytes: number,
): void {
  rebaseRates(side.counters);
  side.counters.bytesOut += bytes * connections.length;
  for (const connection of connections) countSentTo(chat, connection, bytes, true);
  if (bytes > 0) restartIdleTime(chat, side);
}

function countSent(
  chat: ReportContext & Pick<Chat, "peers">,
  side: Pick<Side, "transport" | "socket" | "counters">,
  connection: ConnectionId | undefined,
  bytes: number,
  tookAll: boolean,
): void {
  rebaseRates(side.counters);
  side.counters.bytesOut += bytes;
  if (connection !== undefined) countSentTo(chat, connection, bytes, tookAll);
  if (bytes > 0) restartIdleTime(chat, side);
}

function countSentTo(
  chat: ReportContext & Pick<Chat, "peers">,
  connection: ConnectionId,
  bytes: number,
  tookAll: boolean,
): void {
  const peer = chat.peers.get(connection);
  if (peer === undefined) return;
  peer.outbound.bytesOut += bytes;
  if (bytes > 0) peer.outbound.lastWriteMs = chat.nowMs;
  noteSendReturned(chat, peer, tookAll);
}

/** Sets the timer of the next stats after traffic; idle sides report none. */
export function armStats(chat: Pick<Chat, "config" | "nowMs" | "timers">, transport: TransportName): void {
  if (!chat.config.reportCalls) return;
  const timer: Timer = { kind: "stats", of: transport };
  if (!chat.timers.has(timer)) chat.timers.set(timer, chat.nowMs + statsIntervalMs);
}

/** Reports the counters, after a look at the kernel if outputs carry its view. */
export function handleStatsTimer(
  chat: ReportContext & Pick<Chat, "network">,
  side: Pick<Side, "transport" | "peers" | "counters">,
): void {
  if (chat.config.reportKernel && side.transport === "tcp")
    chat.effects.push({ type: "look-at-kernel", purpose: "output" });
  else reportStats(chat, side);
}

/** The kernel dropped datagrams that were not read in time. */
export function noteOverrun(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  count: number,
): void {
  side.counters.overrun += count;
  armStats(chat, side.transport);
  const what = sentence("datagrams-overrun", { datagrams: count });
  addPeerNotice(chat, side, "warning", what, sentence("overrun-hint"));
}

/** Reports the counters, each peer's queue, and the kernel's view if it was requested. */
export function reportStats(
  chat: ReportContext & Pick<Chat, "network">,
  side: Pick<Side, "transport" | "peers" | "counters">,
): void {
  const queues = [...side.peers.values()].map((peer) => ({
    peer: peer.link.address,
    bytes: countWaitingBytes(peer, countEnqueuedBytes(peer)),
  }));
  const {
    transport,
    counters: { bytesIn, bytesOut },
  } = side;
  const links = [...side.peers.values()].map(makeLinkOutput);
  const { turnedAway, slowed, droppedOfStrangers, overrun } = side.counters;
  const limits = { turnedAway, slowed, droppedOfStrangers, overrun };
  const impairment =
    transport === "udp" && chat.network.impairment !== undefined
      ? { trouble: chat.network.impairment.counts }
      : {};
  const counts = { peers: side.peers.size, bytesIn, bytesOut, queues, links, ...limits, ...impairment };
  report(chat, { type: "stats", transport, ...counts, ...listConnections(chat.config, side) });
}

function listConnections(
  config: Config,
  side: Pick<Side, "peers" | "counters">,
): { readonly connections?: readonly ConnectionFacts[] } {
  if (!config.reportKernel) return {};
  const open = [...side.peers.values()].flatMap(({ link: { address }, liveness: { tcpFacts: tcp } }) =>
    tcp === undefined ? [] : [{ peer: address, ...tcp }],
  );
  return {
    connections: [...open, ...side.counters.leftovers.map(({ name, facts }) => ({ peer: name, ...facts }))],
  };
}

function makeLinkOutput(peer: Pick<Peer, "link" | "outbound" | "liveness">): LinkOutput {
  const { smoothedMs, variationMs } = peer.liveness.roundTrip;
  const rttVarMs = smoothedMs === undefined ? null : variationMs;
  return { peer: peer.link.address, rttMs: smoothedMs ?? null, rttVarMs, ...measureLink(peer.outbound) };
}
