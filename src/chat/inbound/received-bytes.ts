/**
 * Bytes from peers become lines: each connection's decoder, and the recognition of a duet by its first line. Frames
 * are applied in frames.ts, text in raw-lines.ts.
 */

import { isBanner, canBecomeFrame, parseFrame } from "../../protocol/frames/frame-codec.ts";
import { lateBannerMs } from "../../protocol/limits.ts";
import type { DecodedLine } from "../../protocol/lines/line-decoder.ts";
import type { TelnetParser } from "../../protocol/lines/telnet.ts";
import { growUnfinished } from "../messages/raw-lines.ts";
import { hearOverflow } from "../messages/waiting-turn.ts";
import type { Chat } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { relayBytes } from "../outbound/relay.ts";
import { giveAsIs } from "../outbound/sending.ts";
import { countFromHere } from "../report/rates.ts";
import { tell } from "../report/report.ts";
import { helloBegins } from "../session/arrivals.ts";
import { introducePeer, becomeRaw } from "../session/classify.ts";
import { countBreach } from "../session/end-peer.ts";
import { answerLaterVersion, heardHello, offersHello, sayHello } from "../session/greeting.ts";
import { watchPeers } from "../session/liveness.ts";
import { heardFrom } from "../session/pings.ts";
import { lineEnded } from "../session/unfinished-line.ts";
import { type Span, spanOf } from "../spans/span.ts";
import { lastReceived } from "../trace/incoming-spans.ts";
import { receiveBulk } from "./bulk-lines.ts";
import { receivedDatagram, receivedLast } from "./datagrams.ts";
import { heardFrame } from "./frames.ts";

/** Handles the bytes of one recv or one datagram. */
export function received(chat: Chat, side: Side, peer: Peer, bytes: Uint8Array): void {
  countFromHere(side);
  peer.inbound.bytesIn += bytes.length;
  side.counters.bytesIn += bytes.length;
  const text =
    peer.inbound.telnet === undefined ? bytes : withoutTelnet(chat, peer, peer.inbound.telnet, bytes);
  if (text.length > 0 || bytes.length === 0) heardBytes(chat, side, peer, text);
}

/** Answers and removes telnet negotiation; a peer that only negotiates has sent no text yet. */
function withoutTelnet(chat: Chat, peer: Peer, telnet: TelnetParser, bytes: Uint8Array): Uint8Array {
  const { text, answer } = telnet.read(bytes);
  if (peer.link.endReason === undefined && !peer.link.isFinSent) giveAsIs(chat, [peer], answer);
  return text;
}

function heardBytes(chat: Chat, side: Side, peer: Peer, bytes: Uint8Array): void {
  watchPeers(chat, side);
  if (peer.link.endReason !== undefined)
    return peer.link.isFlushing ? receivedLast(chat, peer, bytes) : undefined;
  if (side.transport === "tcp" || side.isRaw) heardFrom(chat, side, peer);
  if (side.isRaw) receivedRaw(chat, side, peer, bytes);
  if (side.isRaw && chat.config.bytesOnly) return;
  if (side.transport === "tcp") receivedStream(chat, side, peer, bytes);
  else receivedDatagram(chat, side, peer, bytes);
}

/** `--raw`: bytes are relayed unchanged, and shown as text. */
function receivedRaw(chat: Chat, side: Side, peer: Peer, bytes: Uint8Array): void {
  if (!peer.identity.isIntroduced) introducePeer(chat, peer);
  if (chat.config.tellMessages) {
    tell(chat, { type: "bytes", transport: side.transport, peer: peer.link.address, bytes });
  }
  if (side.socket.role === "listen" && chat.room.members.size > 1) relayBytes(chat, peer, bytes);
}

