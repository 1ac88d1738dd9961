/**
 * Recognises a datagram as a duet's frame, a greeting, or a raw peer's text. Datagrams can be forged and replayed, so
 * a known duet's datagram counts only if it has our key for that duet.
 */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { type ParsedFrame, parseFrame } from "../../protocol/frames/frame-codec.ts";
import { splitDatagram } from "../../protocol/frames/datagram-frames.ts";
import type { Frame } from "../../protocol/frames/frame.ts";
import { pingsUnansweredMax } from "../../protocol/limits.ts";
import { decodeUtf8 } from "../../protocol/text/utf8.ts";
import { receiveDatagramText } from "../messages/raw-lines.ts";
import { type Chat, getName, type SendContext, type ReportContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { acknowledgeAfterGoodbye } from "../outbound/repeated-goodbye.ts";
import { isNotForged } from "../outbound/enqueue.ts";
import { isGroupSide } from "../outbound/multicast-group.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { mustWaitForTurn } from "../room/strangers.ts";
import { introducePeer, becomeRaw } from "../connections/recognition.ts";
import { makeLastReceivedSpan } from "../trace/incoming-spans.ts";
import { answerLaterVersion, restartJoin, keepOfferedHello, proveEndpoint } from "../connections/greeting.ts";
import { endPeer } from "../connections/end-peer.ts";
import { noteReceivedFrom } from "../connections/pings.ts";
import { cutDatagram, type Datagram } from "./received-datagram.ts";
import { receiveParsedFrame } from "./frames.ts";
import { receiveGroupDatagram } from "./group-datagrams.ts";
import { resyncAfterLoss } from "./host-room.ts";
import { acceptNumberedFrame, receiveSkip, settleNumberedFrames } from "./ordered-frames.ts";
import { receiveAck } from "./settle-delivery.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import type { Link } from "../peer/link.ts";
import { isSealed, isShaking, requiresSeal } from "../peer/seal.ts";
import { getOutboundPeer } from "../outbound/recipients.ts";
import { readDatagramIndex } from "../../protocol/sealed/datagram-session.ts";
import { looksSealed } from "../../protocol/sealed/datagram-sessions.ts";
import { receiveHandshakeDatagram } from "../sealing/datagram-handshake.ts";
import { mustSeal, receiveAnyHello, receiveHelloInTheClear, refusePlainDuet } from "../sealing/sealing.ts";

export function receiveDatagram(
  chat: Chat,
  side: Side,
  peer: Peer,
  bytes: BorrowedBytes,
  isOpened: boolean,
): void {
  if (!isOpened && (isShaking(peer.seal) || isSealed(peer.seal)))
    return receiveUnsealed(chat, side, peer, bytes);
  if (!isOpened && (isFromOurselves(side, peer) || isUninvited(chat, side, peer)))
    return dropForgedDatagram(chat, side, peer.link);
  const datagram = readDatagram(peer, bytes);
  const { text } = datagram;
  if (isGroupSide(side)) return receiveGroupDatagram(chat, side, peer, datagram);
  const lines = side.isRaw ? [text] : splitDatagram(text);
  const parsed: ParsedFrame = side.isRaw ? { kind: "text" } : parseFrame(lines[0] ?? "");
  const isHello = parsed.kind === "frame" && parsed.frame.type === "hello";
  // Frames of a session count from its hello on: what overtook it is sent again.
  if (isOpened && !isHello && (peer.seal.isRestarting || peer.identity.kind !== "duet")) return;
  if (peer.identity.kind === "duet") return receiveDuetDatagram(chat, side, peer, parsed, datagram, lines);
  if (peer.handshake.isHelloSent) return receiveGreetingAnswer(chat, side, peer, parsed, datagram);
  if (parsed.kind === "frame" && parsed.frame.type === "hello") {
    if (peer.identity.kind === "raw") return void keepOfferedHello(chat, peer, parsed);
    return side.socket.role === "listen"
      ? receiveAnyHello(chat, peer, parsed.frame)
      : dropForgedDatagram(chat, side, peer.link);
  }
  if (looksSealed(bytes)) return dropForgedDatagram(chat, side, peer.link);
  if (acknowledgeAfterGoodbye(chat, side, peer, parsed)) return;
  if (parsed.kind === "frame" || parsed.kind === "unknown") return dropForgedDatagram(chat, side, peer.link);
  if (parsed.kind === "later-version" && peer.identity.kind === "unknown")
    return answerLaterVersion(chat, peer);
  receiveRawText(chat, side, peer, datagram);
}

/** In the name of our own endpoint: forged, since no socket is given its own datagrams, but for those of a group. */
function isFromOurselves(side: Side, { link, identity }: Pick<Peer, "link" | "identity">): boolean {
  const { endpoint, local } = link;
  if (identity.kind !== "unknown" || endpoint.family === "unix" || local.family === "unix") return false;
  return endpoint.port === local.port && endpoint.address === local.address && !isGroupSide(side);
}

/** In the clear, from another endpoint than that of a host whose session is sealed, or has to be. */
function isUninvited({ config }: Pick<Chat, "config">, side: Side, { link }: Pick<Peer, "link">): boolean {
  if (side.socket.role !== "connect" || !link.isInbound || isGroupSide(side)) return false;
  const host = getOutboundPeer(side);
  if (host === undefined) return config.encrypt === "require";
  return requiresSeal(config.encrypt, host.seal) || isShaking(host.seal) || isSealed(host.seal);
}

function readDatagram(peer: Pick<Peer, "inbound" | "trace">, bytes: BorrowedBytes): Datagram {
  return { text: decodeUtf8(bytes), bytes: bytes.length, span: makeLastReceivedSpan(peer, bytes.length) };
}

/** A datagram in the clear of a peer that is sealed, or to be: one of the handshake, or a greeting. */
function receiveUnsealed(chat: Chat, side: Side, peer: Peer, bytes: BorrowedBytes): void {
  if (receiveHandshakeDatagram(chat, peer, bytes)) return;
  const parsed = parseFrame(decodeUtf8(bytes));
  const isHello = parsed.kind === "frame" && parsed.frame.type === "hello";
  if (isHello && receiveHelloInTheClear(chat, peer, parsed.frame)) return;
  if (isGoodbye(peer, parsed)) return endPeer(chat, peer, sentence("left-before-handshake"));
  // A record that overtook the last message of the handshake is sent again.
  if (readDatagramIndex(bytes) === peer.seal.ourIndex) return;
  dropForgedDatagram(chat, side, peer.link);
}

/** A client that has not begun the handshake leaves: its goodbye has our key. */
function isGoodbye({ seal, handshake }: Pick<Peer, "seal" | "handshake">, parsed: ParsedFrame): boolean {
  const isLeaving = parsed.kind === "frame" && parsed.frame.type === "goodbye";
  return isLeaving && seal.stage === "awaiting-first" && parsed.key === handshake.ourKey;
}

/**
 * A repeated hello means that our answer was lost; all other frames need the key. `parsed`: the first of the datagram's
 * `lines`.
 */
function receiveDuetDatagram(
  chat: Chat,
  side: Side,
  peer: Peer,
  parsed: ParsedFrame,
  datagram: Datagram,
  lines: readonly string[],
): void {
  if (parsed.kind === "frame" && parsed.frame.type === "hello") {
    const { session, key } = parsed.frame;
    if (isSealed(peer.seal)) return receiveAnyHello(chat, peer, parsed.frame);
    if (session === peer.identity.session && key === peer.handshake.theirKey)
      return receiveAnyHello(chat, peer, parsed.frame);
    return mayRestart(peer, parsed)
      ? restartJoin(chat, peer, parsed.frame)
      : dropForgedDatagram(chat, side, peer.link);
  }
  if (!hasOurKey(peer, parsed)) return dropForgedDatagram(chat, side, peer.link);
  noteReceivedFrom(chat, side, peer);
  resyncAfterLoss(chat, peer);
  if (lines.length > 1) return receiveDuetFrames(chat, peer, cutDatagram(datagram, lines));
  receiveDuetFrame(chat, peer, parsed, datagram);
  if ("order" in parsed && parsed.order !== undefined) settleNumberedFrames(chat, peer);
}

/** Receives the frames of one datagram, which one acknowledgement covers. A hello is always alone. */
function receiveDuetFrames(chat: Chat, peer: Peer, frames: readonly Datagram[]): void {
  for (const frame of frames) {
    if (peer.link.endReason !== undefined) break;
    const parsed = parseFrame(frame.text);
    if (parsed.kind !== "frame" || parsed.frame.type !== "hello") receiveDuetFrame(chat, peer, parsed, frame);
  }
  settleNumberedFrames(chat, peer);
}

function receiveDuetFrame(chat: Chat, peer: Peer, parsed: ParsedFrame, datagram: Datagram): void {
  if ("order" in parsed && parsed.order !== undefined)
    return acceptNumberedFrame(chat, peer, parsed, parsed.order, datagram);
  if (parsed.kind === "frame" && (parsed.frame.type === "ack" || parsed.frame.type === "skip"))
    return applyDeliveryFrame(chat, peer, parsed.frame, datagram);
  receiveParsedFrame(chat, peer, parsed, datagram.span);
}

function applyDeliveryFrame(
  chat: Chat,
  peer: Peer,
  frame: Extract<Frame, { type: "ack" | "skip" }>,
  { span }: Datagram,
): void {
  proveEndpoint(chat, peer);
  if (frame.type === "ack") receiveAck(chat, peer, frame, span);
  else receiveSkip(chat, peer, frame.upTo);
}

/** A peer that is being ended is still read for acknowledgements of frames sent before. */
export function receiveWhileClosing(chat: Chat, peer: Peer, bytes: BorrowedBytes, isOpened: boolean): void {
  if (isSealed(peer.seal) && !isOpened) return;
  const { text, span } = readDatagram(peer, bytes);
  const parsed = parseFrame(splitDatagram(text)[0] ?? "");
  if (parsed.kind !== "frame" || parsed.frame.type !== "ack" || !hasOurKey(peer, parsed)) return;
  receiveAck(chat, peer, parsed.frame, span);
}

/** We have sent a hello: the answer has our key. An inbound peer may have sent its own hello at the same time. */
function receiveGreetingAnswer(
  chat: SendContext & Pick<Chat, "input">,
  side: Side,
  peer: Peer,
  parsed: ParsedFrame,
  datagram: Datagram,
): void {
  const isRefused = mustSeal(chat.config, peer);
  if (parsed.kind === "text")
    return isRefused && peer.link.isInbound
      ? dropForgedDatagram(chat, side, peer.link)
      : receiveRawText(chat, side, peer, datagram);
  const isHello = parsed.kind === "frame" && parsed.frame.type === "hello";
  if (!hasOurKey(peer, parsed) && !(isHello && peer.link.isInbound))
    return dropForgedDatagram(chat, side, peer.link);
  noteReceivedFrom(chat, side, peer);
  if (isRefused && !isHello && parsed.kind === "frame") return refusePlainDuet(chat, peer);
  receiveParsedFrame(chat, peer, parsed, datagram.span);
}

/** The host that we connected to may restart: it has our key, and was silent for long. */
function mayRestart(
  peer: Pick<Peer, "link" | "handshake" | "seal" | "liveness">,
  parsed: ParsedFrame,
): boolean {
  return (
    !peer.link.isInbound && peer.liveness.pingsUnanswered > pingsUnansweredMax && hasOurKey(peer, parsed)
  );
}

/** In a session the tag has proven more than the key does. */
function hasOurKey({ handshake, seal }: Pick<Peer, "handshake" | "seal">, parsed: ParsedFrame): boolean {
  return isSealed(seal) || ("key" in parsed && parsed.key === handshake.ourKey);
}

/** Counts a datagram without our key; the first one is reported. */
export function dropForgedDatagram(chat: ReportContext, side: Side, link: Link | undefined): void {
  side.counters.forged += 1;
  if (link === undefined || side.counters.forged > 1 || side.socket.endReason !== undefined) return;
  const { address } = link;
  addPeerNotice(chat, side, "warning", sentence("forged-datagram", { address }), sentence("forged-hint"));
}

/** Explains why piped input does not reach a raw endpoint beyond this machine: see mayReceivePiped(). */
function explainPipedLimit(chat: ReportContext & Pick<Chat, "input">, side: Side, peer: Peer): void {
  const { endpoint } = peer.link;
  if (chat.config.isInputTyped || chat.input.hasEnded || side.socket.role !== "listen") return;
  if (isNotForged(peer) || endpoint.family === "unix") return;
  const hint = sentence("piped-limit-hint", { address: endpoint.address });
  addPeerNotice(chat, side, "info", sentence("piped-limit", { name: getName(peer) }), hint);
}

function receiveRawText(
  chat: SendContext & Pick<Chat, "input">,
  side: Side,
  peer: Peer,
  datagram: Datagram,
): void {
  noteReceivedFrom(chat, side, peer);
  const isNew = peer.identity.kind === "unknown";
  if (isNew) becomeRaw(chat, peer);
  if (peer.link.endReason !== undefined) return;
  if (!peer.identity.isIntroduced) introducePeer(chat, peer);
  if (isNew) explainPipedLimit(chat, side, peer);
  if (datagram.bytes === 0)
    return addPeerNotice(chat, side, "info", sentence("empty-datagram", { name: getName(peer) }));
  if (mustWaitForTurn(chat, peer, { kind: "datagram", ...datagram })) return;
  receiveDatagramText(chat, side, peer, datagram, datagram.span);
}
