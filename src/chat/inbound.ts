/**
 * What peers send, from bytes to lines: each connection's decoder, the first line that tells a duet, text that grows
 * until its newline. What a frame means is in frames-in.ts; cleaning is for who draws.
 */

import { isBanner, mayBecomeFrame, type ParsedFrame, parseFrame } from "../protocol/frame.ts";
import { bannerLateMs, lineMaxBytes, unfinishedLineMs } from "../protocol/limits.ts";
import type { DecodedLine } from "../protocol/line-decoder.ts";
import type { TelnetParser } from "../protocol/telnet.ts";
import { carriedFrom } from "./carried.ts";
import { receivedDatagram, receivedLast } from "./datagrams.ts";
import type { MessageEntry } from "./entry.ts";
import { blocksOf, heardBlock } from "./line-blocks.ts";
import { breach, heardFrame } from "./frames-in.ts";
import { answerLaterVersion, heardHello, sayHello } from "./greeting.ts";
import { heardFrom, watchPeers } from "./liveness.ts";
import { carryPassedBytes } from "./passed-bytes.ts";
import { noticeOfPeer } from "./peer-notices.ts";
import { announce, becomeRaw, helloBegins } from "./peers.ts";
import { armRates, countFromHere } from "./rates.ts";
import { addEntry, notice, replaceEntry, tell } from "./report.ts";
import { relay, relayBytes } from "./relay.ts";
import { takeMessageId, useVia } from "./room.ts";
import { giveAsIs } from "./sending.ts";
import { type Chat, nameOf, type Peer, type Side, sideOf, takeEntryId } from "./state.ts";
import { countGrown, mayGrow, mustWaitItsTurn } from "./strangers.ts";
import { toldAs } from "./told-ledger.ts";

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
  let at = peer.bytesIn - bytes.length - peer.decoder.unfinishedBytes;
  const { lines, block } = peer.decoder.pushInBlocks(bytes, blocksOf(chat, side, peer));
  for (const line of lines) {
    if (peer.ending !== undefined) return;
    peer.lineStart = at;
    at = peer.lineEnd = at + line.bytes;
    receivedLine(chat, side, peer, line);
  }
  peer.lineStart = at;
  peer.lineEnd = peer.bytesIn;
  if (block !== undefined) heardBlock(chat, side, peer, block);
  const head = peer.decoder.unfinished;
  if (peer.kind === "unknown") {
    if (isPlainText(peer, head)) becomeRaw(chat, peer);
    else if (head !== "") helloBegins(chat, peer);
  }
  if (peer.kind === "raw" && peer.ending === undefined) growUnfinished(chat, side, peer, head);
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

/**
 * A peer that has spoken plain text says hello later: the person decides, for it could be text that somebody wrote. It
 * is not passed on as text, for it bears a session and a key.
 */
export function offersHello(chat: Chat, peer: Peer, parsed: ParsedFrame): boolean {
  if (parsed.kind !== "frame" || parsed.frame.type !== "hello") return false;
  const isFirst = peer.offer === undefined;
  peer.offer = parsed.frame;
  const name = nameOf(peer);
  const hint = `/upgrade ${name} speaks with it as one`;
  if (isFirst) noticeOfPeer(chat, sideOf(chat, peer), "info", `${name} says that it is a duet`, hint);
  return true;
}

function receivedFrameLine(chat: Chat, peer: Peer, line: DecodedLine): void {
  if (line.cutBytes > 0) return breach(chat, peer, "a frame is longer than 16 KiB");
  if (isBanner(line.text)) return;
  heardFrame(chat, peer, line.text);
}

/** A raw peer's whole text: shown, told, and passed on to the room. */
export function heardText(
  chat: Chat,
  side: Side,
  peer: Peer,
  text: string,
  bytes: number,
  note?: string,
): void {
  const entry = messageFrom(chat, peer, text, false);
  if (note !== undefined) entry.note = note;
  addEntry(chat, side, entry);
  tellHeard(chat, peer, entry, bytes);
  if (peer.probes === 0 || note === undefined) passOn(chat, side, peer, entry);
}

/** A line has its newline. One that was shown while it grew is not held back any more. */
function lineEnded(chat: Chat, side: Side, peer: Peer, line: DecodedLine): void {
  const wasClosed = peer.closedBySilence;
  peer.closedBySilence = false;
  // The newline of a line that silence has closed already is no empty line of its own.
  if (wasClosed && line.text === "") return;
  if (peer.growing !== undefined) countGrown(chat, peer);
  else if (mustWaitItsTurn(chat, peer, { kind: "line", line, bytes: line.bytes })) return;
  finishLine(chat, side, peer, line);
}

