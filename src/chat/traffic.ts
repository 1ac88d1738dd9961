/** Bytes and calls, counted as the sockets tell them. No estimate is made here. */

import { statsIntervalMs } from "../protocol/limits.ts";
import { formatEndpoint } from "../protocol/endpoint.ts";
import type { SocketEvent } from "../protocol/socket-event.ts";
import { bytesGivenTo } from "./audience.ts";
import { touchIdle } from "./liveness.ts";
import { countFromHere } from "./rates.ts";
import { sendReturned } from "./receipts.ts";
import { tell } from "./report.ts";
import type { Chat, Side } from "./state.ts";

type Called = Extract<SocketEvent, { type: "called" }>;

/** Counts what a call sent, and tells the call to who asked for calls. */
export function countCall(chat: Chat, side: Side, call: Called): void {
  if (call.call === "send" || call.call === "sendto") countSent(chat, side, call);
  if ((call.bytes ?? 0) > 0) armStats(chat, side);
  if (!chat.config.tellCalls) return;
  const known = call.connection === undefined ? undefined : chat.peers.get(call.connection)?.address;
  const peer = call.peer === undefined ? known : formatEndpoint(call.peer);
  const local = call.local === undefined ? undefined : formatEndpoint(call.local);
  const { bytes, ofBytes, result } = call;
  tell(chat, {
    type: "call",
    transport: side.transport,
    call: call.call,
    result,
    bytes,
    ofBytes,
    local,
    peer,
  });
}

function countSent(chat: Chat, side: Side, call: Called): void {
  const bytes = call.bytes ?? 0;
  countFromHere(side);
  side.bytesOut += bytes;
  const peer = call.connection === undefined ? undefined : chat.peers.get(call.connection);
  if (peer !== undefined) {
    peer.bytesOut += bytes;
    sendReturned(chat, peer, call.result === "ok");
  }
  if (bytes > 0) touchIdle(chat, side);
}

/** Stats are told a while after traffic, and not while nothing happens. */
export function armStats(chat: Chat, side: Side): void {
  if (!chat.config.tellCalls) return;
  const name = `stats ${side.transport}`;
  if (!chat.timers.has(name)) chat.timers.set(name, chat.nowMs + statsIntervalMs);
}

/** The counters so far, with each peer's queue. */
export function statsTimeReached(chat: Chat, side: Side): void {
  const queues = [...side.peers.values()].map((peer) => ({
    peer: peer.address,
    bytes: Math.max(0, bytesGivenTo(peer) - peer.bytesOut),
  }));
  const { transport, bytesIn, bytesOut } = side;
  const { turnedAway, slowed, droppedOfStrangers } = side;
  const limits = { turnedAway, slowed, droppedOfStrangers };
  const trouble = transport === "udp" && chat.trouble !== undefined ? { trouble: chat.trouble.counts } : {};
  const counts = { peers: side.peers.size, bytesIn, bytesOut, queues, ...limits, ...trouble };
  tell(chat, { type: "stats", transport, ...counts });
}
