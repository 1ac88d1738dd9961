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
import type { LocalMember, Peer } from "../model/peer.ts";
import { alone, type Draft, type Place } from "../model/shared-room.ts";
import type { HubMember } from "../model/hub-member.ts";
import { addPendingReceipt } from "../outbound/pending-receipts.ts";
import { findPlace, hereOnly, noteCrossed, noteShownHere } from "../outbound/crossing.ts";
import { relay, relayPrivately } from "../outbound/relay.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import type { MessageSpans, MessageEntry } from "../log/entry.ts";
import { describeKeyFacts, type KeyFacts, noKeyFacts } from "../log/key-marks.ts";
import { addEntry } from "../report/report.ts";
import { hasReceivedId, noteReceivedId, noteReceivedIds } from "../records/received-ids.ts";
import { setPath } from "../room/members.ts";
import { noteShown } from "../trace/delivery-trace.ts";
import { writeReason } from "../report/wire-reasons.ts";
import { type Author, findAuthor } from "../room/member-keys.ts";
import type { Sentence } from "../../words/sentences/sentence.ts";
import { judgeName, judgeUnsealed, type ReadMessage } from "./message-keys.ts";
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
  const { id, to } = frame;
  if (to !== undefined && to !== hostNumber) {
    const far = chat.room.shared?.numbered.get(to);
    const reason =
      far === undefined ? relayPrivately(chat, member, to, frame) : crossToHub(chat, member, far, frame);
    if (reason !== undefined)
      sendFrameTo(chat, peer, { type: "undelivered", id, to, reason: writeReason(chat.config, reason) });
    return;
  }
  const isPrivate = to === hostNumber;
  // The receipt of the first copy was lost with the connection: the second one is all that it lacks.
  if (isSentAgain(chat.room, peer, frame)) return addPendingReceipt(chat, peer, id, isPrivate);
  const draft = { kind: "frame", peer, member, frame, spans } as const;
  if (isPrivate) return showMemberMessage(chat, draft, alone);
  const { text, action = false } = frame;
  const place = findPlace(chat, { member: member.number, name: member.name, text, action }, draft);
  if (place !== "awaits") showMemberMessage(chat, draft, place);
}

function crossToHub(
  chat: SendContext,
  author: LocalMember,
  to: HubMember,
  frame: MessageFrame,
): Sentence | undefined {
  const { crossMemberLine } = require("./hub-lines.ts") as typeof import("./hub-lines.ts");
  return crossMemberLine(chat, author, to, frame);
}

/** Shows, acknowledges and relays a member's message at its place. */
export function showMemberMessage(
  chat: SendContext,
  { peer, member, frame, spans }: Extract<Draft, { kind: "frame" }>,
  place: Place,
): void {
  const { id } = frame;
  const isPrivate = frame.to === hostNumber;
  const author = {
    name: member.name,
    address: peer.link.address,
    member: { kind: "local", member },
  } as const;
  const read = readMessage(chat, peer, author, frame);
  if (read === undefined) return;
  noteShown(peer, id, spans);
  showMessage(chat, peer, { ...read, isPrivate, spans }, place);
  addPendingReceipt(chat, peer, id, isPrivate);
  if (isPrivate) return;
  relay(chat, member, read.text, read.action, spans, id);
  if (place.is !== "alone") noteCrossed(chat, place, { author: member.number, id });
}

/** A message of the host's person, or of a member behind the host. */
export function receiveHostMessage(
  chat: SendContext,
  peer: Peer,
  frame: MessageFrame,
  spans: MessageSpans | undefined,
): void {
  const read = readMessage(chat, peer, findAuthor(peer, frame.from), frame);
  if (read === undefined) return;
  const isPrivate = frame.to !== undefined;
  noteShown(peer, frame.id, spans);
  showMessage(chat, peer, { ...read, isPrivate, spans });
  addPendingReceipt(chat, peer, frame.id, isPrivate);
}

/** The content of a message for us. Undefined: a sealed line was dropped, and that is reported. */
function readMessage(
  chat: SendContext,
  peer: Peer,
  author: Author,
  frame: MessageFrame,
): ReadMessage | undefined {
  const { text, sealed, to, action = false } = frame;
  if (sealed !== undefined) {
    const { openLine } = require("./sealed-lines.ts") as typeof import("./sealed-lines.ts");
    return openLine(chat, peer, author, sealed);
  }
  return { author, text, action, facts: judgeUnsealedMessage(chat, author, to !== undefined) };
}

function judgeUnsealedMessage(
  { config, self }: Pick<SendContext, "config" | "self">,
  { member }: Author,
  isPrivate: boolean,
): KeyFacts {
  // A reader that only prints shows no remarks.
  if (config.headless && (!config.reportMessages || config.reportLines)) return noKeyFacts;
  return isPrivate ? judgeUnsealed(self, member) : { key: undefined, marks: judgeName(self, member) };
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

interface ShownMessage extends ReadMessage {
  readonly isPrivate: boolean;
  readonly spans: MessageSpans | undefined;
}

function showMessage(
  chat: ReportContext & Pick<Chat, "peers" | "room">,
  peer: Peer,
  shown: ShownMessage,
  place: Place = alone,
): void {
  const { name, address } = shown.author;
  const message = { ...shown, name, address, bytes: Buffer.byteLength(shown.text) };
  reportReceivedMessage(chat, peer, message, place);
  if (chat.config.headless) return;
  const keyRemarks = describeKeyFacts(shown.facts, name);
  const entry: MessageEntry = {
    kind: "message",
    id: takeEntryId(chat.ids),
    atMs: chat.wallMs,
    direction: "in",
    over: peer.link.transport,
    name,
    colourKey: address,
    text: shown.text,
    growing: false,
    action: shown.action,
    spans: shown.spans,
    ...(shown.isPrivate ? { privateWith: "you" } : {}),
    ...(keyRemarks.length > 0 && { keyRemarks }),
    ...(place.is === "here-only" ? { note: hereOnly } : {}),
  };
  addEntry(chat, getSide(chat, peer.link), entry);
  noteShownHere(chat.room.shared, place, entry);
}
