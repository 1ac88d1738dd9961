/** Applies a duet's frames. Each frame is checked against its sender: a member can only speak for itself. */

import { type ParsedFrame, parseFrame } from "../../protocol/frames/frame-codec.ts";
import type { Frame, MessageFrame } from "../../protocol/frames/frame.ts";
import { messageToHub, showMessage } from "../messages/duet-message.ts";
import { type Chat, hostNumber, nameOf, sideOf } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { acknowledgeAtOnce } from "../outbound/delivery.ts";
import { rememberFarewell } from "../outbound/goodbye.ts";
import { oweReceipt } from "../outbound/pending-receipts.ts";
import { heardReceipt } from "../outbound/received-receipts.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import { noticeOfPeer } from "../report/paced-notices.ts";
import { renameMember } from "../room/members.ts";
import { passReceiptOn } from "../room/relayed-receipts.ts";
import { distantRenamed, lineUndelivered, memberLeft } from "../room/remote-members.ts";
import { mustWaitItsTurn } from "../room/strangers.ts";
import { countBreach } from "../session/end-peer.ts";
import { answerLaterVersion, heardHello, proveReachable } from "../session/greeting.ts";
import { heardPong } from "../session/pings.ts";
import type { Span } from "../spans/span.ts";
import { noteHeard } from "../trace/delivery-trace.ts";
import { carriedInParts } from "../trace/incoming-spans.ts";
import { heardWelcome, memberNamed } from "./hub-room.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { readReason } from "../report/wire-reasons.ts";

/** Applies one line of a duet, or of a peer that was greeted as one. A datagram's key has been checked. */
export function heardFrame(chat: Chat, peer: Peer, line: string, span: Span | undefined): void {
  heardParsed(chat, peer, parseFrame(line), span);
}

/** As `heardFrame`, for a parsed line. */
export function heardParsed(chat: Chat, peer: Peer, parsed: ParsedFrame, span: Span | undefined): void {
  switch (parsed.kind) {
    case "frame":
      return applyFrame(chat, peer, parsed.frame, span);
    case "unknown":
      return;
    case "later-version":
      return answerLaterVersion(chat, peer);
    case "malformed":
      return countBreach(chat, peer, parsed.fault);
    case "text":
      return countBreach(chat, peer, { is: "no-frame" });
  }
  parsed satisfies never;
}

function applyFrame(chat: Chat, peer: Peer, frame: Frame, span: Span | undefined): void {
  if (frame.type === "hello") return heardHello(chat, peer, frame);
  if (frame.type === "welcome") return heardWelcome(chat, peer, frame);
  if (peer.identity.kind !== "duet") return;
  proveReachable(chat, peer);
  switch (frame.type) {
    case "joined":
      return memberNamed(chat, peer, frame);
    case "left":
      return memberLeft(chat, peer, frame);
    case "renamed":
      return renamed(chat, peer, frame);
    case "message":
      return messageCame(chat, peer, frame, span);
    case "undelivered":
      return lineUndelivered(chat, peer, frame);
    case "receipt":
      heardReceipt(chat, peer, frame, span);
      return peer.link.isInbound ? passReceiptOn(chat, peer, frame) : undefined;
    case "ack":
    case "skip":
      // Only over UDP and outside the order: datagrams.ts.
      return;
    case "ping":
      return sendFrameTo(chat, peer, { type: "pong", number: frame.number });
    case "pong":
      return heardPong(chat, peer, frame.number);
    case "slowed":
      return weAreSlowed(chat, peer, frame.reason);
    case "goodbye":
      return saidGoodbye(chat, peer, frame.reason);
  }
  frame satisfies never;
}

function renamed(chat: Chat, peer: Peer, frame: Extract<Frame, { type: "renamed" }>): void {
  const { number, name } = frame;
  if (!peer.link.isInbound) return distantRenamed(chat, peer, number, name);
  const bytes = Buffer.byteLength(name);
  if (peer.membership.member !== undefined && !mustWaitItsTurn(chat, peer, { kind: "name", name, bytes }))
    renameMember(chat, peer.membership.member, name);
}

function messageCame(chat: Chat, peer: Peer, frame: MessageFrame, span: Span | undefined): void {
  const carried = carriedInParts(peer, frame, span);
  const text = peer.inbound.parts.join(frame);
  if (text === undefined) return;
  if (peer.trace !== undefined) peer.trace.partsCame = undefined;
  const whole = { ...frame, text };
  if (peer.link.isInbound) {
    const bytes = Buffer.byteLength(text);
    if (!mustWaitItsTurn(chat, peer, { kind: "message", frame: whole, bytes, carried }))
      messageToHub(chat, peer, whole, carried);
    return;
  }
  const from = frame.from === undefined ? undefined : peer.hubRoom.members.get(frame.from);
  const name = from?.name ?? nameOf(peer);
  const address =
    frame.from === hostNumber || from === undefined
      ? peer.link.address
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

function weAreSlowed(chat: Chat, peer: Peer, text: string): void {
  if (peer.link.isInbound) return;
  const reason = readReason(chat, text) ?? sentence("as-written", { text: "" });
  noticeOfPeer(
    chat,
    sideOf(chat, peer),
    "warning",
    sentence("host-slows-us", { name: nameOf(peer), reason }),
  );
}

function saidGoodbye(chat: Chat, peer: Peer, text: string): void {
  peer.link.endReason ??= sentence("said-goodbye", { reason: readReason(chat, text) });
  acknowledgeAtOnce(chat, peer);
  rememberFarewell(sideOf(chat, peer), peer);
  const { transport, connection } = peer.link;
  chat.effects.push({ type: "close", transport, connection, how: "flush" });
}
