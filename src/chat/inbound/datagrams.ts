/**
 * Recognises a datagram as a duet's frame, a greeting, or a raw peer's text. Datagrams can be forged and replayed, so
 * a known duet's datagram counts only if it has our key for that duet.
 */

import { type ParsedFrame, parseFrame } from "../../protocol/frames/frame-codec.ts";
import type { Frame } from "../../protocol/frames/frame.ts";
import { pingsUnansweredMax } from "../../protocol/limits.ts";
import { decodeUtf8 } from "../../protocol/text/utf8.ts";
import { hearDatagram } from "../messages/raw-lines.ts";
import { type Chat, nameOf } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { answersFarewell } from "../outbound/goodbye.ts";
import { isGroupSide } from "../outbound/multicast-group.ts";
import { noticeOfPeer } from "../report/paced-notices.ts";
import { mustWaitItsTurn } from "../room/strangers.ts";
import { introducePeer, becomeRaw } from "../session/classify.ts";
import { lastReceived } from "../trace/incoming-spans.ts";
import {
  answerLaterVersion,
  beginAnew,
  heardHello,
  offersHello,
  proveReachable,
} from "../session/greeting.ts";
import { heardFrom } from "../session/pings.ts";
import type { Datagram } from "./datagram.ts";
import { heardParsed } from "./frames.ts";
import { heardInGroup } from "./group-datagrams.ts";
import { makeUpForNews } from "./hub-room.ts";
import { heardInOrder, heardSkip } from "./ordered-frames.ts";
import { heardAck } from "./settle-delivery.ts";
import { sentence } from "../../words/sentences/sentence.ts";

export function receivedDatagram(chat: Chat, side: Side, peer: Peer, bytes: Uint8Array): void {
  const datagram = receive(peer, bytes);
  const { text } = datagram;
  if (isGroupSide(side)) return heardInGroup(chat, side, peer, datagram);
  const parsed: ParsedFrame = side.isRaw ? { kind: "text" } : parseFrame(text);
  if (peer.identity.kind === "duet") return datagramOfDuet(chat, side, peer, parsed, datagram);
  if (peer.handshake.isHelloSent) return answerToGreeting(chat, side, peer, parsed, datagram);
  if (parsed.kind === "frame" && parsed.frame.type === "hello") {
    if (peer.identity.kind === "raw") return void offersHello(chat, peer, parsed);
    return side.socket.role === "listen" ? heardHello(chat, peer, parsed.frame) : drop(chat, side, peer);
  }
  if (answersFarewell(chat, side, peer, parsed)) return;
  if (parsed.kind === "frame" || parsed.kind === "unknown") return drop(chat, side, peer);
  if (parsed.kind === "later-version" && peer.identity.kind === "unknown")
    return answerLaterVersion(chat, peer);
  textOfRaw(chat, side, peer, datagram);
}

function receive(peer: Peer, bytes: Uint8Array): Datagram {
  return { text: decodeUtf8(bytes), bytes: bytes.length, span: lastReceived(peer, bytes.length) };
}

/** A repeated hello means that our answer was lost; all other frames need the key. */
function datagramOfDuet(chat: Chat, side: Side, peer: Peer, parsed: ParsedFrame, datagram: Datagram): void {
  if (parsed.kind === "frame" && parsed.frame.type === "hello") {
    const { session, key } = parsed.frame;
    if (session === peer.identity.session && key === peer.handshake.theirKey)
      return heardHello(chat, peer, parsed.frame);
    return mayBeginAnew(peer, parsed) ? beginAnew(chat, peer, parsed.frame) : drop(chat, side, peer);
  }
  if (!hasOurKey(peer, parsed)) return drop(chat, side, peer);
  heardFrom(chat, side, peer);
  makeUpForNews(chat, peer);
  if ("order" in parsed && parsed.order !== undefined)
    return heardInOrder(chat, peer, parsed, parsed.order, datagram);
  if (parsed.kind === "frame" && (parsed.frame.type === "ack" || parsed.frame.type === "skip"))
    return aboutDelivery(chat, peer, parsed.frame, datagram);
  heardParsed(chat, peer, parsed, datagram.span);
}

function aboutDelivery(
  chat: Chat,
  peer: Peer,
  frame: Extract<Frame, { type: "ack" | "skip" }>,
  { span }: Datagram,
): void {
  proveReachable(chat, peer);
  if (frame.type === "ack") heardAck(chat, peer, frame, span);
  else heardSkip(chat, peer, frame.upTo);
}

/** A peer that is being ended is still read for acknowledgements of frames sent before. */
export function receivedLast(chat: Chat, peer: Peer, bytes: Uint8Array): void {
  const { text, span } = receive(peer, bytes);
  const parsed = parseFrame(text);
  if (parsed.kind !== "frame" || parsed.frame.type !== "ack" || !hasOurKey(peer, parsed)) return;
  heardAck(chat, peer, parsed.frame, span);
}

/** We have sent a hello: the answer has our key. An inbound peer may have sent its own hello at the same time. */
function answerToGreeting(chat: Chat, side: Side, peer: Peer, parsed: ParsedFrame, datagram: Datagram): void {
  if (parsed.kind === "text") return textOfRaw(chat, side, peer, datagram);
  const isHello = parsed.kind === "frame" && parsed.frame.type === "hello";
  if (!hasOurKey(peer, parsed) && !(isHello && peer.link.isInbound)) return drop(chat, side, peer);
  heardFrom(chat, side, peer);
  heardParsed(chat, peer, parsed, datagram.span);
}

/** The host that we connected to may restart: it has our key, and was silent for long. */
function mayBeginAnew(peer: Peer, parsed: ParsedFrame): boolean {
  return (
    !peer.link.isInbound && peer.liveness.pingsUnanswered > pingsUnansweredMax && hasOurKey(peer, parsed)
  );
}

function hasOurKey(peer: Peer, parsed: ParsedFrame): boolean {
  return "key" in parsed && parsed.key === peer.handshake.ourKey;
}

/** Counts a datagram without our key; the first one is reported. */
function drop(chat: Chat, side: Side, peer: Peer): void {
  side.counters.forged += 1;
  if (side.counters.forged > 1 || side.socket.endReason !== undefined) return;
  const { address } = peer.link;
  noticeOfPeer(chat, side, "warning", sentence("forged-datagram", { address }), sentence("forged-hint"));
}

function textOfRaw(chat: Chat, side: Side, peer: Peer, datagram: Datagram): void {
  heardFrom(chat, side, peer);
  if (peer.identity.kind === "unknown") becomeRaw(chat, peer);
  if (peer.link.endReason !== undefined) return;
  if (!peer.identity.isIntroduced) introducePeer(chat, peer);
  if (datagram.bytes === 0)
    return noticeOfPeer(chat, side, "info", sentence("empty-datagram", { name: nameOf(peer) }));
  if (mustWaitItsTurn(chat, peer, { kind: "datagram", ...datagram })) return;
  hearDatagram(chat, side, peer, datagram, datagram.span);
}
