/**
 * Delivery over UDP between duets, as the chat uses it: what must arrive goes through a peer's sender, what came goes
 * through its receiver, and one timer a peer drives both. How they do it is in src/protocol.
 */

import { DeliveryReceiver, type GapReport } from "../../protocol/delivery-receiver.ts";
import { DeliverySender } from "../../protocol/delivery-sender.ts";
import type { Acknowledgement, Frame, FrameOrder, ParsedFrame } from "../../protocol/frame.ts";
import {
  outQueueHighBytes,
  outQueueLowBytes,
  outQueueMaxBytes,
  outQueuesMaxBytes,
} from "../../protocol/limits.ts";
import { formatCount } from "../../protocol/quantities.ts";
import {
  acknowledging,
  carryingOf,
  createDeliveryTrace,
  type DeliveryTrace,
  type FrameTag,
  idOf,
  noteAcknowledged,
  noteArrived,
  tagFor,
} from "../trace/delivery-trace.ts";
import { isRoomPaused, peerBacklogged, peerDrained } from "./backlog.ts";
import { heardParsed } from "../inbound/frames.ts";
import { flushed } from "./goodbye.ts";
import { noticeOfPeer } from "../report/paced-notices.ts";
import { endPeer } from "../session/arrivals.ts";
import { breakRuns } from "./pending-receipts.ts";
import { framesLeft, messageLost, type Unsent } from "./sent-messages.ts";
import { flushRelay } from "./relay.ts";
import { encodeLines, give, sendFrameTo } from "./sending.ts";
import { lingerAfterInput } from "../messages/speech.ts";
import { type Chat, nameOf, type Peer, sideOf } from "../model/chat.ts";
import { hasRoomToWait } from "../room/strangers.ts";

/** A frame that came, and where in what came: it may be given out long after. */
interface Arrived {
  readonly parsed: ParsedFrame;
  readonly start: number;
  readonly end: number;
}

/** Both halves for one peer; with another session or key it begins anew, as the peer does. */
export interface Delivery {
  readonly sender: DeliverySender<FrameTag>;
  readonly receiver: DeliveryReceiver<Arrived>;
  /** Messages whose last frame has not left yet, in order. */
  readonly unsent: Unsent[];
  /** The name of its one deadline. */
  readonly timer: string;
  /** What was counted of it among all that the chat holds. */
  countedUnits: number;
  /** Only where messages are traced. */
  readonly trace: DeliveryTrace | undefined;
}

type DeliveringPeer = Peer & { readonly delivery: Delivery };

export function createDelivery(peer: Peer): Delivery {
  const sender = new DeliverySender<FrameTag>(peer.roundTrip);
  return {
    sender,
    receiver: new DeliveryReceiver(),
    unsent: [],
    timer: `deliver ${peer.connection}`,
    countedUnits: 0,
    trace: peer.trace && createDeliveryTrace(),
  };
}

/** Whether a frame to this peer is numbered and sent until it is acknowledged. */
export function delivers(peer: Peer, frame: Frame): peer is DeliveringPeer {
  return peer.delivery !== undefined && peer.proven && mustArrive(frame);
}

function mustArrive({ type }: Frame): boolean {
  switch (type) {
    case "hello":
    case "ack":
    case "skip":
    case "ping":
    case "pong":
      return false;
    case "welcome":
    case "joined":
    case "left":
    case "renamed":
    case "message":
    case "undelivered":
    case "slowed":
    case "receipt":
    case "goodbye":
      return true;
  }
}

/** What the room is. Who missed one piece of that, and nothing else, would have it wrong for good: who does not answer is sent away sooner. */
function tellsOfRoom({ type }: Frame): boolean {
  return type === "welcome" || type === "joined" || type === "left" || type === "renamed";
}

/** Hands a frame over. Who has not taken what came before is cut off, as a slow reader over TCP is. */
export function deliver(chat: Chat, peer: DeliveringPeer, frame: Frame): void {
  const { carrying } = chat;
  // What else leaves by it carries nothing of it.
  chat.carrying = undefined;
  deliverTagged(chat, peer, frame, tagFor(frame, carrying));
  chat.carrying = carrying;
}

