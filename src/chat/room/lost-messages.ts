/** Messages that delivery gave up: marked at our own message, or reported to the member who wrote them. */

import { getName, type SendContext, type ReportContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { dropDelivery, isDelivering } from "../outbound/delivery.ts";
import { noteLost, takeAwaited } from "../outbound/sent-messages.ts";
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

/** A message, or a part of it, was given up for a peer. The person can send it again. */
function reportLostMessage(chat: SendContext, peer: Peer, id: number, reason: Sentence): void {
  const message = takeAwaited(peer.receipts, id);
  if (message === undefined) return reportLostRelay(chat, id, reason);
  if (!hasReceipt(peer, message)) noteLost(chat, message, getName(peer), reason);
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
