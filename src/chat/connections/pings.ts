/** Signs of life: pings, their answers, and the state OPEN of a UDP peer. */

import { restartIdleTime } from "../features/idle-timeout.ts";
import type { SendContext, ReportContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import { setPeerState, setSideStateOfPeers } from "../report/report.ts";
import { makeProofFields } from "./known-paths.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Liveness } from "../peer/liveness.ts";

/**
 * Pings a duet that has sent FIN. It cannot answer, but if its process was killed its machine answers with RST, so
 * that it does not stay in the room.
 */
export function probeHalfClosed(chat: SendContext, peer: Peer): void {
  sendFrameTo(chat, peer, { type: "ping", number: chat.nowMs });
}

/** Asks a duet for a sign of life; the answer gives the round trip. */
export function sendPing(chat: SendContext, peer: Peer): void {
  peer.liveness.pingSentMs = chat.nowMs;
  peer.liveness.pingsUnanswered += 1;
  sendFrameTo(chat, peer, { type: "ping", number: chat.nowMs, ...makeProofFields(peer) });
}

/** The answer to the last ping. */
export function receivePong(nowMs: number, liveness: Liveness, number: number): void {
  if (liveness.pingSentMs !== number) return;
  liveness.roundTrip.addSample(nowMs - number);
  liveness.answeredPingMs = number;
  liveness.pingSentMs = undefined;
}

/** Notes that something was received from a peer; over UDP it is OPEN. */
export function noteReceivedFrom(chat: ReportContext, side: Side, peer: Peer): void {
  peer.liveness.lastReceivedMs = chat.nowMs;
  peer.liveness.pingsUnanswered = 0;
  restartIdleTime(chat, side);
  if (side.transport === "tcp" || peer.link.state === "OPEN") return;
  const reason = sentence("datagram-received", { address: peer.link.address });
  setPeerState(chat, peer, "OPEN", reason);
  settleUdpState(chat, side, reason);
}

/**
 * A listening UDP side is OPEN while any of its peers is, until it is being closed. `shown`: no other entry says why.
 */
export function settleUdpState(chat: ReportContext, side: Side, reason: Sentence, shown = true): void {
  if (side.transport !== "udp" || side.socket.role !== "listen" || side.socket.endReason !== undefined)
    return;
  const isAnyOpen = [...side.peers.values()].some((peer) => peer.link.state === "OPEN");
  setSideStateOfPeers(chat, side, isAnyOpen ? "OPEN" : "BOUND", reason, shown);
}
