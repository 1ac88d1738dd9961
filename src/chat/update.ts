/**
 * The one entry to the core: an event in, changes of state and effects out. Deterministic: the same events give the
 * same chat.
 */

import type { ConnectionId, SocketEvent, TransportName } from "../protocol/sockets/socket-event.ts";
import { joinOnLan, lanAsked } from "./commands/lan-command.ts";
import { sayLine, stepAddressee } from "./commands/private-line.ts";
import { resend } from "./commands/resend.ts";
import { runCommand, switchTo } from "./commands/run-command.ts";
import { touchIdle } from "./features/idle-timeout.ts";
import { kernelTold, lookTimeReached, watchKernel } from "./features/kernel-facts.ts";
import {
  lanEchoTimeReached,
  lanHappened,
  lanTimeReached,
  lanToldTimeReached,
  startLan,
} from "./features/lan.ts";
import { beginTrouble, troubleCounted } from "./features/network-impairment.ts";
import { sendBroadcast, subnetsFound } from "./features/subnet-broadcast.ts";
import {
  countCall,
  countSentToAll,
  datagramsOverran,
  pauseWire,
  statsTimeReached,
} from "./features/traffic.ts";
import { deliveryTimeReached } from "./inbound/ordered-frames.ts";
import { received } from "./inbound/received-bytes.ts";
import { peerDrained } from "./inbound/settle-delivery.ts";
import { roomPauseOver, sendRefused, stallTimeReached } from "./inbound/slow-peers.ts";
import { piped } from "./messages/speech.ts";
import { turnReached } from "./messages/waiting-turn.ts";
import type { Chat } from "./model/chat.ts";
import type { Effect } from "./model/effect.ts";
import type { ChatEvent } from "./model/event.ts";
import type { Peer } from "./model/peer.ts";
import type { Side } from "./model/side.ts";
import { peerBacklogged } from "./outbound/backlog.ts";
import { setFocused, markSideRead, receiptTimeReached } from "./outbound/pending-receipts.ts";
import { outputPaused } from "./outbound/read-pause.ts";
import { flushRelay } from "./outbound/relay.ts";
import { datagramFailed } from "./outbound/sent-messages.ts";
import type { OpenRequest } from "./config/open-request.ts";
import type { Timer } from "./records/timers.ts";
import { leftOutTimeReached } from "./report/paced-notices.ts";
import { rateTimeReached } from "./report/rates.ts";
import { notice, reportError } from "./report/report.ts";
import { setOverlayOpen, clearReadMark, markRead } from "./room/read-marks.ts";
import { classifyTimeReached, peerConnected, peerShutDown, weShutDown } from "./session/arrivals.ts";
import { leave } from "./session/close.ts";
import { peerDisconnected } from "./session/departures.ts";
import { newcomerTurnedAway } from "./session/end-peer.ts";
import { flushed } from "./session/flush.ts";
import { helloTimeReached } from "./session/greeting.ts";
import { endSilentRoom, inputEnded, lingerAfterInput } from "./session/input-end.ts";
import { idleTimeReached, peerUnreachable, watchPeers, watchTimeReached } from "./session/liveness.ts";
import { pairingRetry, pairingStopped, portHolderFound } from "./session/pairing.ts";
import {
  announcementsRead,
  openSide,
  sideConnecting,
  sideFailed,
  sideListening,
  sideStopped,
} from "./session/sides.ts";
import { lineTimeReached } from "./session/unfinished-line.ts";
import { reportHeldCall } from "./trace/reported-calls.ts";
import { sentence } from "../words/sentences/sentence.ts";

