/**
 * The one entry to the core: an event in, changes of state and effects out. Deterministic: the same events give the
 * same chat.
 */

import type { BorrowedBytes } from "../protocol/borrowed-bytes.ts";
import type { ConnectionId, SocketEvent, TransportName } from "../protocol/sockets/socket-event.ts";
import { applyAddresses } from "./commands/access-rules.ts";
import { joinOnLan, requestLanReport } from "./commands/lan-command.ts";
import { sendLine, stepAddressee } from "./commands/private-line.ts";
import { resend } from "./commands/resend.ts";
import { switchTo } from "./commands/connection-commands.ts";
import { runCommand } from "./commands/run-command.ts";
import { handleComparisonTimer } from "./features/comparison-ends.ts";
import { restartIdleTime } from "./features/idle-timeout.ts";
import { applyKernelLook, handleKernelLookTimer, watchKernel } from "./features/kernel-facts.ts";
import {
  handleLanEchoTimer,
  applyLanEvent,
  handleLanTimer,
  handleLanReportTimer,
  startLan,
} from "./features/lan.ts";
import { startImpairment, noteImpairmentCounts } from "./features/network-impairment.ts";
import { sendBroadcast, applySubnets } from "./features/subnet-broadcast.ts";
import {
  countCall,
  countSentToAll,
  noteOverrun,
  pauseWire,
  handleStatsTimer,
} from "./features/call-counters.ts";
import { handleDeliveryTimer } from "./inbound/ordered-frames.ts";
import { handleUnfinishedTimer } from "./inbound/frames.ts";
import { dropForgedDatagram } from "./inbound/datagrams.ts";
import { receiveBytes } from "./inbound/received-bytes.ts";
import { resumeDrainedPeer } from "./inbound/settle-delivery.ts";
import { handleRoomPauseTimer, handleRefusedSend, handleStallTimer } from "./inbound/slow-peers.ts";
import { sendPipedBytes } from "./messages/typed-messages.ts";
import { handleTurnTimer } from "./messages/waiting-turn.ts";
import type { Chat, SendContext } from "./model/chat.ts";
import type { Effect } from "./model/effect.ts";
import type { ChatEvent, PersonEvent } from "./model/event.ts";
import type { Peer } from "./model/peer.ts";
import type { Side } from "./model/side.ts";
import { countWrittenBytes } from "./records/sending-pace.ts";
import { handleBacklog } from "./outbound/backlog.ts";
import { setFocused, markSideRead, handleReceiptTimer } from "./outbound/pending-receipts.ts";
import { pauseAll } from "./outbound/read-pause.ts";
import { flushRelay } from "./outbound/relay.ts";
import { noteFailedDatagram } from "./outbound/sent-messages.ts";
import type { OpenRequest } from "./config/open-request.ts";
import type { Timer } from "./records/timers.ts";
import { handleSuppressedTimer, reportPeerError } from "./report/paced-notices.ts";
import { handleRateTimer } from "./report/throughput.ts";
import { addNotice, reportError } from "./report/report.ts";
import { setOverlayOpen, clearReadMark, markRead } from "./features/unread-line.ts";
import {
  handleRecognitionTimer,
  handleConnected,
  handleMoved,
  handlePeerFin,
  handleOurFin,
} from "./connections/arrivals.ts";
import { endSharedRoom, leave } from "./connections/close.ts";
import { handleDisconnected } from "./connections/departures.ts";
import { handleRefusedNewcomer } from "./connections/end-peer.ts";
import { continueClose } from "./connections/close-wait.ts";
import {
  endSilentRoom,
  handleInputEnd,
  handleLingerTimer,
  lingerAfterInput,
} from "./connections/input-end.ts";
import { handleIdleTimer, handleUnreachable, watchPeers, handleWatchTimer } from "./connections/liveness.ts";
import { applyNeighbours, handleNeighbourTimer } from "./connections/neighbours.ts";
import {
  retryPairing,
  continuePairing,
  notePortHolder,
  reportFailedAnnouncing,
} from "./connections/pairing.ts";
import {
  applyAnnouncements,
  openAtStart,
  handleConnecting,
  handleSideFailure,
  handleListening,
  handleStopped,
} from "./connections/sides.ts";
import { enterPassword } from "./connections/room-password.ts";
import { handleLineTimer } from "./connections/unfinished-line.ts";
import { handleSessionEvent, handleGreetingTimer, handleSealTimer } from "./sealing/sealing.ts";
import { handleRenewalTimer } from "./sealing/renewal.ts";
import { reportPendingCall, takePendingCall } from "./trace/reported-calls.ts";
import { noteShownChange } from "./report/shown-changes.ts";
import { viewSide } from "./report/viewed-side.ts";

