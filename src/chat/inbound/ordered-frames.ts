/** Numbered frames, acknowledgements and gaps over UDP. */

import type { GapReport } from "../../protocol/delivery/receiver.ts";
import type { ParsedFrame } from "../../protocol/frames/frame-codec.ts";
import type { FrameOrder } from "../../protocol/frames/frame.ts";
import { outQueuesMaxBytes } from "../../protocol/limits.ts";
import { type Chat, getName, getSide, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { isRoomPaused } from "../outbound/backlog.ts";
import { isDelivering } from "../outbound/delivery.ts";
import { breakRuns } from "../outbound/pending-receipts.ts";
import { noteMessageBytes } from "../outbound/read-pause.ts";
import { isHeavy } from "../records/sending-pace.ts";
import { flushRelay } from "../outbound/relay.ts";
import type { ReceivedFrame } from "../peer/delivery.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { reportLostFrames } from "../room/lost-messages.ts";
import { hasRoomToWait } from "../room/strangers.ts";
import { noteReceivedFrame } from "../trace/delivery-trace.ts";
import type { Datagram } from "./received-datagram.ts";
import { receiveParsedFrame } from "./frames.ts";
import { settleDelivery } from "./settle-delivery.ts";
import { sentence } from "../../words/sentences/sentence.ts";

/**
 * Accepts a numbered frame and delivers the frames that are in order now, or refuses it for lack of room. After the frames
 * of a datagram `settleNumberedFrames` acknowledges them.
 */
export function acceptNumberedFrame(
  chat: Chat,
  peer: Peer,
  parsed: ParsedFrame,
  order: FrameOrder,
  { bytes, span, isLater = false }: Datagram,
): void {
  if (!isDelivering(peer)) return receiveParsedFrame(chat, peer, parsed, span);
  const { receiver } = peer.outbound.delivery;
  noteMessageBytes(chat, peer, bytes);
  if (hasRoomFor(chat, peer)) {
    const arrived = { parsed, span };
    const { received } = receiver;
    const items = receiver.accept(order, arrived, bytes, chat.nowMs, !isLater);
    const { trace } = peer.outbound.delivery;
    if (trace !== undefined) noteReceivedFrame(peer, trace, arrived, receiver.received === received);
    deliverFrames(chat, peer, items);
  } else receiver.refuse(order, chat.nowMs);
}

/** Relays what a peer's frames have brought, acknowledges them, and sends what may be sent now. */
export function settleNumberedFrames(chat: Chat, peer: Peer): void {
  flushRelay(chat);
  if (isDelivering(peer)) settleDelivery(chat, peer);
}

/** False if the delivery queues are full, too many lines of a stranger wait, or it sends much to a paused room. */
function hasRoomFor(
  chat: Pick<Chat, "nowMs" | "timers" | "sides" | "room" | "deliveryUnits">,
  peer: Pick<Peer, "link" | "identity" | "inbound">,
): boolean {
  return (
    chat.deliveryUnits <= outQueuesMaxBytes &&
    hasRoomToWait(chat, peer) &&
    !(peer.link.isInbound && isRoomPaused(chat.timers) && isHeavy(peer.inbound.pace, chat.nowMs))
  );
}

function deliverFrames(chat: SendContext, peer: Peer, items: readonly ReceivedFrame[]): void {
  for (const { parsed, span } of items) {
    if (peer.link.endReason !== undefined) return;
    receiveParsedFrame(chat, peer, parsed, span);
  }
}

/** `skip`: frames up to this number will not be sent again. */
export function receiveSkip(chat: Chat, peer: Peer, upTo: number): void {
  if (!isDelivering(peer)) return;
  deliverPastGap(chat, peer, peer.outbound.delivery.receiver.skip(upTo, chat.nowMs));
  flushRelay(chat);
  settleDelivery(chat, peer);
}

function deliverPastGap(
  chat: SendContext,
  peer: Peer,
  { missing, skipped, runs }: GapReport<ReceivedFrame>,
): void {
  const name = getName(peer);
  const side = getSide(chat, peer.link);
  if (missing > 0)
    addPeerNotice(chat, side, "info", sentence("datagrams-missing", { datagrams: missing, name }));
  if (skipped > 0)
    addPeerNotice(chat, side, "warning", sentence("datagrams-lost", { datagrams: skipped, name }));
  for (const run of runs) {
    breakRuns(peer);
    deliverFrames(chat, peer, run);
  }
  if (skipped > 0) breakRuns(peer);
}

/** Time to retransmit, to acknowledge or to report a gap. */
export function handleDeliveryTimer(chat: Chat, peer: Peer): void {
  if (!isDelivering(peer)) return;
  const { sender, receiver } = peer.outbound.delivery;
  reportLostFrames(chat, peer, sender.onTimeReached(chat.nowMs), sentence("did-not-answer"));
  if (peer.link.endReason === undefined) deliverPastGap(chat, peer, receiver.onTimeReached(chat.nowMs));
  flushRelay(chat);
  settleDelivery(chat, peer);
}