function deliverTagged(chat: Chat, peer: DeliveringPeer, frame: Frame, tag: FrameTag | undefined): void {
  const { sender } = peer.delivery;
  // Nothing follows a goodbye.
  if (peer.ending !== undefined && frame.type !== "goodbye") return;
  if (sender.units > outQueueMaxBytes || chat.deliveryUnits > outQueuesMaxBytes) {
    if (frame.type === "goodbye") return;
    return endPeer(chat, peer, `${nameOf(peer)} acknowledges too slowly: its queue is full`, "reset");
  }
  flushRelay(chat);
  for (const line of encodeLines(frame, peer)) sender.push(line, chat.nowMs, tag, tellsOfRoom(frame));
  settle(chat, peer);
}

/** A frame with its place in the order, or one that has been waited for. */
export function heardInOrder(
  chat: Chat,
  peer: Peer,
  parsed: ParsedFrame,
  order: FrameOrder,
  bytes: number,
): void {
  if (!isDelivering(peer)) return heardParsed(chat, peer, parsed);
  const { receiver } = peer.delivery;
  if (hasRoomFor(chat, peer)) {
    const arrived = { parsed, start: peer.lineStart, end: peer.lineEnd };
    const { received } = receiver;
    const items = receiver.accept(order, arrived, bytes, chat.nowMs);
    const { trace } = peer.delivery;
    if (trace !== undefined) noteArrived(peer, trace, parsed, receiver.received === received);
    giveOut(chat, peer, items);
  } else receiver.refuse(order, chat.nowMs);
  settle(chat, peer);
}

/** What came is taken unless too much is held, a stranger's lines wait their turn, or the room waits for somebody. */
function hasRoomFor(chat: Chat, peer: Peer): boolean {
  return (
    chat.deliveryUnits <= outQueuesMaxBytes &&
    hasRoomToWait(chat, peer) &&
    !(peer.accepted && isRoomPaused(chat))
  );
}

/** The room is read from again: who was refused meanwhile need not ask. */
export function takeFramesAgain(chat: Chat): void {
  for (const peer of chat.sides.udp.peers.values()) {
    if (!isDelivering(peer)) continue;
    peer.delivery.receiver.welcomeAgain(chat.nowMs);
    settle(chat, peer);
  }
}

function giveOut(chat: Chat, peer: Peer, items: readonly Arrived[]): void {
  for (const { parsed, start, end } of items) {
    if (peer.ending !== undefined) return;
    peer.lineStart = start;
    peer.lineEnd = end;
    heardParsed(chat, peer, parsed);
  }
}

/** `ack`: what it names has arrived. */
export function heardAck(chat: Chat, peer: Peer, ack: Acknowledgement): void {
  if (!isDelivering(peer)) return;
  noteAcknowledged(peer, peer.delivery.sender.acknowledged(ack, chat.nowMs));
  settle(chat, peer);
}

/** `skip`: nothing up to there is worth waiting for. */
export function heardSkip(chat: Chat, peer: Peer, upTo: number): void {
  if (!isDelivering(peer)) return;
  passGap(chat, peer, peer.delivery.receiver.skip(upTo, chat.nowMs));
  settle(chat, peer);
}

function passGap(chat: Chat, peer: Peer, { late, passed, runs }: GapReport<Arrived>): void {
  const name = nameOf(peer);
  const side = sideOf(chat, peer);
  if (late > 0)
    noticeOfPeer(
      chat,
      side,
      "info",
      `${formatCount(late, "datagram")} of ${name} is missing: what came after waits`,
    );
  if (passed > 0)
    noticeOfPeer(chat, side, "warning", `${formatCount(passed, "datagram")} of ${name} never came`);
  for (const run of runs) {
    breakRuns(peer);
    giveOut(chat, peer, run);
  }
  if (passed > 0) breakRuns(peer);
}

