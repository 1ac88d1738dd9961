/** Applies what other hubs report of our messages: receipts, and private lines that were not delivered. */

import type { ReceiptStage } from "../../protocol/frames/frame.ts";
import type { HubReceipt } from "../../protocol/hubs/room-entry.ts";
import type { SendContext } from "../model/chat.ts";
import type { HubMember } from "../model/hub-member.ts";
import type { SharedRoom } from "../model/shared-room.ts";
import { noteReceipt } from "../outbound/received-receipts.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import { noteLost } from "../outbound/sent-messages.ts";
import type { SentMessage } from "../peer/receipts.ts";
import { writeReason } from "../report/wire-reasons.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";

/** Applies receipts of another hub's members to our messages, and relays those of our members'. */
export function applyHubReceipts(
  chat: SendContext,
  shared: SharedRoom,
  readers: ReadonlyMap<number, HubMember>,
  receipts: readonly HubReceipt[],
): void {
  for (const receipt of receipts) {
    const reader = receipt.hub === shared.hub ? readers.get(receipt.reader) : undefined;
    if (reader !== undefined) applyHubReceipt(chat, shared, reader, receipt);
  }
}

function applyHubReceipt(
  chat: SendContext,
  { sent }: SharedRoom,
  reader: HubMember,
  { author, stage, first, last }: HubReceipt,
): void {
  const ids: number[] = [];
  for (const [number, entry] of sent) {
    if (number < first || number > last || entry.author !== author) continue;
    if (entry.to !== undefined && entry.to !== reader) continue;
    entry.isConfirmed = true;
    if (entry.message !== undefined) noteStages(chat, entry.message, stage, reader);
    else ids.push(entry.originalId);
  }
  const [begin, end] = [ids[0], ids.at(-1)];
  const via = chat.room.members.get(author)?.via;
  if (begin === undefined || end === undefined || via?.identity.kind !== "duet") return;
  if (via.link.endReason !== undefined) return;
  sendFrameTo(chat, via, { type: "receipt", stage, first: begin, last: end, from: reader.number });
}

function noteStages(
  chat: SendContext,
  message: SentMessage,
  stage: ReceiptStage,
  { number }: HubMember,
): void {
  noteReceipt(chat, message, "received", number, undefined);
  if (stage === "read") noteReceipt(chat, message, "read", number, undefined);
}

/** A private line of ours was not delivered: its author is told. */
export function reportLostEntry(
  chat: SendContext,
  { sent }: SharedRoom,
  number: number,
  hub: string,
  reason: Sentence,
): void {
  const entry = sent.get(number);
  if (entry?.to === undefined || entry.to.hub !== hub) return;
  sent.delete(number);
  const { to, message, author, originalId: id } = entry;
  if (message !== undefined) return noteLost(chat, message, to.name, reason);
  const via = chat.room.members.get(author)?.via;
  if (via?.identity.kind !== "duet") return;
  sendFrameTo(chat, via, {
    type: "undelivered",
    id,
    to: to.number,
    reason: writeReason(chat.config, reason),
  });
}

/** A hub is gone: private lines that none of its duets has confirmed are lost. */
export function loseEntriesTo(chat: SendContext, shared: SharedRoom, hub: string, reason: Sentence): void {
  for (const [number, { to, isConfirmed }] of [...shared.sent])
    if (to?.hub === hub && to.isDuet && !isConfirmed) reportLostEntry(chat, shared, number, hub, reason);
}