/** Applies one event at the monotonic time `atMs`, and returns the effects in order. `wallMs`: the wall clock then. */
export function update(chat: Chat, event: ChatEvent, atMs: number, wallMs = atMs): readonly Effect[] {
  chat.nowMs = Math.max(chat.nowMs, atMs);
  chat.wallMs = wallMs;
  chat.focus.revision += 1;
  if (isShownChange(event)) noteShownChange(chat.focus);
  const pendingCall = takePendingCall(chat.ledger);
  apply(chat, event);
  flushRelay(chat);
  if (pendingCall !== undefined) reportPendingCall(chat.effects, pendingCall);
  if (chat.effects.length === 0) return noEffects;
  const { effects } = chat;
  chat.effects = [];
  return effects;
}

// Loaded once a room is shared: most are not.
const loadHubs = () => require("./hubs/engine-events.ts") as typeof import("./hubs/engine-events.ts");

/** Events that come by themselves change the screen by a notice or a state, if at all. */
function isShownChange({ type }: ChatEvent): boolean {
  return type !== "socket" && type !== "time-reached" && type !== "neighbours-read";
}

/** Most events under flood have no effects, so they share one empty list. */
const noEffects: readonly Effect[] = [];

function apply(chat: Chat, event: ChatEvent): void {
  switch (event.type) {
    case "started":
      return start(chat, event.transport, event.request);
    case "socket":
      return applySocketEvent(chat, chat.sides[event.transport], event.event);
    case "send-refused":
      return callWithPeer(chat, event.connection, (peer) =>
        handleRefusedSend(chat.effects, peer, event.why, event.bytes),
      );
    case "kernel-looked":
      return applyKernelLook(chat, event.purpose, event.seen);
    case "announcements-read":
      return applyAnnouncements(chat, chat.sides[event.transport], event.found, event.problems);
    case "neighbours-read":
      return applyNeighbours(chat, event.transport, event.found);
    case "announcing-failed":
      return reportFailedAnnouncing(chat, chat.sides[event.transport], event.problems);
    case "subnets-found":
      return applySubnets(chat, event.wish, event.subnets);
    case "broadcast-failed":
      return reportError(chat, chat.sides.udp, event.error);
    case "engine":
      return event.event.type === "closed"
        ? endSharedRoom(chat)
        : loadHubs().applyEngineEvent(chat, event.event);
    case "lan":
      return applyLanEvent(chat, event.event);
    case "impairment-counted":
      return noteImpairmentCounts(chat.network, event.counts);
    case "port-holder-found":
      return notePortHolder(chat, chat.sides[event.transport], event.error);
    case "addresses-found":
      return applyAddresses(chat, chat.sides[chat.focus.active], event);
    case "time-reached":
      return applyTimers(chat);
  }
  event satisfies PersonEvent;
  applyPersonEvent(chat, event);
}

