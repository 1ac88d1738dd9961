/**
 * Detects dead peers: pings between duets, the states OPEN and SILENT of UDP peers, and forgetting those that are
 * silent for long.
 */

import {
  pingIntervalMs,
  pingsUnansweredMax,
  silentAfterMs,
  udpPeerForgottenMs,
} from "../../protocol/limits.ts";
import type { NetworkError } from "../../protocol/sockets/network-error.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { type Chat, getName, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { isReadPaused } from "../outbound/read-pause.ts";
import { resetPeer } from "../outbound/reset.ts";
import type { Timer } from "../records/timers.ts";
import { mayReportPeers } from "../report/notice-limit.ts";
import {
  addNotice,
  makeErrorHint,
  noteLastError,
  reportEndState,
  setPeerState,
  report,
} from "../report/report.ts";
import { reportHostLeft } from "../report/presence-notices.ts";
import { closeSide, leave } from "./close.ts";
import { endPeer } from "./end-peer.ts";
import { greetAgain } from "./greeting.ts";
import { probeHalfClosed, sendPing, settleUdpState } from "./pings.ts";
import { sentence } from "../../words/sentences/sentence.ts";

/** Keeps the side's round of checks going while it has peers; an idle side has no timer. */
export function watchPeers(
  chat: Pick<Chat, "nowMs" | "timers">,
  side: Pick<Side, "transport" | "peers">,
): void {
  const timer = watchTimers[side.transport];
  if (side.peers.size > 0 && !chat.timers.has(timer)) chat.timers.set(timer, chat.nowMs + pingIntervalMs);
}

/** A constant, since it is used for each datagram. */
const watchTimers: Readonly<Record<TransportName, Timer>> = {
  tcp: { kind: "watch", of: "tcp" },
  udp: { kind: "watch", of: "udp" },
};

/** One round: pings idle duets, ends dead ones, and updates the state of UDP peers. */
export function handleWatchTimer(chat: SendContext, side: Side): void {
  for (const peer of [...side.peers.values()]) {
    if (peer.link.endReason !== undefined) continue;
    if (peer.identity.kind === "duet") checkDuet(chat, peer);
    if (peer.link.transport === "udp") checkDatagramPeer(chat, side, peer);
  }
  watchPeers(chat, side);
}

function checkDuet(chat: SendContext, peer: Peer): void {
  // Answers to a ping would stay unread.
  if (peer.link.isFinSent || isReadPaused(chat, peer)) return;
  if (peer.link.isFinReceived) return probeHalfClosed(chat, peer);
  const idleMs = chat.nowMs - (peer.liveness.lastReceivedMs ?? peer.link.sinceMs);
  if (idleMs < pingIntervalMs) return;
  if (peer.liveness.pingsUnanswered < pingsUnansweredMax) return sendPing(chat, peer);
  // A host over UDP may reuse its port after a restart, or may have forgotten us, so it is greeted again.
  if (peer.link.transport === "udp" && !peer.link.isInbound) return greetAgain(chat, peer);
  peer.link.isFaulty = true;
  const unanswered = sentence("unanswered-pings", { who: getName(peer), pings: pingsUnansweredMax });
  const isUnbound = peer.link.state === "UNREACHABLE";
  resetPeer(chat.effects, peer.link, isUnbound ? sentence("ended-without-goodbye") : unanswered);
}

function checkDatagramPeer(chat: SendContext, side: Side, peer: Peer): void {
  const receivedMs = peer.liveness.lastReceivedMs ?? peer.link.sinceMs;
  const hasSentSince = peer.liveness.lastSentMs !== undefined && peer.liveness.lastSentMs >= receivedMs;
  if (peer.link.state === "OPEN" && hasSentSince && chat.nowMs - receivedMs >= silentAfterMs) {
    const reason = sentence("silent-for-seconds", {
      address: peer.link.address,
      seconds: Math.round((chat.nowMs - receivedMs) / 1000),
    });
    setPeerState(chat, peer, "SILENT", reason);
    settleUdpState(chat, side, reason);
  }
  if (peer.link.isInbound && chat.nowMs - receivedMs >= udpPeerForgottenMs) {
    endPeer(chat, peer, sentence("silent-for-minutes", { minutes: udpPeerForgottenMs / 60_000 }));
  }
}

/** ICMP says that nobody is at a port we sent to. The socket stays open for later peers. */
export function handleUnreachable(
  chat: Chat,
  side: Side,
  peer: Peer | undefined,
  reported: NetworkError,
): void {
  const only = side.peers.size === 1 ? [...side.peers.values()][0] : undefined;
  const found = peer ?? only;
  if (found === undefined || found.link.state === "UNREACHABLE") return;
  // The kernel does not report whose datagram it was: the transport may have named our own address.
  const error = { ...reported, target: found.link.address };
  const message = sentence("network-error", { error });
  const hint = makeErrorHint(chat, error);
  const hasLeft = found.identity.kind === "duet" && !found.link.isInbound && !chat.config.headless;
  (hasLeft ? reportEndState : setPeerState)(chat, found, "UNREACHABLE", message);
  noteLastError(chat, error);
  // The state has the same sentence, and the notice that follows the way on.
  const reportedError = {
    transport: side.transport,
    code: error.code,
    message,
    hint,
    isCovered: true,
  } as const;
  if (!found.link.isInbound || mayReportPeers(chat, side)) report(chat, { type: "error", ...reportedError });
  if (found.link.isInbound) return;
  // The duet is greeted again all the while, in case its program is started again.
  if (hasLeft) return reportHostLeft(chat, side, found, sentence("ended-without-goodbye"));
  if (chat.config.headless && chat.input.hasEnded) return leave(chat, 1, sentence("nobody-there"));
  const mayBeNc = found.identity.kind !== "duet" && found.liveness.lastReceivedMs !== undefined;
  // Without a screen the error above has the hint.
  const next = chat.config.headless ? undefined : hint;
  const nextHint = mayBeNc && error.code === "ECONNREFUSED" ? sentence("nc-receives-first") : next;
  addNotice(chat, side, "info", sentence("socket-stays-open"), nextHint);
}

/** The idle time (`-i`) is over: closes the side. */
export function handleIdleTimer(
  chat: SendContext & Pick<Chat, "network" | "exit">,
  side: Pick<Side, "transport" | "socket" | "peers">,
): void {
  if (!side.socket.isOpen || chat.config.idleTimeoutMs === undefined) return;
  const reason = sentence("idle-for", { seconds: chat.config.idleTimeoutMs / 1000 });
  if (chat.config.headless) return leave(chat, 0, reason);
  closeSide(chat, side, reason);
}
