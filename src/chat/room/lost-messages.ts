/** Messages that delivery gave up: marked at our own message, or reported to the member who wrote them. */

import { receiptRoomMax } from "../../protocol/limits.ts";
import { getName, type SendContext, type ReportContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { dropDelivery, isDelivering } from "../outbound/delivery.ts";
import { noteLost, takeAllAwaited, takeAwaited } from "../outbound/sent-messages.ts";
import type { FrameTag } from "../peer/delivery.ts";
import type { SentMessage } from "../peer/receipts.ts";
import { getTagMessageId } from "../trace/delivery-trace.ts";
import { reportLostRelay } from "./relayed-receipts.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";

/** A message in several frames is lost once. */
export function reportLostFrames(
  chat: SendContext,
  peer: Peer,
  tags: readonly FrameTag[],
  reason: Sentence,
): void {
  for (const tag of new Set(tags)) {
    const id = getTagMessageId(tag);
    if (id !== undefined) reportLostMessage(chat, peer, id, reason);
  }
}

/** The peer has left: frames that it has not acknowledged count as not delivered. */
export function endDelivery(chat: SendContext, peer: Peer, reason: Sentence): void {
  if (!isDelivering(peer)) return;
  reportLostFrames(chat, peer, dropDelivery(chat, peer), reason);
}

/**
 * The connection to a duet has ended, not by us: messages that it has not confirmed count as not delivered. Over UDP
 * delivery knows better.
 */
export function reportUnconfirmed(chat: SendContext, peer: Peer, reason: Sentence): void {
  const { identity, outbound, receipts } = peer;
  if (identity.kind !== "duet" || outbound.delivery !== undefined) return;
  for (const message of takeAllAwaited(receipts))
    if (!hasReceipt(peer, message) && isReceiptOwed(peer, message)) {
      noteLost(chat, message, getName(peer), reason);
      noteHost(message, peer);
    }
}

/** False if nobody sends a receipt in so large a room, or if the duet has answered a later ping. */
function isReceiptOwed(
  { liveness: { answeredPingMs = Number.NEGATIVE_INFINITY } }: Pick<Peer, "liveness">,
  { atMs, of, to }: SentMessage,
): boolean {
  return atMs >= answeredPingMs && (to !== undefined || of < receiptRoomMax);
}

/** Notes beside a lost line where it was to go, so that it can be sent once we are connected to that host again. */
function noteHost({ entry, id, again = id }: SentMessage, { link }: Pick<Peer, "link">): void {
  if (entry !== undefined && !link.isInbound)
    entry.lostOn = { connection: link.connection, address: link.address, id: again };
}

/** A message, or a part of it, was given up for a peer. The person can send it again. */
function reportLostMessage(chat: SendContext, peer: Peer, id: number, reason: Sentence): void {
  const message = takeAwaited(peer.receipts, id);
  if (message === undefined) return reportLostRelay(chat, id, reason);
  if (hasReceipt(peer, message)) return;
  noteLost(chat, message, getName(peer), reason);
  noteHost(message, peer);
}

/** True if the peer's receipt arrived before its acknowledgement: the message is delivered. */
function hasReceipt(peer: Pick<Peer, "link" | "membership">, { by }: SentMessage): boolean {
  if (by.received === undefined) return false;
  const { member } = peer.membership;
  return peer.link.isInbound ? member !== undefined && by.received.has(member.number) : by.received.size > 0;
}

/** The host could not relay a private line. */
export function reportRefusedMessage(
  chat: ReportContext,
  peer: Pick<Peer, "link" | "membership" | "receipts">,
  id: number,
  name: string,
  reason: Sentence,
): void {
  const message = peer.receipts.awaited.find((one) => one.id === id && one.to !== undefined);
  if (message !== undefined && !hasReceipt(peer, message)) noteLost(chat, message, name, reason);
}