function applyPersonEvent(chat: Chat, event: PersonEvent): void {
  switch (event.type) {
    case "typed":
      markSideRead(chat, chat.sides[chat.focus.active]);
      countWrittenBytes(chat.input.pace, chat.nowMs, event.text.length);
      return sendLine(chat, event);
    case "resend-requested":
      return resend(chat, chat.sides[chat.focus.active], event.entryId);
    case "piped":
      countWrittenBytes(chat.input.pace, chat.nowMs, event.bytes.length);
      return sendPipedBytes(chat, event.bytes);
    case "commanded":
      markSideRead(chat, chat.sides[chat.focus.active]);
      return runCommand(chat, event.line);
    case "addressee-stepped":
      return stepAddressee(chat, chat.sides[chat.focus.active], event.step);
    case "focus-changed":
      (event.away ? markRead : clearReadMark)(chat.sides[chat.focus.active].conversation.scrollback);
      return setFocused(chat, !event.away);
    case "overlay-changed":
      return setOverlayOpen(chat, event.covered);
    case "switched":
      return switchTo(chat, event.to);
    case "wire-paused":
      return pauseWire(chat);
    case "kernel-watched":
      return watchKernel(chat, event.watched);
    case "lines-waiting":
      chat.input.waitingLines = event.lines;
      return;
    case "output-paused":
      return pauseAll(chat, "stdout", event.paused);
    case "noted":
      return addNotice(chat, chat.sides[chat.focus.active], event.tone ?? "warning", event.sentence);
    case "input-ended":
      return handleInputEnd(chat);
    case "broadcast-confirmed":
      return sendBroadcast(chat, event.wish);
    case "lan-requested":
      return requestLanReport(chat);
    case "lan-chosen":
      return joinOnLan(chat, event.key, event.sure);
    case "password-entered":
      return enterPassword(chat, event);
    case "quit-requested":
      return leave(chat, event.code, event.reason);
  }
  event satisfies never;
}

function start(
  chat: SendContext & Pick<Chat, "network">,
  transport: TransportName,
  request: OpenRequest,
): void {
  const side = chat.sides[transport];
  viewSide(chat, side);
  if (chat.config.impairment !== undefined) startImpairment(chat, side, chat.config.impairment);
  if (chat.config.lan === true) startLan(chat);
  if (chat.room.shared !== undefined) loadHubs().openSharedRoom(chat, chat.room.shared);
  openAtStart(chat, transport, request);
}

function applySocketEvent(chat: Chat, side: Side, event: SocketEvent): void {
  switch (event.type) {
    case "called":
      countCall(chat, side, event);
      return;
    case "sent-to-all":
      return countSentToAll(chat, side, event.connections, event.payload.length);
    case "listening":
      return handleListening(chat, side, event);
    case "connecting":
      return handleConnecting(chat, side, event.target);
    case "connected":
      handleConnected(chat, side, event);
      restartIdleTime(chat, side);
      return watchPeers(chat, side);
    case "received":
      return receiveFrom(chat, side, chat.peers.get(event.connection), event.bytes, event.isOpened === true);
    case "seal-broken":
    case "keys-due":
      return callWithPeer(chat, event.connection, (peer) => handleSessionEvent(chat, peer, event));
    case "unopened":
      return dropForgedDatagram(chat, side, event.connection && chat.peers.get(event.connection)?.link);
    case "moved":
      return callWithPeer(chat, event.connection, (peer) => handleMoved(chat, peer, event.peer));
    case "peer-shut-down":
      callWithPeer(chat, event.connection, (peer) => handlePeerFin(chat, peer));
      return endSilentRoom(chat, side);
    case "shut-down":
      callWithPeer(chat, event.connection, (peer) => handleOurFin(chat, peer));
      return lingerAfterInput(chat, side);
    case "backlogged":
      return callWithPeer(chat, event.connection, (peer) => handleBacklog(chat, peer));
    case "overflowed":
      return callWithPeer(chat, event.connection, (peer) =>
        handleRefusedSend(chat.effects, peer, "full", event.bytes),
      );
    case "drained":
      return callWithPeer(chat, event.connection, (peer) => resumeDrainedPeer(chat, peer));
    case "overrun":
      return noteOverrun(chat, side, event.count);
    case "unreachable":
      return handleUnreachable(chat, side, event.connection && chat.peers.get(event.connection), event.error);
    case "disconnected":
      handleDisconnected(chat, side, event);
      return lingerAfterInput(chat, side);
    case "turned-away":
      return handleRefusedNewcomer(chat, side, event);
    case "failed":
      return handleSideFailure(chat, side, event.error);
    case "send-failed":
      callWithPeer(chat, event.connection, (peer) => noteFailedDatagram(peer, event.bytes));
      return chat.peers.get(event.connection)?.link.isInbound === true
        ? reportPeerError(chat, side, event.error)
        : reportError(chat, side, event.error);
    case "stopped":
      handleStopped(chat, side);
      return continuePairing(chat, side);
  }
  event satisfies never;
}

