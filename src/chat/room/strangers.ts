/**
 * The throttle of strangers, peers from other machines that nobody here accepted: lines beyond the allowance of their
 * address wait for their turn, so that nobody floods a room, whichever connections it makes. Peers on this machine, in
 * ranges of `--allow` or named by `/accept` are never throttled.
 */

import { makeAddressKey } from "../../protocol/address/address-key.ts";
import { isLoopback } from "../../protocol/address/endpoint.ts";
import {
  addressWaitingMaxBytes,
  receivedChunkMaxBytes,
  strangerLinesPerSecond,
  strangersWaitingMaxBytes,
  strangerWaitingMaxBytes,
} from "../../protocol/limits.ts";
import { type Chat, getName, getSide, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Room } from "../model/room.ts";
import { isGroupSide } from "../outbound/multicast-group.ts";
import { pausePeer } from "../outbound/read-pause.ts";
import { sendFrameTo, sendUnaskedText } from "../outbound/sending.ts";
import type { Link } from "../peer/link.ts";
import type { ThrottledInput, StrangerThrottle } from "../peer/stranger-throttle.ts";
import {
  type AddressBudget,
  bookLine,
  findConnectionMs,
  getAddressBudget,
  takeConnectionLine,
  tryTakeLine,
  unbookLine,
} from "../records/address-budgets.ts";
import type { Timer } from "../records/timers.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { writeReason } from "../report/wire-reasons.ts";

/** The throttle of a stranger, created when it is first needed. */
export function getStrangerThrottle({ link, inbound }: Pick<Peer, "link" | "inbound">): StrangerThrottle {
  return (inbound.strangerThrottle ??= {
    address: getAddressKey(link),
    fullAtMs: 0,
    isTurnBooked: false,
    waiting: [],
    waitingBytes: 0,
    isReported: false,
    isExplained: false,
  });
}

/** The key of a peer's address. A UNIX socket has none, and its peers are no strangers. */
export function getAddressKey(link: Link): string {
  return makeAddressKey(link.endpoint) ?? "";
}

function getBudget(room: Room, { address }: StrangerThrottle): AddressBudget {
  return getAddressBudget(room.addresses, address);
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
  chat: Pick<Chat, "sides" | "room">,
  peer: Pick<Peer, "link" | "identity" | "inbound">,
): boolean {
  if (!isStranger(chat, peer)) return true;
  const throttle = getStrangerThrottle(peer);
  return (
    throttle.waitingBytes <= strangerWaitingMaxBytes &&
    getBudget(chat.room, throttle).waitingBytes <= addressWaitingMaxBytes &&
    chat.room.addresses.waitingBytes <= strangersWaitingMaxBytes
  );
}

/** Takes one line of the allowance. False: nothing is left, or earlier input waits. */
function takeTurn(chat: Pick<Chat, "nowMs" | "room">, throttle: StrangerThrottle): boolean {
  return tryTakeLine(getBudget(chat.room, throttle), throttle, chat.nowMs);
}

/** True if an unfinished line may be shown, or a frame relayed that does not wait; it counts as a line from now on. */
export function mayTakeLine(
  chat: Pick<Chat, "nowMs" | "sides" | "room">,
  peer: Pick<Peer, "link" | "identity" | "inbound">,
): boolean {
  if (!isStranger(chat, peer)) return true;
  const throttle = getStrangerThrottle(peer);
  return throttle.waiting.length === 0 && takeTurn(chat, throttle);
}

/** True if the input must wait for its turn (or, beyond the bounds, was dropped); false if it is delivered now. */
export function mustWaitForTurn(chat: SendContext, peer: Peer, input: ThrottledInput): boolean {
  if (!isStranger(chat, peer)) return false;
  const side = getSide(chat, peer.link);
  const throttle = getStrangerThrottle(peer);
  if (throttle.waiting.length === 0 && takeTurn(chat, throttle)) return false;
  side.counters.slowed += 1;
  reportThrottle(chat, peer);
  if (mustDrop(chat.room, peer, throttle, computeWaitingCost(input))) {
    side.counters.droppedOfStrangers += 1;
    return true;
  }
  throttle.waiting.push(input);
  changeWaitingBytes(chat.room, throttle, computeWaitingCost(input));
  armTurnTimer(chat, peer);
  if (throttle.waitingBytes > strangerWaitingMaxBytes && peer.link.transport === "tcp")
    pausePeer(chat, peer, "stranger");
  return true;
}

/**
 * True if the input exceeds what may wait. A stream is paused in time, so that only the rest of a connection that has
 * ended already is dropped, and a delivering duet's frames are refused. Their own bounds have room for what is read at
 * once; datagrams have no such room.
 */