/** Applies one event at the time `atMs`, and returns the effects in order. */
export function update(chat: Chat, event: ChatEvent, atMs: number): readonly Effect[] {
  chat.nowMs = Math.max(chat.nowMs, atMs);
  chat.focus.revision += 1;
  if (event.type !== "socket" && event.type !== "time-reached") chat.focus.shownChanges += 1;
  const { heldCall } = chat.ledger;
  if (heldCall !== undefined) chat.ledger.heldCall = undefined;
  apply(chat, event);
  flushRelay(chat);
  if (heldCall !== undefined) reportHeldCall(chat, heldCall);
  if (chat.effects.length === 0) return noEffects;
  const { effects } = chat;
  chat.effects = [];
  return effects;
}

/** Most events under flood have no effects, so they share one empty list. */
const noEffects: readonly Effect[] = [];

function apply(chat: Chat, event: ChatEvent): void {
  switch (event.type) {
    case "started":
      return started(chat, event.transport, event.request);
    case "socket":
      return applySocketEvent(chat, chat.sides[event.transport], event.event);
    case "send-refused":
      return withPeer(chat, event.connection, (peer) => sendRefused(chat, peer, event.why, event.bytes));
    case "said":
      markSideRead(chat, chat.sides[chat.focus.active]);
      return sayLine(chat, event.text, event.continues);
    case "resend-asked":
      return resend(chat, chat.sides[chat.focus.active], event.entryId);
    case "piped":
      return piped(chat, event.bytes);
    case "commanded":
      markSideRead(chat, chat.sides[chat.focus.active]);
      return runCommand(chat, event.line);
    case "addressee-stepped":
      return stepAddressee(chat, chat.sides[chat.focus.active], event.step);
    case "looked":
      (event.away ? markRead : clearReadMark)(chat.sides[chat.focus.active].conversation.scrollback);
      return setFocused(chat, !event.away);
    case "covered":
      return setOverlayOpen(chat, event.covered);
    case "switched":
      return switchTo(chat, event.to);
    case "wire-paused":
      return pauseWire(chat);
    case "kernel-watched":
      return watchKernel(chat, event.watched);
    case "kernel-told":
      return kernelTold(chat, event.purpose, event.seen);
    case "held":
      chat.input.waitingLines = event.lines;
      return;
    case "output-paused":
      return outputPaused(chat, event.paused);
    case "noted":
      return notice(chat, chat.sides[chat.focus.active], event.tone ?? "warning", event.sentence);
    case "input-ended":
      return inputEnded(chat);
    case "announcements-read":
      return announcementsRead(chat, chat.sides[event.transport], event.found);
    case "subnets-found":
      return subnetsFound(chat, event.wish, event.subnets);
    case "broadcast-failed":
      return reportError(chat, chat.sides.udp, event.error);
    case "broadcast-confirmed":
      return sendBroadcast(chat, event.wish);
    case "lan":
      return lanHappened(chat, event.event);
    case "lan-asked":
      return lanAsked(chat);
    case "lan-chosen":
      return joinOnLan(chat, event.key, event.sure);
    case "trouble-counted":
      return troubleCounted(chat, event.counts);
    case "port-holder-found":
      return portHolderFound(chat, chat.sides[event.transport], event.error);
    case "quit-asked":
      return leave(chat, event.code, event.reason);
    case "time-reached":
      return applyTimers(chat);
  }
  event satisfies never;
}

function started(chat: Chat, transport: TransportName, request: OpenRequest): void {
  chat.focus.active = transport;
  const side = chat.sides[transport];
  side.socket.isInitial = true;
  if (chat.config.trouble !== undefined) beginTrouble(chat, side, chat.config.trouble);
  if (chat.config.lan === true) startLan(chat);
  openSide(chat, transport, request);
}

