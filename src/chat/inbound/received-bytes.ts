/**
 * Bytes from peers become lines: each connection's decoder, and the recognition of a duet by its first line. Frames
 * are applied in frames.ts, text in raw-lines.ts.
 */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { isBanner, canBecomeFrame, framePrefix, parseFrame } from "../../protocol/frames/frame-codec.ts";
import { lateBannerMs } from "../../protocol/limits.ts";
import type { DecodedLine } from "../../protocol/lines/line-decoder.ts";
import type { TelnetParser } from "../../protocol/lines/telnet.ts";
import { growUnfinished } from "../messages/raw-lines.ts";
import type { Chat, SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { chooseLineMode } from "../room/line-mode.ts";
import type { Side } from "../model/side.ts";
import { awaitRest, noteMessageBytes } from "../outbound/read-pause.ts";
import { relayBytes } from "../outbound/relay.ts";
import { sendAsIs } from "../outbound/sending.ts";
import { rebaseRates } from "../report/throughput.ts";
import { report } from "../report/report.ts";
import { awaitHello } from "../connections/arrivals.ts";
import { introducePeer, becomeRaw } from "../connections/recognition.ts";
import { countBreach } from "../connections/end-peer.ts";
import { answerLaterVersion, keepOfferedHello, sendHello } from "../connections/greeting.ts";
import { confirmSeal } from "../sealing/handshake-steps.ts";
import { endWithoutHello, mustSeal, receiveAnyHello, refusePlainDuet } from "../sealing/sealing.ts";
import { receiveHandshakeBytes } from "../sealing/stream-handshake.ts";
import { watchPeers } from "../connections/liveness.ts";
import { noteReceivedFrom } from "../connections/pings.ts";
import { endLine } from "../connections/unfinished-line.ts";
import { type Span, makeSpan } from "../spans/span.ts";
import { makeLastReceivedSpan } from "../trace/incoming-spans.ts";
import { receiveBulk } from "./bulk-lines.ts";
import { receiveMessageBlock } from "./bulk-messages.ts";
import { receiveDatagram, receiveWhileClosing } from "./datagrams.ts";
import { receiveFrame } from "./frames.ts";
import type { Inbound } from "../peer/inbound.ts";
import { isSealed, isShaking } from "../peer/seal.ts";

/** Handles the bytes of one recv or one datagram. `isOpened`: they were sealed. */
export function receiveBytes(
  chat: Chat,
  side: Side,
  peer: Peer,
  bytes: BorrowedBytes,
  isOpened: boolean,
): void {
  if (isOpened) confirmSeal(chat, peer);
  rebaseRates(side.counters);
  peer.inbound.bytesIn += bytes.length;
  side.counters.bytesIn += bytes.length;
  const text =
    peer.inbound.telnet === undefined ? bytes : removeTelnet(chat, peer, peer.inbound.telnet, bytes);
  if (text.length > 0 || bytes.length === 0) readBytes(chat, side, peer, text, isOpened);
}

/** Answers and removes telnet negotiation; a peer that only negotiates has sent no text yet. */
function removeTelnet(
  chat: SendContext,
  peer: Peer,
  telnet: TelnetParser,
  bytes: BorrowedBytes,
): BorrowedBytes {
  const { text, answer } = telnet.read(bytes);
  if (peer.link.endReason === undefined && !peer.link.isFinSent) sendAsIs(chat, [peer], answer);
  return text;
}

function readBytes(chat: Chat, side: Side, peer: Peer, bytes: BorrowedBytes, isOpened: boolean): void {
  watchPeers(chat, side);
  if (peer.link.endReason !== undefined)
    return peer.link.isAwaitingAcks ? receiveWhileClosing(chat, peer, bytes, isOpened) : undefined;
  if (side.transport === "tcp" || side.isRaw) noteReceivedFrom(chat, side, peer);
  if (side.isRaw) receiveRawBytes(chat, side, peer, bytes);
  if (side.isRaw && chat.config.bytesOnly) return;
  if (side.transport === "udp") return receiveDatagram(chat, side, peer, bytes, isOpened);
  if (isShaking(peer.seal)) return receiveHandshakeBytes(chat, peer, bytes);
  // A stream that could not be sealed any more, since it is being closed.
  if (isSealed(peer.seal) && !isOpened) return;
  receiveStream(chat, side, peer, bytes);
}

/** `--raw`: bytes are relayed unchanged, and shown as text. */
function receiveRawBytes(
  chat: SendContext,
  side: Pick<Side, "transport" | "socket">,
  peer: Peer,
  bytes: BorrowedBytes,
): void {
  if (!peer.identity.isIntroduced) introducePeer(chat, peer);
  if (chat.config.reportMessages) {
    report(chat, { type: "bytes", transport: side.transport, peer: peer.link.address, bytes });
  }
  if (side.socket.role === "listen") relayBytes(chat, peer, bytes);
}

/** Records may follow the line of an offer, and are no lines: what may be an offer is read by itself. */
function receiveStream(chat: SendContext, side: Side, peer: Peer, bytes: BorrowedBytes): void {
  let rest = bytes;
  while (mayBeginOffer(peer, rest)) {
    const end = rest.indexOf(newline) + 1;
    if (end === 0 || end === rest.length) break;
    receiveLinesOf(chat, side, peer, rest.subarray(0, end), rest.length - end);
    rest = rest.subarray(end);
    if (peer.link.endReason !== undefined) return;
    if (isShaking(peer.seal)) return receiveHandshakeBytes(chat, peer, rest);
  }
  receiveLinesOf(chat, side, peer, rest, 0);
}

/** True if the first line of the bytes may be an offer, or one behind it since we have sent one. */
function mayBeginOffer({ identity, inbound, seal }: Peer, bytes: BorrowedBytes): boolean {
  if (identity.kind === "duet" || isSealed(seal)) return false;
  if (seal.stage === "offered") return true;
  if (identity.kind !== "unknown" || bytes.length === 0) return false;
  return inbound.decoder.unfinishedBytes > 0
    ? canBecomeFrame(inbound.decoder.unfinished)
    : bytes[0] === framePrefix.charCodeAt(0);
}

const newline = 0x0a;

/** `behind`: the bytes received with these that follow them. */
function receiveLinesOf(
  chat: SendContext,
  side: Side,
  peer: Peer,
  bytes: BorrowedBytes,
  behind: number,
): void {
  const at = peer.inbound.bytesIn - behind - bytes.length - peer.inbound.decoder.unfinishedBytes;
  const { lineMode } = peer.inbound;
  noteMessageBytes(chat, peer, bytes.length);
  if (lineMode.kind === "single") receiveLines(chat, side, peer, peer.inbound.decoder.push(bytes), at);
  else receiveBlocks(chat, side, peer, bytes, at);
  if (peer.link.endReason !== undefined) return;
  const head = peer.inbound.decoder.unfinished;
  if (isShaking(peer.seal)) return;
  if (peer.identity.kind === "unknown") {
    if (isPlainText(peer.inbound, head)) treatAsText(chat, peer);
    else if (head !== "") awaitHello(chat, peer);
  }
  if (peer.identity.kind !== "raw" || peer.link.endReason !== undefined) return;
  // A hello of a raw peer is offered, not shown, so what may become one is not shown while it grows.
  if (!side.isRaw && head !== "" && canBecomeFrame(head)) awaitRest(chat, peer.link);
  else
    growUnfinished(chat, side, peer, head, makeLastReceivedSpan(peer, peer.inbound.decoder.unfinishedBytes));
}

function receiveBlocks(chat: SendContext, side: Side, peer: Peer, bytes: BorrowedBytes, start: number): void {
  const { lines, block } = peer.inbound.decoder.pushInBlocks(bytes);
  const at = receiveLines(chat, side, peer, lines, start);
  if (block === undefined) return;
  for (let offset = 0; offset < block.length && peer.link.endReason === undefined;) {
    const end = receiveInBulk(chat, peer, block, offset);
    if (end > offset) offset = end;
    else offset = receiveSingly(chat, side, peer, block, offset, at);
  }
}

/** The offset after the lines that were received together; `start` if the next line must be handled by itself. */
function receiveInBulk(chat: SendContext, peer: Peer, block: BorrowedBytes, start: number): number {
  const { lineMode } = peer.inbound;
  switch (lineMode.kind) {
    case "single":
      return start;
    case "bulk":
      return receiveBulk(chat, peer, lineMode.prefix, block.subarray(start)) ? block.length : start;
    case "frames":
      return receiveMessageBlock(chat, peer, lineMode.prefix, block, start);
  }
  lineMode satisfies never;
}

/** Handles a duet's next line by itself, or all that are left of a raw peer's. Returns the offset after them. */
function receiveSingly(
  chat: SendContext,
  side: Side,
  peer: Peer,
  block: BorrowedBytes,
  start: number,
  blockAt: number,
): number {
  const isFrames = peer.inbound.lineMode.kind === "frames";
  const end = isFrames ? block.indexOf(newline, start) + 1 : block.length;
  const lines = peer.inbound.decoder.splitBlock(block.subarray(start, end));
  receiveLines(chat, side, peer, lines, blockAt + start);
  return end;
}

/** `start`: where the first line begins in the stream. Returns where the last one ends. */
function receiveLines(
  chat: SendContext,
  side: Side,
  peer: Peer,
  lines: readonly DecodedLine[],
  start: number,
): number {
  let at = start;
  for (const line of lines) {
    if (peer.link.endReason !== undefined) break;
    const end = at + line.bytes;
    receiveLine(chat, side, peer, line, makeSpan(peer.trace, at, end));
    at = end;
  }
  return at;
}

/** True if the first bytes cannot begin a frame (part of a character, a lone CR). */
function isPlainText(inbound: Inbound, head: string): boolean {
  return head === "" ? inbound.decoder.unfinishedBytes > 0 : !canBecomeFrame(head);
}

/** Handles a whole line. The first one shows whether the peer is a duet. */
function receiveLine(
  chat: SendContext,
  side: Side,
  peer: Peer,
  line: DecodedLine,
  span: Span | undefined,
): void {
  const first = peer.inbound.isFirstLine;
  peer.inbound.isFirstLine = false;
  if (first) chooseLineMode(chat, peer);
  if (peer.identity.kind === "duet") return receiveFrameLine(chat, peer, line, span);
  if (!side.isRaw && line.cutBytes === 0) {
    if (mayGreet(chat.nowMs, peer, first) && receiveGreeting(chat, peer, line.text, span)) return;
    if (peer.identity.kind === "raw" && keepOfferedHello(chat, peer, parseFrame(line.text))) return;
  }
  if (peer.identity.kind === "unknown") treatAsText(chat, peer);
  if (peer.link.endReason === undefined && peer.identity.kind === "raw")
    endLine(chat, side, peer, line, span);
}

/** The first line is no greeting. In a session it must be one. */
function treatAsText(chat: SendContext, peer: Peer): void {
  if (isSealed(peer.seal)) endWithoutHello(chat, peer);
  else if (peer.link.isInbound && mustSeal(chat.config, peer)) refusePlainDuet(chat, peer);
  else becomeRaw(chat, peer);
}

/** A raw peer stays raw, unless it answers our hello or sends a late banner as its first line. */
function mayGreet(
  nowMs: number,
  peer: Pick<Peer, "link" | "identity" | "handshake">,
  first: boolean,
): boolean {
  if (peer.identity.kind === "unknown" || peer.handshake.isHelloSent) return true;
  return first && !peer.link.isInbound && nowMs - peer.link.sinceMs <= lateBannerMs;
}

/** True if the line made the peer a duet: a hello, or the banner of the host we connected to. */
function receiveGreeting(chat: SendContext, peer: Peer, line: string, span: Span | undefined): boolean {
  const parsed = parseFrame(line);
  if (parsed.kind === "frame" && parsed.frame.type === "hello") {
    receiveAnyHello(chat, peer, parsed.frame);
    return true;
  }
  if (peer.handshake.isHelloSent && parsed.kind === "frame") {
    if (mustSeal(chat.config, peer)) return refuse(chat, peer);
    receiveFrame(chat, peer, line, span);
    return true;
  }
  if (parsed.kind === "later-version") {
    answerLaterVersion(chat, peer);
    return true;
  }
  if (peer.link.isInbound || !isBanner(line)) return false;
  if (!peer.handshake.isHelloSent) sendHello(chat, peer);
  return true;
}

/** A host that requires sealing has sent its offer, and this is none. */
function refuse(chat: SendContext, peer: Peer): true {
  refusePlainDuet(chat, peer);
  return true;
}

function receiveFrameLine(chat: SendContext, peer: Peer, line: DecodedLine, span: Span | undefined): void {
  if (line.cutBytes > 0) return countBreach(chat, peer, { is: "too-long" });
  if (isBanner(line.text)) return;
  receiveFrame(chat, peer, line.text, span);
}
