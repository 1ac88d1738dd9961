/** A message of a duet: shown, reported, relayed, and acknowledged by a receipt. */

import type { MessageFrame } from "../../protocol/frames/frame.ts";
import {
  type Chat,
  hostNumber,
  getSide,
  takeEntryId,
  type SendContext,
  type ReportContext,
} from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { addPendingReceipt } from "../outbound/pending-receipts.ts";
import { relay, relayPrivately } from "../outbound/relay.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import type { MessageSpans, MessageEntry } from "../log/entry.ts";
import { addEntry } from "../report/report.ts";
import { hasReceivedId, noteReceivedId, noteReceivedIds } from "../records/received-ids.ts";
import { setPath } from "../room/members.ts";
import { noteShown } from "../trace/delivery-trace.ts";
import { writeReason } from "../report/wire-reasons.ts";
import { reportReceivedMessage } from "./received-message.ts";

/** A member's message at the host, for the room or for one member. */
export function receiveMemberMessage(
  chat: SendContext,
  peer: Peer,
  frame: MessageFrame,
  spans: MessageSpans | undefined,
): void {
  const member = peer.membership.member;
  if (member === undefined) return;
  setPath(chat, member, peer);
  const { id, to, text } = frame;
  const action = frame.action === true;
  if (to !== undefined && to !== hostNumber) {
    const reason = relayPrivately(chat, member, to, frame);
    if (reason !== undefined)
      sendFrameTo(chat, peer, { type: "undelivered", id, to, reason: writeReason(chat.config, reason) });
    return;
  }
  const isPrivate = to === hostNumber;
  // The receipt of the first copy was lost with the connection: the second one is all that it lacks.
  if (isSentAgain(chat.room, peer, frame)) return addPendingReceipt(chat, peer, id, isPrivate);
  noteShown(peer, id, spans);
  showMessage(chat, peer, {
    name: member.name,
    address: peer.link.address,
    text,
    action,
    isPrivate,
    spans,
  });
  addPendingReceipt(chat, peer, id, isPrivate);
  if (!isPrivate) relay(chat, member, text, action, spans, id);
}

/** Notes what a host must know of messages that were shown and relayed together. */
export function noteMessageBlock(chat: SendContext, peer: Peer, ids: Float64Array): void {
  const [first, last] = [ids[0], ids.at(-1)];
  if (first === undefined || last === undefined) return;
  const { session } = peer.identity;
  if (session !== undefined) noteReceivedIds(chat.room.receivedIds, session, ids);
  addPendingReceipt(chat, peer, first, false);
  if (last !== first) addPendingReceipt(chat, peer, last, false);
}

/** True if this process has sent the message before. Notes the ids of one that is new. */
function isSentAgain(
  { receivedIds }: Pick<SendContext["room"], "receivedIds">,
  { identity: { session } }: Pick<Peer, "identity">,
  { id, again }: MessageFrame,
): boolean {
  if (session === undefined) return false;
  if (again !== undefined && hasReceivedId(receivedIds, session, again)) return true;
  noteReceivedId(receivedIds, session, id);
  if (again !== undefined) noteReceivedId(receivedIds, session, again);
  return false;
}

interface ShownMessage {
  readonly name: string;
  readonly address: string;
  readonly text: string;
  readonly action: boolean;
  readonly isPrivate: boolean;
  readonly spans: MessageSpans | undefined;
}

export function showMessage(
  chat: ReportContext & Pick<Chat, "peers">,
  peer: Peer,
  shown: ShownMessage,
): void {
  reportReceivedMessage(chat, peer, { ...shown, bytes: Buffer.byteLength(shown.text) });
  if (chat.config.headless) return;
  const entry: MessageEntry = {
    kind: "message",
    id: takeEntryId(chat.ids),
    atMs: chat.wallMs,
    direction: "in",
    over: peer.link.transport,
    name: shown.name,
    colourKey: shown.address,
    text: shown.text,
    growing: false,
    action: shown.action,
    spans: shown.spans,
    ...(shown.isPrivate ? { privateWith: "you" } : {}),
  };
  addEntry(chat, getSide(chat, peer.link), entry);
}
