/**
 * What a duet's frames mean. Each is checked against who sent it: nobody speaks for another, and over UDP only who
 * knows our key is heard.
 */

import { type Frame, type MessageFrame, type ParsedFrame, parseFrame } from "../../protocol/frame.ts";
import { malformedFramesMax } from "../../protocol/limits.ts";
import { carriedInParts } from "../trace/message-spans.ts";
import { acknowledgeAtOnce, heardAck, heardSkip } from "../outbound/delivery.ts";
import { noteHeard } from "../trace/delivery-trace.ts";
import { cleanReason, distantRenamed, lineUndelivered, memberLeft } from "../room/remote-members.ts";
import type { Carried, MessageEntry } from "../records/entry.ts";
import { answerLaterVersion, heardHello, proveReachable } from "../session/greeting.ts";
import { heardPong } from "../session/liveness.ts";
import { rememberFarewell } from "../outbound/goodbye.ts";
import { mayTellOfPeers, noticeOfPeer } from "../report/paced-notices.ts";
import { endPeer } from "../session/arrivals.ts";
import { addEntry, reportProblem, tell } from "../report/report.ts";
import { oweReceipt } from "../outbound/pending-receipts.ts";
import { heardReceipt } from "../outbound/received-receipts.ts";
import { relay, relayPrivately } from "../outbound/relay.ts";
import { passReceiptOn } from "../outbound/relayed-ids.ts";
import { hostNumber, renameMember, takeMessageId, useVia } from "../room/members.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import { type Chat, nameOf, type Peer, sideOf, takeEntryId } from "../model/chat.ts";
import { mustWaitItsTurn } from "../room/strangers.ts";
import { toldAs } from "../trace/reported-spans.ts";
import { heardWelcome, memberNamed } from "../room/welcome.ts";

/** One line or datagram of a peer that is, or was greeted as, a duet; a datagram's key has been found right. */
export function heardFrame(chat: Chat, peer: Peer, line: string): void {
  heardParsed(chat, peer, parseFrame(line));
}

/** As `heardFrame`, of a line that was read already. */
export function heardParsed(chat: Chat, peer: Peer, parsed: ParsedFrame): void {
  switch (parsed.kind) {
    case "frame":
      return applyFrame(chat, peer, parsed.frame);
    case "unknown":
      return;
    case "later-version":
      return answerLaterVersion(chat, peer);
    case "malformed":
      return breach(chat, peer, parsed.why);
    case "text":
      return breach(chat, peer, "it is no frame");
  }
}

function applyFrame(chat: Chat, peer: Peer, frame: Frame): void {
  if (frame.type === "hello") return heardHello(chat, peer, frame);
  if (frame.type === "welcome") return heardWelcome(chat, peer, frame);
  if (peer.kind !== "duet") return;
  proveReachable(chat, peer);
  switch (frame.type) {
    case "joined":
      return memberNamed(chat, peer, frame);
    case "left":
      return memberLeft(chat, peer, frame);
    case "renamed":
      return renamed(chat, peer, frame);
    case "message":
      return messageCame(chat, peer, frame);
    case "undelivered":
      return lineUndelivered(chat, peer, frame);
    case "receipt":
      heardReceipt(chat, peer, frame);
      return peer.accepted ? passReceiptOn(chat, peer, frame) : undefined;
    case "ack":
      return heardAck(chat, peer, frame);
    case "skip":
      return heardSkip(chat, peer, frame.upTo);
    case "ping":
      return sendFrameTo(chat, peer, { type: "pong", number: frame.number });
    case "pong":
      return heardPong(chat, peer, frame.number);
    case "slowed":
      return weAreSlowed(chat, peer, frame.reason);
    case "goodbye":
      return saidGoodbye(chat, peer, frame.reason);
  }
}

/** A breach of the protocol costs the frame; the eleventh costs the connection. */
export function breach(chat: Chat, peer: Peer, why: string): void {
  peer.malformed += 1;
  if (peer.malformed <= malformedFramesMax) {
    if (peer.malformed > 1 || !mayTellOfPeers(chat, sideOf(chat, peer))) return;
    const hint = "the frame was passed over; after ten of them the connection is closed";
    reportProblem(
      chat,
      sideOf(chat, peer),
      "EPROTO",
      `a frame from ${nameOf(peer)} is malformed: ${why}`,
      hint,
    );
    return;
  }
  peer.failed = true;
  endPeer(chat, peer, `it sent more than ${malformedFramesMax} malformed frames`);
}

function renamed(chat: Chat, peer: Peer, frame: Extract<Frame, { type: "renamed" }>): void {
  const { number, name } = frame;
  if (!peer.accepted) return distantRenamed(chat, peer, number, name);
  const bytes = Buffer.byteLength(name);
  if (peer.member !== undefined && !mustWaitItsTurn(chat, peer, { kind: "name", name, bytes }))
    renameMember(chat, peer.member, name);
}

function messageCame(chat: Chat, peer: Peer, frame: MessageFrame): void {
  const carried = carriedInParts(peer, frame);
  const text = peer.parts.join(frame);
  if (text === undefined) return;
  if (peer.trace !== undefined) peer.trace.partsCame = undefined;
  const whole = { ...frame, text };
  if (peer.accepted) {
    const bytes = Buffer.byteLength(text);
    if (!mustWaitItsTurn(chat, peer, { kind: "message", frame: whole, bytes, carried }))
      messageToHub(chat, peer, whole, carried);
    return;
  }
  const from = frame.from === undefined ? undefined : peer.distant.get(frame.from);
  const name = from?.name ?? nameOf(peer);
  const address =
    frame.from === hostNumber || from === undefined
      ? peer.address
      : (from.address ?? `member ${from.number}`);
  noteHeard(peer, frame.id, carried);
  showMessage(chat, peer, {
    name,
    address,
    text,
    action: frame.action === true,
    isPrivate: frame.to !== undefined,
    carried,
  });
  oweReceipt(chat, peer, frame.id, frame.to !== undefined);
}

/** A member's words, to all or to one. */
export function messageToHub(
  chat: Chat,
  peer: Peer,
  frame: MessageFrame,
  carried: Carried | undefined,
): void {
  const member = peer.member;
  if (member === undefined) return;
  useVia(chat, member, peer);
  const { id, to, text } = frame;
  const action = frame.action === true;
  if (to !== undefined && to !== hostNumber) {
    const reason = relayPrivately(chat, member, to, frame);
    if (reason !== undefined) sendFrameTo(chat, peer, { type: "undelivered", id, to, reason });
    return;
  }
  const isPrivate = to === hostNumber;
  noteHeard(peer, id, carried);
  showMessage(chat, peer, { name: member.name, address: peer.address, text, action, isPrivate, carried });
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

function showMessage(chat: Chat, peer: Peer, shown: Shown): void {
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
    transport: peer.transport,
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

function weAreSlowed(chat: Chat, peer: Peer, reason: string): void {
  if (peer.accepted) return;
  noticeOfPeer(chat, sideOf(chat, peer), "warning", `${nameOf(peer)} slows us: ${cleanReason(reason)}`);
}

function saidGoodbye(chat: Chat, peer: Peer, reason: string): void {
  const words = cleanReason(reason);
  peer.ending ??= words === "" ? "it said goodbye" : `it said goodbye (${words})`;
  acknowledgeAtOnce(chat, peer);
  rememberFarewell(sideOf(chat, peer), peer);
  const { transport, connection } = peer;
  chat.effects.push({ type: "close", transport, connection, how: "flush" });
}