function mustDrop(
  room: Room,
  peer: Pick<Peer, "link" | "outbound">,
  throttle: StrangerThrottle,
  cost: number,
): boolean {
  if (room.addresses.waitingBytes + cost > strangersWaitingMaxBytes + pieceMaxCost) return true;
  if (peer.link.transport === "tcp")
    return throttle.waitingBytes + cost > strangerWaitingMaxBytes + pieceMaxCost;
  if (peer.outbound.delivery !== undefined) return false;
  return (
    throttle.waitingBytes + cost > strangerWaitingMaxBytes ||
    getBudget(room, throttle).waitingBytes + cost > addressWaitingMaxBytes
  );
}

/** Takes the oldest waiting input out; undefined if none waits. */
export function takeWaiting(room: Room, throttle: StrangerThrottle): ThrottledInput | undefined {
  const input = throttle.waiting.shift();
  if (input !== undefined) changeWaitingBytes(room, throttle, -computeWaitingCost(input));
  return input;
}

/** Drops everything that waits. Returns how many inputs it was; they are counted. */
export function dropWaiting(
  chat: Pick<Chat, "sides" | "room">,
  peer: Pick<Peer, "link" | "inbound">,
): number {
  const throttle = getStrangerThrottle(peer);
  const inputs = throttle.waiting.length;
  throttle.waiting.length = 0;
  changeWaitingBytes(chat.room, throttle, -throttle.waitingBytes);
  getSide(chat, peer.link).counters.droppedOfStrangers += inputs;
  return inputs;
}

function changeWaitingBytes(room: Room, throttle: StrangerThrottle, by: number): void {
  throttle.waitingBytes += by;
  getBudget(room, throttle).waitingBytes += by;
  room.addresses.waitingBytes += by;
}

/** Short lines cost memory too. */
const lineMinCost = 64;
/** The most that one read can add after the bound is passed. */
const pieceMaxCost = receivedChunkMaxBytes * lineMinCost;

/** The cost of a waiting input in bytes. */
function computeWaitingCost({ bytes }: ThrottledInput): number {
  return Math.max(lineMinCost, bytes);
}

/** Sets the timer of the next waiting input, unless it is set. */
export function armTurnTimer(
  chat: Pick<Chat, "nowMs" | "timers" | "room">,
  peer: Pick<Peer, "link" | "inbound">,
): void {
  const turn: Timer = { kind: "stranger-turn", of: peer.link.connection };
  if (chat.timers.has(turn)) return;
  const throttle = getStrangerThrottle(peer);
  const budget = getBudget(chat.room, throttle);
  const ownMs = findConnectionMs(budget, throttle, chat.nowMs);
  // Only a connection whose own budget allows it books a line, so that no other waits for it in vain.
  throttle.isTurnBooked = ownMs <= chat.nowMs;
  chat.timers.set(turn, throttle.isTurnBooked ? bookLine(budget, chat.nowMs) : ownMs);
}

/** Takes the line that was booked for this moment, or one that is left. False: neither. */
export function takeBookedTurn(chat: Pick<Chat, "nowMs" | "room">, throttle: StrangerThrottle): boolean {
  if (!throttle.isTurnBooked) return takeTurn(chat, throttle);
  throttle.isTurnBooked = false;
  takeConnectionLine(getBudget(chat.room, throttle), throttle, chat.nowMs);
  return true;
}

/** Clears the turn of a peer whose input waits no longer. */
export function cancelTurn(chat: Pick<Chat, "timers" | "room">, peer: Pick<Peer, "link" | "inbound">): void {
  const throttle = getStrangerThrottle(peer);
  if (throttle.isTurnBooked) unbookLine(getBudget(chat.room, throttle));
  throttle.isTurnBooked = false;
  chat.timers.clear({ kind: "stranger-turn", of: peer.link.connection });
}

const throttleNotice = sentence("you-are-slowed", { linesPerSecond: strangerLinesPerSecond });

function reportThrottle(chat: SendContext, peer: Peer): void {
  const throttle = getStrangerThrottle(peer);
  if (!throttle.isExplained) throttle.isExplained = sendThrottleReason(chat, peer);
  if (throttle.isReported) return;
  throttle.isReported = true;
  const name = getName(peer);
  const { endpoint, address } = peer.link;
  const hint = sentence("accept-hint", {
    name,
    address: endpoint.family === "unix" ? address : endpoint.address,
  });
  addPeerNotice(chat, getSide(chat, peer.link), "warning", sentence("peer-slowed", { name }), hint);
}

/** False: over UDP the peer has not sent enough to be answered. The members of a group are not answered. */
function sendThrottleReason(chat: SendContext, peer: Peer): boolean {
  if (isGroupSide(getSide(chat, peer.link))) return true;
  const paceReason = writeReason(chat.config, throttleNotice);
  if (peer.identity.kind !== "duet") return sendUnaskedText(chat, peer, `duet: ${paceReason}`);
  sendFrameTo(chat, peer, { type: "slowed", reason: paceReason });
  return true;
}