/** A peer's moment has come: to send again, to acknowledge, to name a gap. */
export function deliveryTimeReached(chat: Chat, peer: Peer): void {
  if (!isDelivering(peer)) return;
  const { sender, receiver } = peer.delivery;
  framesLost(chat, peer, sender.timeReached(chat.nowMs), "it did not answer");
  if (peer.ending === undefined) passGap(chat, peer, receiver.timeReached(chat.nowMs));
  settle(chat, peer);
}

/** A message in several frames is lost once. */
function framesLost(chat: Chat, peer: Peer, tags: readonly FrameTag[], reason: string): void {
  for (const tag of new Set(tags)) {
    const id = idOf(tag);
    if (id !== undefined) messageLost(chat, peer, id, reason);
  }
}

/** Says at once what has come: the peer says goodbye, and waits for nothing else. */
export function acknowledgeAtOnce(chat: Chat, peer: Peer): void {
  if (!isDelivering(peer)) return;
  const ack = peer.delivery.receiver.takeAck(chat.nowMs, true);
  if (ack !== undefined) acknowledge(chat, peer, ack);
}

function acknowledge(chat: Chat, peer: DeliveringPeer, ack: Acknowledgement): void {
  const { trace } = peer.delivery;
  chat.carrying = trace && acknowledging(peer, trace);
  sendFrameTo(chat, peer, { type: "ack", ...ack });
  chat.carrying = undefined;
}

/** The peer is gone: what it has not acknowledged was not delivered, as far as is known. */
export function endDelivery(chat: Chat, peer: Peer, reason: string): void {
  if (!isDelivering(peer)) return;
  const lost = peer.delivery.sender.takeAll();
  chat.deliveryUnits -= peer.delivery.countedUnits;
  forget(peer);
  framesLost(chat, peer, lost, reason);
}

function forget(peer: Peer): void {
  peer.delivery = undefined;
}

function isDelivering(peer: Peer): peer is DeliveringPeer {
  return peer.delivery !== undefined;
}

/** After each change: sends what may leave, acknowledges what is due, counts what is held, and arms the timer. */
function settle(chat: Chat, peer: DeliveringPeer): void {
  const { delivery } = peer;
  const { sender, receiver } = delivery;
  const { skip, lines, tags } = sender.transmit(chat.nowMs);
  if (skip !== undefined) sendFrameTo(chat, peer, { type: "skip", upTo: skip });
  for (let index = 0; index < lines.length; index += 1) {
    chat.carrying = carryingOf(tags[index]);
    give(chat, [peer], Buffer.from(lines[index] ?? ""));
  }
  chat.carrying = undefined;
  if (lines.length > 0) framesLeft(chat, peer, delivery.unsent, sender.lastSent);
  if (peer.ending === undefined) {
    const ack = receiver.takeAck(chat.nowMs);
    if (ack !== undefined) acknowledge(chat, peer, ack);
  }
  const units = sender.units + receiver.heldBytes;
  chat.deliveryUnits += units - delivery.countedUnits;
  delivery.countedUnits = units;
  if (sender.isEmpty) flushed(chat, peer);
  if (sender.isEmpty && chat.inputEnded) lingerAfterInput(chat, sideOf(chat, peer));
  settleBacklog(chat, peer, sender.units);
  arm(chat, peer);
}

/** What the person here types waits for a peer that does not keep up. */
function settleBacklog(chat: Chat, peer: Peer, units: number): void {
  if (!peer.backlogged && units > outQueueHighBytes) peerBacklogged(chat, peer);
  else if (peer.backlogged && units <= outQueueLowBytes) peerDrained(chat, peer);
}

function arm(chat: Chat, { delivery, ending }: DeliveringPeer): void {
  const dueMs = Math.min(
    delivery.sender.dueMs ?? Number.POSITIVE_INFINITY,
    (ending === undefined ? delivery.receiver.dueMs : undefined) ?? Number.POSITIVE_INFINITY,
  );
  const { timer } = delivery;
  if (dueMs === Number.POSITIVE_INFINITY) chat.timers.clear(timer);
  else chat.timers.set(timer, Math.max(chat.nowMs + 1, dueMs));
}
