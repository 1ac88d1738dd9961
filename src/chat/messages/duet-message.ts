/** A message of a duet: shown, reported, relayed, and acknowledged by a receipt. */

import type { MessageFrame } from "../../protocol/frames/frame.ts";
import { type Chat, hostNumber, sideOf, takeEntryId, takeMessageId } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { oweReceipt } from "../outbound/pending-receipts.ts";
import { relay, relayPrivately } from "../outbound/relay.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import type { Carried, MessageEntry } from "../log/entry.ts";
import { addEntry, tell } from "../report/report.ts";
import { useVia } from "../room/members.ts";
import { noteHeard } from "../trace/delivery-trace.ts";
import { toldAs } from "../trace/reported-spans.ts";
import { writeReason } from "../report/wire-reasons.ts";

/** A member's message at the host, for the room or for one member. */
export function messageToHub(
  chat: Chat,
  peer: Peer,
  frame: MessageFrame,
  carried: Carried | undefined,
): void {
  const member = peer.membership.member;
  if (member === undefined) return;
  useVia(chat, member, peer);
  const { id, to, text } = frame;
  const action = frame.action === true;
  if (to !== undefined && to !== hostNumber) {
    const reason = relayPrivately(chat, member, to, frame);
    if (reason !== undefined)
      sendFrameTo(chat, peer, { type: "undelivered", id, to, reason: writeReason(chat, reason) });
    return;
  }
  const isPrivate = to === hostNumber;
  noteHeard(peer, id, carried);
  showMessage(chat, peer, {
    name: member.name,
    address: peer.link.address,
    text,
    action,
    isPrivate,
    carried,
  });
  oweReceipt(chat, peer, id, isPrivate);
  if (!isPrivate) relay(chat, member, text, action, carried, id);
}

interface Shown {
  readonly name: string;
  readonly address: string;
  readonly text: string;
  readonly action: boolean;
  readonly isPrivate: boolean;
  readonly carried: Carried | undefined;
}

export function showMessage(chat: Chat, peer: Peer, shown: Shown): void {
  const entry: MessageEntry = {
    kind: "message",
    id: takeEntryId(chat),
    atMs: chat.nowMs,
    direction: "in",
    name: shown.name,
    colourKey: shown.address,
    text: shown.text,
    growing: false,
    action: shown.action,
    carried: shown.carried,
    ...(shown.isPrivate ? { privateWith: "you" } : {}),
  };
  addEntry(chat, sideOf(chat, peer), entry);
  if (!chat.config.tellMessages) return;
  const { name, address, text, action, isPrivate, carried } = shown;
  const id = takeMessageId(chat);
  tell(chat, {
    type: "message",
    transport: peer.link.transport,
    id,
    direction: "in",
    peer: address,
    name,
    text,
    bytes: Buffer.byteLength(text),
    action,
    ...(isPrivate ? { private: true } : {}),
    ...toldAs(chat, peer, id, carried),
  });
}
