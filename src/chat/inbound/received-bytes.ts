/**
 * What peers send, from bytes to lines: each connection's decoder, and the first line that tells a duet. What a frame
 * means is in frames-in.ts, and what becomes of text in raw-lines.ts.
 */

import { isBanner, mayBecomeFrame, parseFrame } from "../../protocol/frames/frame-codec.ts";
import { bannerLateMs } from "../../protocol/limits.ts";
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
import { announce, becomeRaw } from "../session/classify.ts";
import { breach } from "../session/end-peer.ts";
import { answerLaterVersion, heardHello, offersHello, sayHello } from "../session/greeting.ts";
import { watchPeers } from "../session/liveness.ts";
import { heardFrom } from "../session/pings.ts";
import { lineEnded } from "../session/unfinished-line.ts";
import { heardBlock, mayTakeBlocks } from "./bulk-lines.ts";
import { receivedDatagram, receivedLast } from "./datagrams.ts";
import { heardFrame } from "./frames.ts";

/** What one recv or one datagram brought. */
export function received(chat: Chat, side: Side, peer: Peer, bytes: Uint8Array): void {
  countFromHere(side);
  peer.bytesIn += bytes.length;
  side.bytesIn += bytes.length;
  const text = peer.telnet === undefined ? bytes : withoutTelnet(chat, peer, peer.telnet, bytes);
  if (text.length > 0 || bytes.length === 0) heardBytes(chat, side, peer, text);
}

/** Telnet's negotiation is answered and is no text: a peer that only negotiated has not spoken yet. */
function withoutTelnet(chat: Chat, peer: Peer, telnet: TelnetParser, bytes: Uint8Array): Uint8Array {
  const { text, answer } = telnet.read(bytes);
  if (peer.ending === undefined && !peer.weShutDown) giveAsIs(chat, [peer], answer);
  return text;
}

function heardBytes(chat: Chat, side: Side, peer: Peer, bytes: Uint8Array): void {
  watchPeers(chat, side);
  if (side.transport === "udp") {
    peer.lineStart = peer.bytesIn - bytes.length;
    peer.lineEnd = peer.bytesIn;
  }
  if (peer.ending !== undefined) return peer.flushing ? receivedLast(chat, peer, bytes) : undefined;
  if (side.transport === "tcp" || side.raw) heardFrom(chat, side, peer);
  if (side.raw) receivedRaw(chat, side, peer, bytes);
  if (side.raw && chat.config.bytesOnly) return;
  if (side.transport === "tcp") receivedStream(chat, side, peer, bytes);
  else receivedDatagram(chat, side, peer, bytes);
}

/** `--raw`: bytes are passed on as they came, and shown as text besides. */
function receivedRaw(chat: Chat, side: Side, peer: Peer, bytes: Uint8Array): void {
  if (!peer.announced) announce(chat, peer);
  if (chat.config.tellMessages) {
    tell(chat, { type: "bytes", transport: side.transport, peer: peer.address, bytes });
  }
  if (side.role === "listen" && chat.members.size > 1) relayBytes(chat, peer, bytes);
}

function receivedStream(chat: Chat, side: Side, peer: Peer, bytes: Uint8Array): void {
  const at = peer.bytesIn - bytes.length - peer.decoder.unfinishedBytes;
  if (mayTakeBlocks(chat, side, peer)) receivedBlocks(chat, side, peer, bytes, at);
  else receivedLines(chat, side, peer, peer.decoder.push(bytes), at);
  hearOverflow(chat, peer);
  if (peer.ending !== undefined) return;
  peer.lineStart = peer.bytesIn - peer.decoder.unfinishedBytes;
  peer.lineEnd = peer.bytesIn;
  const head = peer.decoder.unfinished;
  if (peer.kind === "unknown") {
    if (isPlainText(peer, head)) becomeRaw(chat, peer);
    else if (head !== "") helloBegins(chat, peer);
  }
  if (peer.kind === "raw" && peer.ending === undefined) growUnfinished(chat, side, peer, head);
}

function receivedBlocks(chat: Chat, side: Side, peer: Peer, bytes: Uint8Array, start: number): void {
  const { lines, block } = peer.decoder.pushInBlocks(bytes);
  const at = receivedLines(chat, side, peer, lines, start);
  if (block === undefined || peer.ending !== undefined) return;
  if (!heardBlock(chat, side, peer, block)) receivedLines(chat, side, peer, peer.decoder.linesOf(block), at);
}

/** The first of them begins at `start` of the stream; where the last one ends. */
function receivedLines(
  chat: Chat,
  side: Side,
  peer: Peer,
  lines: readonly DecodedLine[],
  start: number,
): number {
  let at = start;
  for (const line of lines) {
    if (peer.ending !== undefined) break;
    peer.lineStart = at;
    at = peer.lineEnd = at + line.bytes;
    receivedLine(chat, side, peer, line);
  }
  return at;
}

/** Whether the first bytes are no frame's, whole or not (part of a character, a lone CR). */
function isPlainText(peer: Peer, head: string): boolean {
  return head === "" ? peer.decoder.unfinishedBytes > 0 : !mayBecomeFrame(head);
}

/** A whole line: the first one tells whether a duet speaks. */
function receivedLine(chat: Chat, side: Side, peer: Peer, line: DecodedLine): void {
  const first = peer.firstLine;
  peer.firstLine = false;
  if (peer.kind === "duet") return receivedFrameLine(chat, peer, line);
  if (!side.raw && line.cutBytes === 0) {
    if (mayGreet(chat, peer, first) && greets(chat, peer, line.text)) return;
    if (peer.kind === "raw" && offersHello(chat, peer, parseFrame(line.text))) return;
  }
  if (peer.kind === "unknown") becomeRaw(chat, peer);
  if (peer.ending === undefined && peer.kind === "raw") lineEnded(chat, side, peer, line);
}

/** Who is raw stays so, but for an answer to our hello, and for who greets us late as its first line. */
function mayGreet(chat: Chat, peer: Peer, first: boolean): boolean {
  if (peer.kind === "unknown" || peer.greeted) return true;
  return first && !peer.accepted && chat.nowMs - peer.sinceMs <= bannerLateMs;
}

/** Whether a line made the peer a duet: a hello, or the banner for who connects. */
function greets(chat: Chat, peer: Peer, line: string): boolean {
  const parsed = parseFrame(line);
  if (parsed.kind === "frame" && parsed.frame.type === "hello") {
    heardHello(chat, peer, parsed.frame);
    return true;
  }
  if (peer.greeted && parsed.kind === "frame") {
    heardFrame(chat, peer, line);
    return true;
  }
  if (parsed.kind === "later-version") {
    answerLaterVersion(chat, peer);
    return true;
  }
  if (peer.accepted || !isBanner(line)) return false;
  if (!peer.greeted) sayHello(chat, peer);
  return true;
}

function receivedFrameLine(chat: Chat, peer: Peer, line: DecodedLine): void {
  if (line.cutBytes > 0) return breach(chat, peer, "a frame is longer than 16 KiB");
  if (isBanner(line.text)) return;
  heardFrame(chat, peer, line.text);
}
