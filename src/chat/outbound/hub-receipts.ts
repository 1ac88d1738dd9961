/**
 * Receipts between hubs. Those of our members for messages of other hubs: all that arise within a second leave as one entry of the
 * stream; while the engine takes nothing they are dropped. And our messages that crossed, until their receipts are known.
 */

import { formatRoomEntry, type HubReceipt } from "../../protocol/hubs/room-entry.ts";
import {
  hubReceiptDelayMs,
  hubReceiptIntervalMs,
  hubReceiptsMax,
  receiptRoomMax,
  relayedIdsMax,
} from "../../protocol/limits.ts";
import { hostNumber, type ReportContext, type SendContext } from "../model/chat.ts";
import type { Room } from "../model/room.ts";
import type { Place, SentEntry, SharedRoom } from "../model/shared-room.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { MessageEntry } from "../log/entry.ts";
import type { HubMember } from "../model/hub-member.ts";
import type { Side } from "../model/side.ts";
import type { SentMessage } from "../peer/receipts.ts";
import { isInView } from "../report/viewed-side.ts";
import { countMembers } from "./recipients.ts";
import { isFollowed, makeSentMessage, reportStage } from "./sent-messages.ts";

/** A member here has received, or read, entries of a member of another hub. */
export function addHubReceipt(
  chat: Pick<SendContext, "timers" | "nowMs" | "room">,
  shared: SharedRoom,
  { hub, at: author, number }: HubMember,
  receipt: Pick<HubReceipt, "reader" | "stage" | "first" | "last">,
): void {
  const { relayedIds } = chat.room;
  const isGap = (after: number, before: number): boolean =>
    receipt.reader !== hostNumber &&
    relayedIds.some((one) => one.author === number && one.originalId > after && one.originalId < before);
  extend(shared.receipts.pending, { hub, author, ...receipt }, isGap);
  armTimer(chat, shared);
}

/** Our person was shown an entry. `isPrivate`: nobody else owes a receipt for it. */
export function addPersonReceipt(
  chat: SendContext,
  shared: SharedRoom,
  side: Side,
  author: HubMember,
  number: number,
  isPrivate: boolean,
): void {
  if (!author.isDuet || chat.config.silent || (!isPrivate && countMembers(chat.room) > receiptRoomMax))
    return;
  const { isFocused, isOverlayOpen } = chat.focus;
  const isSeen = isFocused && !isOverlayOpen && isInView(chat, side.conversation);
  const of = { reader: hostNumber, first: number, last: number };
  addHubReceipt(chat, shared, author, { ...of, stage: isSeen ? "read" : "received" });
  takeSeen(chat, shared);
  if (isSeen) return;
  const { hub, at } = author;
  extend(shared.receipts.unread, { hub, author: at, ...of, stage: "read" });
  chat.focus.hubLines = "unread";
}

/** One receipt more, or a longer one. `isGap`: entries of the author between these two numbers were not received. */
function extend(
  list: HubReceipt[],
  receipt: HubReceipt,
  isGap: (after: number, before: number) => boolean = () => false,
): void {
  const at = list.findIndex(
    ({ hub, author, reader, stage }) =>
      hub === receipt.hub &&
      author === receipt.author &&
      reader === receipt.reader &&
      stage === receipt.stage,
  );
  const known = list[at];
  if (known !== undefined && !isGap(known.last, receipt.first)) {
    const last = Math.max(known.last, receipt.last);
    list[at] = { ...known, first: Math.min(known.first, receipt.first), last };
    return;
  }
  list.unshift(receipt);
  if (list.length > hubReceiptsMax) list.pop();
}

function armTimer({ timers, nowMs }: Pick<SendContext, "timers" | "nowMs">, { receipts }: SharedRoom): void {
  const timer = { kind: "hub-receipts" } as const;
  if (timers.has(timer)) return;
  timers.set(timer, Math.max(nowMs + hubReceiptDelayMs, receipts.sentMs + hubReceiptIntervalMs));
}

/** Sends the pending receipts. One that is lost with the engine is not sent again. */
export function sendHubReceipts(
  chat: Pick<SendContext, "effects" | "nowMs" | "focus">,
  shared: SharedRoom,
): void {
  takeSeen(chat, shared);
  const of = shared.receipts.pending.splice(0);
  if (of.length === 0 || shared.state.is !== "up" || shared.isClosed) return;
  shared.receipts.sentMs = chat.nowMs;
  const payload = formatRoomEntry(shared.hub, shared.nextNumber, { type: "receipts", of });
  shared.nextNumber += 1;
  chat.effects.push({ type: "engine", work: { type: "append", payload } });
}

/** The person has looked at the room's conversation: what was unread then is read. */
function takeSeen({ focus }: Pick<ReportContext, "focus">, { receipts }: SharedRoom): void {
  if (focus.hubLines !== "seen") return;
  focus.hubLines = undefined;
  for (const receipt of receipts.unread.splice(0).toReversed()) extend(receipts.pending, receipt);
}

/** The members of other hubs that send receipts for a message to the room: none in a large room. */
export function listFarReaders(room: Room): readonly HubMember[] {
  if (room.shared === undefined || countMembers(room) > receiptRoomMax) return [];
  return [...room.shared.numbered.values()];
}

/** Begins to follow a private line to a member of another hub. */
export function followInHubs(
  chat: ReportContext,
  transport: TransportName,
  {
    id,
    entry,
    to,
  }: { readonly id: number; readonly entry: MessageEntry | undefined; readonly to: HubMember },
): SentMessage | undefined {
  if (!isFollowed(chat.config, [])) return undefined;
  const message = { id, again: undefined, entry, spans: undefined, peers: [], to: to.number };
  const recipients = { of: 1, able: to.isDuet ? 1 : 0, numbers: [to.number] };
  return makeSentMessage(chat.nowMs, transport, message, recipients);
}

export function noteSentEntry({ sent }: SharedRoom, number: number, entry: SentEntry): void {
  sent.set(number, entry);
  if (sent.size <= relayedIdsMax) return;
  for (const oldest of sent.keys()) return void sent.delete(oldest);
}

/** Notes a message to the room at its place. `message`: of the person, as it is followed. */
export function noteCrossedMessage(
  chat: ReportContext & Pick<SendContext, "room">,
  place: Place,
  {
    author,
    id,
    message,
  }: { readonly author: number; readonly id: number; readonly message?: SentMessage | undefined },
): void {
  const { shared } = chat.room;
  if (shared === undefined || place.is === "alone" || place.number === undefined) return;
  if (author === hostNumber && message === undefined) return;
  const isFarOnly = message !== undefined && message.unacked === 0;
  noteSentEntry(shared, place.number, {
    ...{ author, originalId: id, message, to: undefined, isFarOnly, isConfirmed: false },
  });
  if (place.is === "placed") noteWritten(chat, shared, place.number);
}

/** The stream has the entry: a message that nobody here is sent is sent now. */
export function noteWritten(chat: ReportContext, { sent }: SharedRoom, number: number): void {
  const entry = sent.get(number);
  if (entry?.isFarOnly === true && entry.message !== undefined) reportStage(chat, entry.message, "sent");
}