/** Allocates nothing, since this handles most events under flood. */
function receiveFrom(
  chat: Chat,
  side: Side,
  peer: Peer | undefined,
  bytes: BorrowedBytes,
  isOpened: boolean,
): void {
  if (peer !== undefined) receiveBytes(chat, side, peer, bytes, isOpened);
}

function callWithPeer(chat: Pick<Chat, "peers">, connection: ConnectionId, act: (peer: Peer) => void): void {
  const peer = chat.peers.get(connection);
  if (peer !== undefined) act(peer);
}

function applyTimers(chat: Chat): void {
  for (const timer of chat.timers.takeDue(chat.nowMs)) applyTimer(chat, timer);
}

function applyTimer(chat: Chat, timer: Timer): void {
  switch (timer.kind) {
    case "recognition":
      return callWithPeer(chat, timer.of, (peer) => handleRecognitionTimer(chat, peer));
    case "hello":
      return callWithPeer(chat, timer.of, (peer) => handleGreetingTimer(chat, peer));
    case "rekey":
      return callWithPeer(chat, timer.of, (peer) => handleRenewalTimer(chat, peer));
    case "seal":
      return callWithPeer(chat, timer.of, (peer) => handleSealTimer(chat, peer));
    case "unfinished-line":
      return callWithPeer(chat, timer.of, (peer) => handleLineTimer(chat, peer));
    case "stranger-turn":
      callWithPeer(chat, timer.of, (peer) => handleTurnTimer(chat, peer));
      return endSilentRoom(chat, chat.sides.tcp);
    case "unfinished-messages":
      return callWithPeer(chat, timer.of, (peer) => handleUnfinishedTimer(chat, peer));
    case "stall":
      return callWithPeer(chat, timer.of, (peer) => handleStallTimer(chat, peer));
    case "delivery":
      return callWithPeer(chat, timer.of, (peer) => handleDeliveryTimer(chat, peer));
    case "receipts":
      return callWithPeer(chat, timer.of, (peer) => handleReceiptTimer(chat, peer));
    case "flush":
      return callWithPeer(chat, timer.of, (peer) => continueClose(chat, peer.link));
    case "pairing-retry":
      return retryPairing(chat.effects, chat.sides[timer.of]);
    case "neighbours":
      return handleNeighbourTimer(chat, chat.sides[timer.of]);
    case "watch":
      return handleWatchTimer(chat, chat.sides[timer.of]);
    case "idle":
      return handleIdleTimer(chat, chat.sides[timer.of]);
    case "suppressed-notices":
      return handleSuppressedTimer(chat, chat.sides[timer.of]);
    case "rate-sample":
      return handleRateTimer(chat, chat.sides[timer.of]);
    case "stats":
      return handleStatsTimer(chat, chat.sides[timer.of]);
    case "lan-announcement":
      return handleLanTimer(chat);
    case "lan-echo":
      return handleLanEchoTimer(chat);
    case "lan-report":
      return handleLanReportTimer(chat);
    case "kernel-look":
      return handleKernelLookTimer(chat);
    case "room-pause":
      return handleRoomPauseTimer(chat);
    case "linger":
      return handleLingerTimer(chat);
    case "comparison":
      return handleComparisonTimer(chat);
    case "engine-retry":
    case "hub-receipts":
    case "engine-close":
      return applyHubTimer(chat, timer.kind);
  }
  timer satisfies never;
}

function applyHubTimer(chat: Chat, kind: "engine-retry" | "hub-receipts" | "engine-close"): void {
  if (kind === "engine-close") return endSharedRoom(chat);
  if (kind === "engine-retry") return loadHubs().retryEngine(chat);
  loadHubs().handleHubReceiptTimer(chat);
}