/** It closes what grew before, or is a message of its own. */
export function finishLine(chat: Chat, side: Side, peer: Peer, line: DecodedLine): void {
  const growing = peer.growing;
  const note = cutNote(line);
  if (growing === undefined) heardText(chat, side, peer, line.text, line.bytes, note);
  else {
    growing.text = line.text;
    traceGrowing(peer, growing);
    if (note !== undefined) growing.note = note;
    endGrowing(chat, side, peer, growing, line.bytes);
  }
  // On the screen the note stands beside the line.
  if (note !== undefined && chat.config.headless)
    notice(chat, side, "warning", `a line of ${nameOf(peer)} was ${note}`);
}

function cutNote(line: DecodedLine): string | undefined {
  if (line.cutBytes === 0) return undefined;
  return `cut at ${lineMaxBytes / 1024} KiB: ${line.cutBytes} more bytes without a newline were passed over`;
}

/** Text so far without a newline is shown as it comes, and closed after a second of silence. */
function growUnfinished(chat: Chat, side: Side, peer: Peer, text: string): void {
  if (text === "") return;
  chat.timers.set(`line ${peer.connection}`, chat.nowMs + unfinishedLineMs);
  if (peer.growing === undefined) {
    if (!mayGrow(chat, peer)) return;
    peer.growing = messageFrom(chat, peer, text, true);
    addEntry(chat, side, peer.growing);
    return;
  }
  if (peer.growing.text === text) return;
  peer.growing.text = text;
  traceGrowing(peer, peer.growing);
  replaceEntry(chat, side, peer.growing);
  armRates(chat, side);
}

/** It began where it began, and ends where the line does now. */
function traceGrowing(peer: Peer, growing: MessageEntry): void {
  const { carried } = growing;
  const first = carried?.ranges[0];
  if (carried === undefined || first === undefined) return;
  carried.ranges[0] = { ...first, end: peer.lineEnd };
  carryPassedBytes(peer, carried, first.end, peer.lineEnd);
}

/** A second of silence: the text so far is a message, and what follows begins another. */
export function lineTimeReached(chat: Chat, peer: Peer): void {
  closeGrowing(chat, peer, peer.decoder.close());
  peer.closedBySilence = true;
}

/** Closes the text that grows, by silence or by FIN. */
export function closeGrowing(chat: Chat, peer: Peer, rest: DecodedLine | undefined): void {
  const side = chat.sides[peer.transport];
  chat.timers.clear(`line ${peer.connection}`);
  if (rest === undefined || peer.ending !== undefined) return;
  if (peer.kind === "duet") return breach(chat, peer, "its last frame has no end");
  if (peer.kind === "unknown") becomeRaw(chat, peer);
  if (peer.kind === "raw") lineEnded(chat, side, peer, rest);
}

/** A peer that spoke text is to speak frames: what was begun is closed as it is. */
export function endGrowingText(chat: Chat, peer: Peer): void {
  if (peer.growing !== undefined) closeGrowing(chat, peer, peer.decoder.close());
}

function endGrowing(chat: Chat, side: Side, peer: Peer, entry: MessageEntry, bytes: number): void {
  chat.timers.clear(`line ${peer.connection}`);
  peer.growing = undefined;
  entry.growing = false;
  replaceEntry(chat, side, entry);
  tellHeard(chat, peer, entry, bytes);
  passOn(chat, side, peer, entry);
}

function passOn(chat: Chat, side: Side, peer: Peer, { text, carried }: MessageEntry): void {
  if (peer.member === undefined || side.raw) return;
  useVia(chat, peer.member, peer);
  if (text !== "") relay(chat, peer.member, text, false, carried);
}

function tellHeard(chat: Chat, peer: Peer, { text, carried }: MessageEntry, bytes: number): void {
  if (!chat.config.tellMessages) return;
  const id = takeMessageId(chat);
  tell(chat, {
    type: "message",
    transport: peer.transport,
    id,
    direction: "in",
    peer: peer.address,
    name: nameOf(peer),
    text,
    bytes,
    action: false,
    ...toldAs(chat, peer, id, carried),
  });
}

/** A new entry for what a peer itself says. */
export function messageFrom(chat: Chat, peer: Peer, text: string, growing: boolean): MessageEntry {
  const name = nameOf(peer);
  // All fields at once: to spread some of them in costs as much as all the rest, a hundred thousand times a second.
  return {
    kind: "message",
    id: takeEntryId(chat),
    atMs: chat.nowMs,
    direction: "in",
    name,
    colourKey: peer.address,
    address: peer.kind === "raw" && name !== peer.address ? peer.address : undefined,
    text,
    growing,
    action: false,
    carried: carriedFrom(peer),
  };
}
