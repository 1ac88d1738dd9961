/**
 * Who came from another machine and is not known here speaks at a bounded pace: what is said faster waits its turn and
 * is not lost, so that nobody floods a room. Friends on this machine, ranges of --allow and whoever /accept named never
 * meet it. What the words mean is elsewhere.
 */

import { isLoopback } from "../../protocol/address/endpoint.ts";
import {
  receivedChunkMaxBytes,
  strangerLinesBurst,
  strangerLinesPerSecond,
  strangerWaitingMaxBytes,
} from "../../protocol/limits.ts";
import { type Chat, nameOf, sideOf } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { pausePeer } from "../outbound/read-pause.ts";
import { sendFrameTo, sendUnaskedText } from "../outbound/sending.ts";
import type { PacedInput, StrangerPace } from "../peer/stranger-pace.ts";
import type { Timer } from "../records/timers.ts";
import { noticeOfPeer } from "../report/paced-notices.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { writeReason } from "../report/wire-reasons.ts";

/** The pace of a stranger, made at its first use: most peers are no strangers. */
export function strangerPaceOf(peer: Peer): StrangerPace {
  return (peer.inbound.strangerPace ??= {
    left: strangerLinesBurst,
    atMs: 0,
    waiting: [],
    waitingBytes: 0,
    isTold: false,
    knowsWhy: false,
  });
}

/** Whether a peer is none of those who may speak as they like. A room of bytes has no lines to count. */
export function isStranger(chat: Chat, peer: Peer): boolean {
  return (
    peer.link.isInbound &&
    !peer.identity.isTrusted &&
    !isLoopback(peer.link.endpoint) &&
    !sideOf(chat, peer).isRaw
  );
}

/** Whether there is room for more of a peer to wait its turn. */
export function hasRoomToWait(chat: Chat, peer: Peer): boolean {
  return !isStranger(chat, peer) || strangerPaceOf(peer).waitingBytes <= strangerWaitingMaxBytes;
}

/** Whether a line that is still growing may be shown: it counts as said when it ends. */
export function mayGrow(chat: Chat, peer: Peer): boolean {
  if (!isStranger(chat, peer)) return true;
  const pace = strangerPaceOf(peer);
  earnAllowance(chat, pace);
  return pace.waiting.length === 0 && pace.left >= 1;
}

/** A line that grew has ended. */
export function countGrown(chat: Chat, peer: Peer): void {
  if (isStranger(chat, peer)) strangerPaceOf(peer).left -= 1;
}

/** True: it is not its turn yet, and waits (or, a datagram too many, was dropped). Otherwise it is to be heard now. */
export function mustWaitItsTurn(chat: Chat, peer: Peer, input: PacedInput): boolean {
  if (!isStranger(chat, peer)) return false;
  const side = sideOf(chat, peer);
  const pace = strangerPaceOf(peer);
  earnAllowance(chat, pace);
  if (pace.waiting.length === 0 && pace.left >= 1) {
    pace.left -= 1;
    return false;
  }
  side.counters.slowed += 1;
  reportPace(chat, peer);
  // What was acknowledged is not dropped: of who delivers no more is taken while so much waits.
  const isDropped = peer.link.transport === "udp" && peer.outbound.delivery === undefined;
  if (isDropped && pace.waitingBytes + waitingCost(input) > strangerWaitingMaxBytes) {
    side.counters.droppedOfStrangers += 1;
    return true;
  }
  pace.waiting.push(input);
  pace.waitingBytes += waitingCost(input);
  armTurnTimer(chat, peer);
  if (pace.waitingBytes > strangerWaitingMaxBytes && peer.link.transport === "tcp")
    pausePeer(chat, peer, "stranger");
  return true;
}

/**
 * True while more of a peer waits than may. Such a peer is not read, so what still comes is the last of a connection
 * that is over.
 */
export function waitsTooMuch({ inbound: { strangerPace: pace } }: Peer): boolean {
  return pace !== undefined && pace.waitingBytes > strangerWaitingMaxBytes + pieceMaxCost;
}

/** A line of one letter takes room as well. */
const lineMinCost = 64;
/** Of one piece that was under way when the bound was passed. */
const pieceMaxCost = receivedChunkMaxBytes * lineMinCost;

/** What an input that waits counts for, in bytes. */
export function waitingCost({ bytes }: PacedInput): number {
  return Math.max(lineMinCost, bytes);
}

/** Adds what the stranger may send for the time since it was last asked. */
export function earnAllowance(chat: Chat, pace: StrangerPace): void {
  const earned = ((chat.nowMs - pace.atMs) * strangerLinesPerSecond) / 1000;
  pace.left = Math.min(strangerLinesBurst, pace.left + earned);
  pace.atMs = chat.nowMs;
}

/** Sets the time of the next waiting input, unless it is set. */
export function armTurnTimer(chat: Chat, peer: Peer): void {
  const turn: Timer = { kind: "stranger-turn", of: peer.link.connection };
  if (chat.timers.has(turn)) return;
  const missing = Math.max(0, 1 - strangerPaceOf(peer).left);
  chat.timers.set(turn, chat.nowMs + Math.ceil((missing * 1000) / strangerLinesPerSecond));
}

const youAreSlowed = sentence("you-are-slowed", { linesPerSecond: strangerLinesPerSecond });

function reportPace(chat: Chat, peer: Peer): void {
  const pace = strangerPaceOf(peer);
  if (!pace.knowsWhy) pace.knowsWhy = sendPaceReason(chat, peer);
  if (pace.isTold) return;
  pace.isTold = true;
  const name = nameOf(peer);
  const hint = sentence("accept-hint", { name });
  noticeOfPeer(chat, sideOf(chat, peer), "warning", sentence("peer-slowed", { name }), hint);
}

/** False: over UDP it has not said enough yet to be answered. */
function sendPaceReason(chat: Chat, peer: Peer): boolean {
  const paceReason = writeReason(chat, youAreSlowed);
  if (peer.identity.kind !== "duet") return sendUnaskedText(chat, peer, `duet: ${paceReason}`);
  sendFrameTo(chat, peer, { type: "slowed", reason: paceReason });
  return true;
}