function receivedStream(chat: Chat, side: Side, peer: Peer, bytes: Uint8Array): void {
  const at = peer.inbound.bytesIn - bytes.length - peer.inbound.decoder.unfinishedBytes;
  if (peer.inbound.reader === "bulk") receivedBlocks(chat, side, peer, bytes, at);
  else receivedLines(chat, side, peer, peer.inbound.decoder.push(bytes), at);
  hearOverflow(chat, peer);
  if (peer.link.endReason !== undefined) return;
  const head = peer.inbound.decoder.unfinished;
  if (peer.identity.kind === "unknown") {
    if (isPlainText(peer, head)) becomeRaw(chat, peer);
    else if (head !== "") helloBegins(chat, peer);
  }
  if (peer.identity.kind === "raw" && peer.link.endReason === undefined)
    growUnfinished(chat, side, peer, head, lastReceived(peer, peer.inbound.decoder.unfinishedBytes));
}

function receivedBlocks(chat: Chat, side: Side, peer: Peer, bytes: Uint8Array, start: number): void {
  const { lines, block } = peer.inbound.decoder.pushInBlocks(bytes);
  const at = receivedLines(chat, side, peer, lines, start);
  if (block === undefined || peer.link.endReason !== undefined) return;
  if (!receiveBulk(chat, peer, block))
    receivedLines(chat, side, peer, peer.inbound.decoder.splitBlock(block), at);
}

/** `start`: where the first line begins in the stream. Returns where the last one ends. */
function receivedLines(
  chat: Chat,
  side: Side,
  peer: Peer,
  lines: readonly DecodedLine[],
  start: number,
): number {
  let at = start;
  for (const line of lines) {
    if (peer.link.endReason !== undefined) break;
    const end = at + line.bytes;
    receivedLine(chat, side, peer, line, spanOf(peer.trace, at, end));
    at = end;
  }
  return at;
}

/** True if the first bytes cannot begin a frame (part of a character, a lone CR). */
function isPlainText(peer: Peer, head: string): boolean {
  return head === "" ? peer.inbound.decoder.unfinishedBytes > 0 : !canBecomeFrame(head);
}

/** Handles a whole line. The first one shows whether the peer is a duet. */
function receivedLine(chat: Chat, side: Side, peer: Peer, line: DecodedLine, span: Span | undefined): void {
  const first = peer.inbound.isFirstLine;
  peer.inbound.isFirstLine = false;
  if (peer.identity.kind === "duet") return receivedFrameLine(chat, peer, line, span);
  if (!side.isRaw && line.cutBytes === 0) {
    if (mayGreet(chat, peer, first) && greets(chat, peer, line.text, span)) return;
    if (peer.identity.kind === "raw" && offersHello(chat, peer, parseFrame(line.text))) return;
  }
  if (peer.identity.kind === "unknown") becomeRaw(chat, peer);
  if (peer.link.endReason === undefined && peer.identity.kind === "raw")
    lineEnded(chat, side, peer, line, span);
}

/** A raw peer stays raw, unless it answers our hello or sends a late banner as its first line. */
function mayGreet(chat: Chat, peer: Peer, first: boolean): boolean {
  if (peer.identity.kind === "unknown" || peer.handshake.isHelloSent) return true;
  return first && !peer.link.isInbound && chat.nowMs - peer.link.sinceMs <= lateBannerMs;
}

/** True if the line made the peer a duet: a hello, or the banner of the host we connected to. */
function greets(chat: Chat, peer: Peer, line: string, span: Span | undefined): boolean {
  const parsed = parseFrame(line);
  if (parsed.kind === "frame" && parsed.frame.type === "hello") {
    heardHello(chat, peer, parsed.frame);
    return true;
  }
  if (peer.handshake.isHelloSent && parsed.kind === "frame") {
    heardFrame(chat, peer, line, span);
    return true;
  }
  if (parsed.kind === "later-version") {
    answerLaterVersion(chat, peer);
    return true;
  }
  if (peer.link.isInbound || !isBanner(line)) return false;
  if (!peer.handshake.isHelloSent) sayHello(chat, peer);
  return true;
}

function receivedFrameLine(chat: Chat, peer: Peer, line: DecodedLine, span: Span | undefined): void {
  if (line.cutBytes > 0) return countBreach(chat, peer, { is: "too-long" });
  if (isBanner(line.text)) return;
  heardFrame(chat, peer, line.text, span);
}
