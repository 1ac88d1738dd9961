/**
 * Delivery over UDP as the chat uses it: frames that must arrive pass through the peer's sender, received ones through
 * its receiver, and one timer for each peer drives both. The protocol itself is in src/protocol/delivery.
 */

import { DeliveryReceiver } from "../../protocol/delivery/receiver.ts";
import { DeliverySender } from "../../protocol/delivery/sender.ts";
import type { Acknowledgement, Frame } from "../../protocol/frames/frame.ts";
import { outQueueHighBytes, outQueueMaxBytes, outQueuesMaxBytes } from "../../protocol/limits.ts";
import { type Chat, getName, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Delivery, FrameTag } from "../peer/delivery.ts";
import type { SpanOwners } from "../spans/message-spans.ts";
import { encodeKeyField } from "../../protocol/frames/frame-codec.ts";
import {
  takeAcknowledged,
  noteEnqueuedFrames,
  createDeliveryTrace,
  makeTag,
} from "../trace/delivery-trace.ts";
import { handleBacklog } from "./backlog.ts";
import { encodeUnkeyedLines, enqueue, enqueueFrame, getFrameTarget, type FrameOptions } from "./enqueue.ts";
import { resetPeer } from "./reset.ts";
import { noteFramesSent } from "./sent-messages.ts";
import { sentence } from "../../words/sentences/sentence.ts";

/** A peer whose frames are numbered and acknowledged. */
export type DeliveringPeer = Peer & { readonly outbound: { readonly delivery: Delivery } };

/**
 * Begins delivery to a duet that supports it, or begins it again after the duet restarted. `framesMax`: as many frames of
 * one datagram the duet reads.
 */
export function startDelivery(peer: Peer, framesMax: number): void {
  peer.outbound.delivery = {
    sender: new DeliverySender<FrameTag>(peer.liveness.roundTrip, framesMax),
    receiver: new DeliveryReceiver(),
    unsent: [],
    timer: { kind: "delivery", of: peer.link.connection },
    countedUnits: 0,
    trace: peer.trace && createDeliveryTrace(),
  };
}

/** Ends delivery. Returns the tags of the frames that were not acknowledged. */
export function dropDelivery(chat: Pick<Chat, "deliveryUnits">, peer: DeliveringPeer): readonly FrameTag[] {
  const { delivery } = peer.outbound;
  chat.deliveryUnits -= delivery.countedUnits;
  (peer as Peer).outbound.delivery = undefined;
  return delivery.sender.takeAll();
}

/** True if the frame is numbered and retransmitted until it is acknowledged. */
function isDeliveredFrame(peer: Pick<Peer, "handshake" | "outbound">, frame: Frame): peer is DeliveringPeer {
  return peer.outbound.delivery !== undefined && peer.handshake.isProven && mustArrive(frame);
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
    case "rekey":
    case "verify":
    case "goodbye":
      return true;
  }
}

/** True for frames that describe the room. A peer that misses one of them needs a resync. */
function isPresenceFrame({ type }: Frame): boolean {
  return type === "welcome" || type === "joined" || type === "left" || type === "renamed";
}

/** Sends a frame to one duet: with delivery if it must arrive, else once. */
export function deliverOrEnqueue(chat: SendContext, peer: Peer, frame: Frame, options?: FrameOptions): void {
  if (peer.link.isFinSent) return;
  if (isDeliveredFrame(peer, frame)) deliver(chat, peer, frame, options?.owners);
  else enqueueFrame(chat, peer, frame, options);
}

/** A peer with too many unacknowledged frames is reset, as a slow reader over TCP is. */
function deliver(
  chat: SendContext,
  peer: DeliveringPeer,
  frame: Frame,
  owners: SpanOwners | undefined,
): void {
  const { sender } = peer.outbound.delivery;
  // No frame follows a goodbye.
  if (peer.link.endReason !== undefined && frame.type !== "goodbye") return;
  if (sender.units > outQueueMaxBytes || chat.deliveryUnits > outQueuesMaxBytes) {
    if (frame.type === "goodbye") return;
    return resetPeer(chat.effects, peer.link, sentence("acknowledges-too-slowly", { who: getName(peer) }));
  }
  const tag = makeTag(frame, owners);
  const target = getFrameTarget(peer);
  const keyField = encodeKeyField(target.theirKey);
  for (const line of encodeUnkeyedLines(frame, target, keyField))
    sender.enqueue(line, chat.nowMs, tag, isPresenceFrame(frame), keyField);
  transmit(chat, peer);
}

/** Acknowledges at once: the peer has said goodbye and waits only for that. */
export function acknowledgeAtOnce(chat: Pick<Chat, "config" | "nowMs" | "effects">, peer: Peer): void {
  if (!isDelivering(peer)) return;
  const ack = peer.outbound.delivery.receiver.takeAck(chat.nowMs, true);
  if (ack !== undefined) acknowledge(chat, peer, ack);
}

function acknowledge(
  chat: Pick<Chat, "config" | "nowMs" | "effects">,
  peer: DeliveringPeer,
  ack: Acknowledgement,
): void {
  const { trace } = peer.outbound.delivery;
  enqueueFrame(chat, peer, { type: "ack", ...ack }, { owners: trace && takeAcknowledged(peer, trace) });
}

export function isDelivering(peer: Pick<Peer, "outbound">): peer is DeliveringPeer {
  return peer.outbound.delivery !== undefined;
}

/**
 * Sends the frames that may be sent now, acknowledges, counts the queue and sets the timer. Called after each change.
 */
export function transmit(chat: SendContext, peer: DeliveringPeer): void {
  const { delivery } = peer.outbound;
  const { sender, receiver } = delivery;
  const { skip, datagrams, tags } = sender.transmit(chat.nowMs);
  if (skip !== undefined) enqueueFrame(chat, peer, { type: "skip", upTo: skip });
  let sent = 0;
  for (const datagram of datagrams) {
    const payload = Buffer.from(datagram);
    if (delivery.trace !== undefined) sent += noteEnqueuedFrames(peer, payload, tags.slice(sent));
    enqueue(chat, [peer], payload);
  }
  if (datagrams.length > 0) noteFramesSent(chat, peer, delivery.unsent, sender.lastSent);
  if (peer.link.endReason === undefined) {
    const ack = receiver.takeAck(chat.nowMs);
    if (ack !== undefined) acknowledge(chat, peer, ack);
  }
  const units = sender.units + receiver.outOfOrderBytes;
  chat.deliveryUnits += units - delivery.countedUnits;
  delivery.countedUnits = units;
  if (!peer.outbound.isBacklogged && sender.units > outQueueHighBytes) handleBacklog(chat, peer);
  armDeliveryTimer(chat, peer);
}

function armDeliveryTimer(
  chat: Pick<Chat, "nowMs" | "timers">,
  { outbound: { delivery }, link: { endReason } }: DeliveringPeer,
): void {
  const dueMs = Math.min(
    delivery.sender.dueMs ?? Number.POSITIVE_INFINITY,
    (endReason === undefined ? delivery.receiver.dueMs : undefined) ?? Number.POSITIVE_INFINITY,
  );
  const { timer } = delivery;
  if (dueMs === Number.POSITIVE_INFINITY) chat.timers.clear(timer);
  else chat.timers.set(timer, Math.max(chat.nowMs + 1, dueMs));
}
