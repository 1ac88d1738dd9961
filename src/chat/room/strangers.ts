/**
 * The throttle of strangers, peers from other machines that nobody here accepted: lines beyond the allowance wait for
 * their turn, so that nobody floods a room. Peers on this machine, in ranges of `--allow` or named by `/accept` are
 * never throttled.
 */

import { isLoopback } from "../../protocol/address/endpoint.ts";
import {
  receivedChunkMaxBytes,
  strangerLinesBurst,
  strangerLinesPerSecond,
  strangerWaitingMaxBytes,
} from "../../protocol/limits.ts";
import { type Chat, getName, getSide, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { pausePeer } from "../outbound/read-pause.ts";
import { sendFrameTo, sendUnaskedText } from "../outbound/sending.ts";
import type { ThrottledInput, StrangerThrottle } from "../peer/stranger-throttle.ts";
import type { Timer } from "../records/timers.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { writeReason } from "../report/wire-reasons.ts";
import type { Inbound } from "../peer/inbound.ts";

/** The throttle of a stranger, created when it is first needed. */
export function getStrangerThrottle(inbound: Inbound): StrangerThrottle {
  return (inbound.strangerThrottle ??= {
    left: strangerLinesBurst,
    atMs: 0,
    waiting: [],
    waitingBytes: 0,
    isReported: false,
    isExplained: false,
  });
}

/** True if a peer is throttled. A raw room has no lines to count. */
export function isStranger(chat: Pick<Chat, "sides">, peer: Pick<Peer, "link" | "identity">): boolean {
  return (
    peer.link.isInbound &&
    !peer.identity.isTrusted &&
    !isLoopback(peer.link.endpoint) &&
    !getSide(chat, peer.link).isRaw
  );
}

/** True if more of a peer's input can wait for its turn. */
export function hasRoomToWait(
  chat: Pick<Chat, "sides">,
  peer: Pick<Peer, "link" | "identity" | "inbound">,
): boolean {
  return !isStranger(chat, peer) || getStrangerThrottle(peer.inbound).waitingBytes <= strangerWaitingMaxBytes;
}

/** True if an unfinished line may be shown; it counts when it ends. */
export function mayGrow(
  chat: Pick<Chat, "nowMs" | "sides">,
  peer: Pick<Peer, "link" | "identity" | "inbound">,
): boolean {
  if (!isStranger(chat, peer)) return true;
  const throttle = getStrangerThrottle(peer.inbound);
  earnAllowance(chat.nowMs, throttle);
  return throttle.waiting.length === 0 && throttle.left >= 1;
}

/** Counts an unfinished line that has ended. */
export function countGrown(
  chat: Pick<Chat, "sides">,
  peer: Pick<Peer, "link" | "identity" | "inbound">,
): void {
  if (isStranger(chat, peer)) getStrangerThrottle(peer.inbound).left -= 1;
}

/**
 * True if the input must wait for its turn (or, beyond the bound, was dropped as a datagram); false if it is delivered
 * now.
 */
export function mustWaitForTurn(chat: SendContext, peer: Peer, input: ThrottledInput): boolean {
  if (!isStranger(chat, peer)) return false;
  const side = getSide(chat, peer.link);
  const throttle = getStrangerThrottle(peer.inbound);
  earnAllowance(chat.nowMs, throttle);
  if (throttle.waiting.length === 0 && throttle.left >= 1) {
    throttle.left -= 1;
    return false;
  }
  side.counters.slowed += 1;
  reportThrottle(chat, peer);
  // Acknowledged frames are never dropped; a delivering peer's frames are refused instead while too much waits.
  const isDropped = peer.link.transport === "udp" && peer.outbound.delivery === undefined;
  if (isDropped && throttle.waitingBytes + computeWaitingCost(input) > strangerWaitingMaxBytes) {
    side.counters.droppedOfStrangers += 1;
    return true;
  }
  throttle.waiting.push(input);
  throttle.waitingBytes += computeWaitingCost(input);
  armTurnTimer(chat, peer);
  if (throttle.waitingBytes > strangerWaitingMaxBytes && peer.link.transport === "tcp")
    pausePeer(chat, peer, "stranger");
  return true;
}

/**
 * True while more input waits than is allowed. The peer is not read then, so such input is the rest of a closed
 * connection.
 */
export function hasTooMuchWaiting({ strangerThrottle: throttle }: Inbound): boolean {
  return throttle !== undefined && throttle.waitingBytes > strangerWaitingMaxBytes + pieceMaxCost;
}

/** Short lines cost memory too. */
const lineMinCost = 64;
/** The most that one read can add after the bound is passed. */
const pieceMaxCost = receivedChunkMaxBytes * lineMinCost;

/** The cost of a waiting input in bytes. */
export function computeWaitingCost({ bytes }: ThrottledInput): number {
  return Math.max(lineMinCost, bytes);
}

/** Adds the allowance for the time since the last call. */
export function earnAllowance(nowMs: number, throttle: StrangerThrottle): void {
  const earned = ((nowMs - throttle.atMs) * strangerLinesPerSecond) / 1000;
  throttle.left = Math.min(strangerLinesBurst, throttle.left + earned);
  throttle.atMs = nowMs;
}

/** Sets the timer of the next waiting input, unless it is set. */
export function armTurnTimer(
  chat: Pick<Chat, "nowMs" | "timers">,
  peer: Pick<Peer, "link" | "inbound">,
): void {
  const turn: Timer = { kind: "stranger-turn", of: peer.link.connection };
  if (chat.timers.has(turn)) return;
  const missing = Math.max(0, 1 - getStrangerThrottle(peer.inbound).left);
  chat.timers.set(turn, chat.nowMs + Math.ceil((missing * 1000) / strangerLinesPerSecond));
}

const throttleNotice = sentence("you-are-slowed", { linesPerSecond: strangerLinesPerSecond });

function reportThrottle(chat: SendContext, peer: Peer): void {
  const throttle = getStrangerThrottle(peer.inbound);
  if (!throttle.isExplained) throttle.isExplained = sendThrottleReason(chat, peer);
  if (throttle.isReported) return;
  throttle.isReported = true;
  const name = getName(peer);
  const hint = sentence("accept-hint", { name });
  addPeerNotice(chat, getSide(chat, peer.link), "warning", sentence("peer-slowed", { name }), hint);
}

/** False: over UDP the peer has not sent enough to be answered. */
function sendThrottleReason(chat: SendContext, peer: Peer): boolean {
  const paceReason = writeReason(chat.config, throttleNotice);
  if (peer.identity.kind !== "duet") return sendUnaskedText(chat, peer, `duet: ${paceReason}`);
  sendFrameTo(chat, peer, { type: "slowed", reason: paceReason });
  return true;
}
