/**
 * Consequences of acknowledgements over UDP: a peer that has acknowledged everything can be closed, the linger time
 * can begin, and a paused room resumes reading.
 */

import type { Acknowledgement } from "../../protocol/frames/frame.ts";
import { outQueueLowBytes } from "../../protocol/limits.ts";
import { type Chat, getSide } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { roomPause, clearBacklog } from "../outbound/backlog.ts";
import { type DeliveringPeer, isDelivering, transmit } from "../outbound/delivery.ts";
import { resumeRoomReading } from "../outbound/read-pause.ts";
import { continueClose } from "../connections/close-wait.ts";
import { lingerAfterInput } from "../connections/input-end.ts";
import type { Span } from "../spans/span.ts";
import { noteAcknowledged } from "../trace/delivery-trace.ts";

/** Sends the frames that may be sent now, and continues the work that waited for acknowledgements. */
export function settleDelivery(chat: Chat, peer: DeliveringPeer): void {
  const { sender } = peer.outbound.delivery;
  transmit(chat, peer);
  if (sender.isEmpty) continueClose(chat, peer.link);
  if (sender.isEmpty && chat.input.hasEnded) lingerAfterInput(chat, getSide(chat, peer.link));
  if (peer.outbound.isBacklogged && sender.units <= outQueueLowBytes) resumeDrainedPeer(chat, peer);
}

/** `ack`: the named frames have arrived. */
export function receiveAck(chat: Chat, peer: Peer, ack: Acknowledgement, span: Span | undefined): void {
  if (!isDelivering(peer)) return;
  noteAcknowledged(peer, peer.outbound.delivery.sender.onAcknowledged(ack, chat.nowMs), span);
  settleDelivery(chat, peer);
}

/** A backlogged queue has room again. */
export function resumeDrainedPeer(chat: Chat, peer: Pick<Peer, "link" | "outbound">): void {
  clearBacklog(chat.timers, peer);
  if (!chat.timers.has(roomPause)) return;
  if ([...chat.peers.values()].every(({ outbound: { isBacklogged } }) => !isBacklogged)) resumeRoom(chat);
}

/** Resumes reading the room, and ends the refusal of frames over UDP. */
export function resumeRoom(chat: Chat): void {
  chat.timers.clear(roomPause);
  resumeRoomReading(chat);
  for (const peer of chat.sides.udp.peers.values()) {
    if (!isDelivering(peer)) continue;
    peer.outbound.delivery.receiver.endRefusal(chat.nowMs);
    settleDelivery(chat, peer);
  }
}
