/** Receipts and failures of relayed messages on their way back to the sender. */

import type { ReceiptFrame } from "../../protocol/frames/frame.ts";
import type { SendContext } from "../model/chat.ts";
import type { HubReceipt } from "../../protocol/hubs/room-entry.ts";
import type { HubMember } from "../model/hub-member.ts";
import { reportUndelivered } from "../outbound/crossing.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import type { MessageSpans } from "../log/entry.ts";
import { makeReceiptOwners } from "../trace/enqueued-spans.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";
import { writeReason } from "../report/wire-reasons.ts";
import type { Membership } from "../model/peer.ts";

/** Relays a member's receipts to the senders of the messages. */
export function relayReceipt(
  chat: SendContext,
  membership: Membership,
  { stage, first, last }: ReceiptFrame,
): void {
  const from = membership.member?.number;
  if (from === undefined) return;
  const runs = new Map<number, { readonly first: number; last: number; readonly of: MessageSpans[] }>();
  for (const { id, author: origin, originalId: originId, to } of chat.room.relayedIds) {
    if (id < first || id > last || origin === from || (to !== undefined && to !== from)) continue;
    const run = runs.get(origin);
    const spans = chat.ledger.relayed?.get(id);
    const of = run?.of ?? [];
    if (spans !== undefined) of.push(spans);
    if (run === undefined) runs.set(origin, { first: originId, last: originId, of });
    else run.last = originId;
  }
  for (const [number, run] of runs) {
    const far = chat.room.shared?.numbered.get(number);
    if (far !== undefined) {
      relayToHub(chat, far, { reader: from, stage, first: run.first, last: run.last });
      continue;
    }
    const author = chat.room.members.get(number)?.via;
    if (author?.identity.kind !== "duet" || author.link.endReason !== undefined) continue;
    const frame: ReceiptFrame = { type: "receipt", stage, first: run.first, last: run.last, from };
    sendFrameTo(chat, author, frame, { owners: makeReceiptOwners(run.of) });
  }
}

function relayToHub(
  chat: SendContext,
  author: HubMember,
  receipt: Pick<HubReceipt, "reader" | "stage" | "first" | "last">,
): void {
  const { addHubReceipt } =
    require("../outbound/hub-receipts.ts") as typeof import("../outbound/hub-receipts.ts");
  if (chat.room.shared !== undefined) addHubReceipt(chat, chat.room.shared, author, receipt);
}

/** Reports to its author that a relayed private line was given up. */
export function reportLostRelay(chat: SendContext, id: number, reason: Sentence): void {
  const lost = chat.room.relayedIds.find((one) => one.id === id && one.to !== undefined);
  const far = lost && chat.room.shared?.numbered.get(lost.author);
  if (lost !== undefined && far !== undefined)
    return reportUndelivered(chat, far.hub, lost.originalId, writeReason(chat.config, reason));
  const author = lost === undefined ? undefined : chat.room.members.get(lost.author)?.via;
  if (lost?.to === undefined || author?.identity.kind !== "duet") return;
  sendFrameTo(chat, author, {
    type: "undelivered",
    id: lost.originalId,
    to: lost.to,
    reason: writeReason(chat.config, reason),
  });
}