function applySocketEvent(chat: Chat, side: Side, event: SocketEvent): void {
  switch (event.type) {
    case "called":
      countCall(chat, side, event);
      return;
    case "sent-to-all":
      return countSentToAll(chat, side, event.connections, event.payload.length);
    case "listening":
      return sideListening(chat, side, event.local);
    case "connecting":
      return sideConnecting(chat, side, event.target);
    case "connected":
      peerConnected(chat, side, event);
      touchIdle(chat, side);
      return watchPeers(chat, side);
    case "received":
      return receivedFrom(chat, side, chat.peers.get(event.connection), event.bytes);
    case "peer-shut-down":
      withPeer(chat, event.connection, (peer) => peerShutDown(chat, peer));
      return endSilentRoom(chat, side);
    case "shut-down":
      withPeer(chat, event.connection, (peer) => weShutDown(chat, peer));
      return lingerAfterInput(chat, side);
    case "backlogged":
      return withPeer(chat, event.connection, (peer) => peerBacklogged(chat, peer));
    case "overflowed":
      return withPeer(chat, event.connection, (peer) => sendRefused(chat, peer, "full", event.bytes));
    case "drained":
      return withPeer(chat, event.connection, (peer) => peerDrained(chat, peer));
    case "overrun":
      return datagramsOverran(chat, side, event.count);
    case "unreachable":
      return peerUnreachable(chat, side, event.connection && chat.peers.get(event.connection), event.error);
    case "disconnected":
      peerDisconnected(chat, side, event);
      return lingerAfterInput(chat, side);
    case "turned-away":
      return newcomerTurnedAway(chat, side, event);
    case "failed":
      return sideFailed(chat, side, event.error);
    case "send-failed":
      withPeer(chat, event.connection, (peer) => datagramFailed(peer, event.bytes));
      return reportError(chat, side, event.error);
    case "stopped":
      sideStopped(chat, side);
      return pairingStopped(chat, side);
  }
  event satisfies never;
}

/** Allocates nothing, since this handles most events under flood. */
function receivedFrom(chat: Chat, side: Side, peer: Peer | undefined, bytes: Uint8Array): void {
  if (peer !== undefined) received(chat, side, peer, bytes);
}

function withPeer(chat: Chat, connection: ConnectionId, act: (peer: Peer) => void): void {
  const peer = chat.peers.get(connection);
  if (peer !== undefined) act(peer);
}

function applyTimers(chat: Chat): void {
  for (const timer of chat.timers.takeDue(chat.nowMs)) applyTimer(chat, timer);
}

function applyTimer(chat: Chat, timer: Timer): void {
  switch (timer.kind) {
    case "classify":
      return withPeer(chat, timer.of, (peer) => classifyTimeReached(chat, peer));
    case "hello":
      return withPeer(chat, timer.of, (peer) => helloTimeReached(chat, peer));
    case "unfinished-line":
      return withPeer(chat, timer.of, (peer) => lineTimeReached(chat, peer));
    case "stranger-turn":
      return withPeer(chat, timer.of, (peer) => turnReached(chat, peer));
    case "stall":
      return withPeer(chat, timer.of, (peer) => stallTimeReached(chat, peer));
    case "delivery":
      return withPeer(chat, timer.of, (peer) => deliveryTimeReached(chat, peer));
    case "receipts":
      return withPeer(chat, timer.of, (peer) => receiptTimeReached(chat, peer));
    case "flush":
      return withPeer(chat, timer.of, (peer) => flushed(chat, peer));
    case "pairing-retry":
      return pairingRetry(chat, chat.sides[timer.of]);
    case "watch":
      return watchTimeReached(chat, chat.sides[timer.of]);
    case "idle":
      return idleTimeReached(chat, chat.sides[timer.of]);
    case "suppressed-notices":
      return leftOutTimeReached(chat, chat.sides[timer.of]);
    case "rate-sample":
      return rateTimeReached(chat, chat.sides[timer.of]);
    case "stats":
      return statsTimeReached(chat, chat.sides[timer.of]);
    case "lan-announcement":
      return lanTimeReached(chat);
    case "lan-echo":
      return lanEchoTimeReached(chat);
    case "lan-report":
      return lanToldTimeReached(chat);
    case "kernel-look":
      return lookTimeReached(chat);
    case "room-pause":
      return roomPauseOver(chat);
    case "linger":
      return leave(chat, 0, sentence("input-over"));
  }
  timer satisfies never;
}
