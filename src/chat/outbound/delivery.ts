/**
 * Delivery over UDP between duets, as the chat uses it: what must arrive goes through a peer's sender, what came goes
 * through its receiver, and one timer a peer drives both. How they do it is in src/protocol.
 */

import { DeliveryReceiver } from "../../protocol/delivery/receiver.ts";
import { DeliverySender } from "../../protocol/delivery/sender.ts";
import type { Acknowledgement, Frame } from "../../protocol/frames/frame.ts";
import { outQueueHighBytes, outQueueMaxBytes, outQueuesMaxBytes } from "../../protocol/limits.ts";
import { type Chat, nameOf } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Delivery, FrameTag } from "../peer/delivery.ts";
import type { Carrying } from "../spans/message-spans.ts";
import { acknowledging, carryingOfTag, createDeliveryTrace, tagFor } from "../trace/delivery-trace.ts";
import { peerBacklogged } from "./backlog.ts";
import { encodeLines, frameTarget, enqueue, enqueueFrame, type FrameOptions } from "./enqueue.ts";
import { resetPeer } from "./reset.ts";
import { framesLeft } from "./sent-messages.ts";
import { sentence } from "../../words/sentences/sentence.ts";

/** A peer whose frames are numbered and acknowledged. */
export type DeliveringPeer = Peer & { readonly outbound: { readonly delivery: Delivery } };

export function createDelivery(peer: Peer): Delivery {
  const sender = new DeliverySender<FrameTag>(peer.liveness.roundTrip);
  return {
    sender,
    receiver: new DeliveryReceiver(),
    unsent: [],
    timer: { kind: "delivery", of: peer.link.connection },
    countedUnits: 0,
    trace: peer.trace && createDeliveryTrace(),
  };
}

/** Whether a frame to this peer is numbered and sent until it is acknowledged. */
function delivers(peer: Peer, frame: Frame): peer is DeliveringPeer {
  return peer.outbound.delivery !== undefined && peer.handshake.isReachable && mustArrive(frame);
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

/** Sends a frame to one duet: numbered and repeated until it is acknowledged where it must arrive, else once. */
export function deliverOrEnqueue(chat: Chat, peer: Peer, frame: Frame, options?: FrameOptions): void {
  if (peer.link.isFinSent) return;
  if (delivers(peer, frame)) deliver(chat, peer, frame, options?.carrying);
  else enqueueFrame(chat, peer, frame, options);
}

/** A peer that has not acknowledged enough of what came before is reset, as a slow reader over TCP is. */
function deliver(chat: Chat, peer: DeliveringPeer, frame: Frame, carrying: Carrying | undefined): void {
  const { sender } = peer.outbound.delivery;
  // Nothing follows a goodbye.
  if (peer.link.endReason !== undefined && frame.type !== "goodbye") return;
  if (sender.units > outQueueMaxBytes || chat.deliveryUnits > outQueuesMaxBytes) {
    if (frame.type === "goodbye") return;
    return resetPeer(chat, peer, sentence("acknowledges-too-slowly", { who: nameOf(peer) }));
  }
  const tag = tagFor(frame, carrying);
  for (const line of encodeLines(frame, frameTarget(peer)))
    sender.enqueue(line, chat.nowMs, tag, tellsOfRoom(frame));
  transmit(chat, peer);
}

/** Says at once what has come: the peer says goodbye, and waits for nothing else. */
export function acknowledgeAtOnce(chat: Chat, peer: Peer): void {
  if (!isDelivering(peer)) return;
  const ack = peer.outbound.delivery.receiver.takeAck(chat.nowMs, true);
  if (ack !== undefined) acknowledge(chat, peer, ack);
}

function acknowledge(chat: Chat, peer: DeliveringPeer, ack: Acknowledgement): void {
  const { trace } = peer.outbound.delivery;
  enqueueFrame(chat, peer, { type: "ack", ...ack }, { carrying: trace && acknowledging(peer, trace) });
}

export function isDelivering(peer: Peer): peer is DeliveringPeer {
  return peer.outbound.delivery !== undefined;
}

/** After each change: sends the frames that may leave, acknowledges, counts the queue, and arms the timer. */
export function transmit(chat: Chat, peer: DeliveringPeer): void {
  const { delivery } = peer.outbound;
  const { sender, receiver } = delivery;
  const { skip, lines, tags } = sender.transmit(chat.nowMs);
  if (skip !== undefined) enqueueFrame(chat, peer, { type: "skip", upTo: skip });
  for (let index = 0; index < lines.length; index += 1)
    enqueue(chat, [peer], Buffer.from(lines[index] ?? ""), carryingOfTag(tags[index]));
  if (lines.length > 0) framesLeft(chat, peer, delivery.unsent, sender.lastSent);
  if (peer.link.endReason === undefined) {
    const ack = receiver.takeAck(chat.nowMs);
    if (ack !== undefined) acknowledge(chat, peer, ack);
  }
  const units = sender.units + receiver.outOfOrderBytes;
  chat.deliveryUnits += units - delivery.countedUnits;
  delivery.countedUnits = units;
  if (!peer.outbound.isBacklogged && sender.units > outQueueHighBytes) peerBacklogged(chat, peer);
  armDeliveryTimer(chat, peer);
}

function armDeliveryTimer(
  chat: Chat,
  { outbound: { delivery }, link: { endReason: ending } }: DeliveringPeer,
): void {
  const dueMs = Math.min(
    delivery.sender.dueMs ?? Number.POSITIVE_INFINITY,
    (ending === undefined ? delivery.receiver.dueMs : undefined) ?? Number.POSITIVE_INFINITY,
  );
  const { timer } = delivery;
  if (dueMs === Number.POSITIVE_INFINITY) chat.timers.clear(timer);
  else chat.timers.set(timer, Math.max(chat.nowMs + 1, dueMs));
}
