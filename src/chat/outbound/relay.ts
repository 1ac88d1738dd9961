/**
 * What one member says, on its way to all others: gathered over one event, so that the lines of one read leave as one
 * block for all duets and one for all raw peers, each encoded once. Who is in the room is in room.ts.
 */

import { isLoopback } from "../../protocol/address/endpoint.ts";
import { encodeFrame } from "../../protocol/frames/frame-codec.ts";
import type { MessageFrame } from "../../protocol/frames/frame.ts";
import { encodeMessage } from "../../protocol/frames/message-parts.ts";
import { datagramMaxBytes, lineMaxBytes, relayBlockMaxBytes } from "../../protocol/limits.ts";
import { escapeForRawPeer, splitLines } from "../../protocol/text/text.ts";
import { decodeUtf8 } from "../../protocol/text/utf8.ts";
import { type Chat, takeMessageId } from "../model/chat.ts";
import type { Audience, Peer, LocalMember } from "../model/peer.ts";
import type { Relayed, Words } from "../model/relayed.ts";
import type { Carried } from "../log/entry.ts";
import type { Carrying } from "../spans/message-spans.ts";
import { isTraced } from "../spans/peer-trace.ts";
import { noteCarried, noteLeaving, placesIn } from "../trace/message-spans.ts";
import { notePassedBytes } from "../trace/relayed-spans.ts";
import { audienceOf } from "./fanout-groups.ts";
import { deliverOrEnqueue } from "./delivery.ts";
import { enqueue, enqueueForAudience, enqueueText } from "./enqueue.ts";
import { canHear } from "./recipients.ts";
import { noteRelayed } from "./relayed-ids.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

/** One member's words to all others: frames to duets, `<name> line` to raw peers, never back to where they came from. */
export function relay(
  chat: Chat,
  origin: LocalMember,
  text: string,
  action: boolean,
  carried: Carried | undefined,
  originId?: number,
): void {
  if (chat.room.members.size < 2) return;
  if (chat.room.pendingRelay !== undefined && chat.room.pendingRelay.origin !== origin) flushRelay(chat);
  chat.room.pendingRelay ??= { origin, words: [] };
  chat.room.pendingRelay.words.push({ name: origin.name, text, action, originId, carried });
}

/**
 * As `relay`, for clean lines that came together, each with its LF, and at once: `told` is what raw peers read, each line
 * after its `<name> `. Both may be used again when the event's effects are carried out.
 */
export function relayLines(chat: Chat, origin: LocalMember, lines: Uint8Array, told: Uint8Array): void {
  if (chat.room.members.size < 2) return;
  flushRelay(chat);
  linesToDuets(chat, origin, lines);
  const raw = audienceOf(chat, "raw");
  if (!isAlone(raw, origin)) giveBlock(chat, raw, origin, told);
  const overUdp = rawOverUdp(chat, origin);
  if (overUdp.length === 0) return;
  for (const line of splitLines(decodeUtf8(told))) enqueueText(chat, overUdp, line);
}

function linesToDuets(chat: Chat, origin: LocalMember, lines: Uint8Array): void {
  const overTcp = audienceOf(chat, "duets");
  const overUdp = duetsOverUdp(chat, origin);
  if (isAlone(overTcp, origin) && overUdp.length === 0) return;
  const frames = splitLines(decodeUtf8(lines)).map((text): MessageFrame => ({
    type: "message",
    id: takeMessageId(chat),
    from: origin.number,
    text,
  }));
  if (overTcp.peers.length > 0)
    giveBlock(chat, overTcp, origin, Buffer.from(joinLines(frames.flatMap(encodeForStream))));
  for (const peer of overUdp) for (const frame of frames) deliverOrEnqueue(chat, peer, frame);
}

/** Passes on what was gathered: at the end of each event, and before anything else is sent, so that order holds. */
export function flushRelay(chat: Chat): void {
  const relayed = chat.room.pendingRelay;
  if (relayed === undefined) return;
  chat.room.pendingRelay = undefined;
  relayToDuets(chat, relayed);
  relayToRaw(chat, relayed);
}

function relayToDuets(chat: Chat, { origin, words }: Relayed): void {
  const overTcp = audienceOf(chat, "duets");
  const overUdp = duetsOverUdp(chat, origin);
  if (isAlone(overTcp, origin) && overUdp.length === 0) return;
  const frames = words.map((one) => messageFrame(chat, origin, one));
  if (overTcp.peers.length > 0) {
    const told = frames.map((frame) => joinLines(encodeForStream(frame)));
    giveTold(chat, overTcp, origin, words, told);
  }
  if (overUdp.length === 0) return;
  const carrying = words.map(carryingOfWords);
  for (const peer of overUdp)
    for (const [index, frame] of frames.entries())
      deliverOrEnqueue(chat, peer, frame, { carrying: carrying[index] });
}

function carryingOfWords(words: Words): Carrying | undefined {
  if (words.carried === undefined) return undefined;
  return { what: "text", of: [words.carried] };
}

/** The room's duets that are reached over UDP, but one member: each datagram bears its receiver's key. */
export function duetsOverUdp(chat: Chat, but: LocalMember | undefined): readonly Peer[] {
  const { peers } = audienceOf(chat, "datagrams");
  if (peers.length === 0) return peers;
  return peers.filter(
    (peer) => peer.identity.kind === "duet" && peer.handshake.isReachable && peer.membership.member !== but,
  );
}

function isAlone({ peers }: Audience, origin: LocalMember): boolean {
  return peers.length === 0 || (peers.length === 1 && peers[0] === origin.via);
}

function messageFrame(chat: Chat, origin: LocalMember, words: Words): MessageFrame {
  const from = origin.number;
  const flag = words.action ? { action: true } : {};
  const id = takeMessageId(chat);
  if (words.originId !== undefined) noteRelayed(chat, origin, { id, originId: words.originId });
  if (words.carried !== undefined) chat.ledger.relayed?.note(id, words.carried, from);
  return { type: "message", id, from, text: words.text, ...flag };
}

/** Most messages are far too short to be cut, whatever JSON makes of them. */
function encodeForStream(frame: MessageFrame): readonly string[] {
  if (frame.text.length < lineMaxBytes / 8) return [encodeFrame(frame)];
  return encodeMessage(frame, lineMaxBytes - 1);
}

function joinLines(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}

function relayToRaw(chat: Chat, { origin, words }: Relayed): void {
  const overTcp = audienceOf(chat, "raw");
  const overUdp = rawOverUdp(chat, origin);
  if (isAlone(overTcp, origin) && overUdp.length === 0) return;
  const told = words.map((one) => toldToRaw(chat, one));
  giveTold(chat, overTcp, origin, words, told);
  if (overUdp.length === 0) return;
  for (const [index, one] of words.entries()) {
    const carrying = carryingOfWords(one);
    for (const line of splitLines(told[index] ?? "")) enqueueText(chat, overUdp, line, { carrying });
  }
}

/** As raw peers read it: each line with its name before it and its newline behind it. */
function toldToRaw({ config }: Chat, words: Words): string {
  const lines = rawLinesOf(words);
  return config.crlf ? lines.replaceAll("\n", "\r\n") : lines;
}

function rawLinesOf({ name, text, action }: Words): string {
  const start = action ? `* ${name} ` : `<${name}> `;
  return joinLines(splitLines(text).map((line) => escapeForRawPeer(start + line)));
}

/** All of it in one block; where messages are traced, it is noted where in it each is. */
function giveTold(
  chat: Chat,
  audience: Audience,
  origin: LocalMember,
  words: readonly Words[],
  told: readonly string[],
): void {
  const block = Buffer.from(told.join(""));
  if (isTraced(chat.config)) notePassedOn(audience, origin.via, words, told, block.length);
  giveBlock(chat, audience, origin, block);
}

function notePassedOn(
  { peers }: Audience,
  but: Peer,
  words: readonly Words[],
  told: readonly string[],
  blockBytes: number,
): void {
  const on = placesIn(peers, but);
  if (on.length === 0) return;
  // Where all of it is ASCII, and most is, nothing has to be counted anew.
  const isAscii = told.reduce((units, one) => units + one.length, 0) === blockBytes;
  let start = 0;
  for (let index = 0; index < words.length; index += 1) {
    const one = words[index];
    const piece = told[index] ?? "";
    const end = start + (isAscii ? piece.length : Buffer.byteLength(piece));
    if (one?.carried !== undefined) {
      noteCarried(one.carried, { what: "text", way: "out", on, start, end });
      noteLeaving({ what: "text", of: [one.carried] }, peers, { start, end }, but);
    }
    start = end;
  }
}

/** Whole lines in pieces of at most relayBlockMaxBytes: a piece that finds a queue full is refused whole. */
function giveBlock(chat: Chat, audience: Audience, origin: LocalMember, block: Uint8Array): void {
  if (block.length <= relayBlockMaxBytes) return enqueueForAudience(chat, audience, origin.via, block);
  for (let start = 0; start < block.length;) {
    const end = endOfPiece(block, start);
    enqueueForAudience(chat, audience, origin.via, block.subarray(start, end));
    start = end;
  }
}

function endOfPiece(block: Uint8Array, start: number): number {
  if (block.length - start <= relayBlockMaxBytes) return block.length;
  const last = block.lastIndexOf(newline, start + relayBlockMaxBytes - 1);
  return last > start ? last + 1 : block.indexOf(newline, start) + 1;
}

const newline = 0x0a;

/** One member's words to another alone. Else why they could not be passed on. */
export function relayPrivately(
  chat: Chat,
  origin: LocalMember,
  toNumber: number,
  { id: originId, text, action }: MessageFrame,
): Sentence | undefined {
  const to = chat.room.members.get(toNumber);
  if (to === undefined) return sentence("no-such-member");
  if (to === origin) return sentence("that-is-you");
  const { via } = to;
  if (!canHear(via)) return sentence("takes-no-lines", { who: undefined });
  if (via.identity.kind !== "duet" && !mayHearOthers(via)) return sentence("no-relay-over-udp");
  flushRelay(chat);
  if (via.identity.kind === "duet") {
    const from = origin.number;
    const id = takeMessageId(chat);
    noteRelayed(chat, origin, { id, originId }, toNumber);
    const frame: MessageFrame = { type: "message", id, from, to: toNumber, text };
    deliverOrEnqueue(chat, via, { ...frame, ...(action === true ? { action } : {}) });
    return undefined;
  }
  for (const line of splitLines(text))
    enqueueText(chat, [via], escapeForRawPeer(`<${origin.name} → you> ${line}`));
  return undefined;
}

/** Bytes of a raw room (`--raw`), to all others as they came, in pieces that fit a queue and a datagram. */
export function relayBytes(chat: Chat, origin: Peer, bytes: Uint8Array): void {
  const overTcp = audienceOf(chat, "raw");
  const overUdp = rawOverUdp(chat, origin.membership.member);
  const cameAt = origin.inbound.bytesIn - bytes.length;
  const lineStart = cameAt - origin.inbound.decoder.unfinishedBytes;
  flushRelay(chat);
  for (let start = 0; start < bytes.length; start += datagramMaxBytes) {
    const piece = bytes.slice(start, start + datagramMaxBytes);
    if (isTraced(chat.config)) {
      const span = { start: cameAt + start, end: cameAt + start + piece.length };
      notePassedBytes(origin, [overTcp.peers, overUdp], span, lineStart);
    }
    enqueueForAudience(chat, overTcp, origin.membership.member?.via, piece);
    enqueue(chat, overUdp, piece);
  }
}

function rawOverUdp(chat: Chat, but: LocalMember | undefined): readonly Peer[] {
  const { peers } = audienceOf(chat, "datagrams");
  if (peers.length === 0) return peers;
  return peers.filter(
    (peer) => peer.identity.kind !== "duet" && peer.membership.member !== but && mayHearOthers(peer),
  );
}

/** A raw UDP endpoint beyond this machine may be forged: it gets no relayed lines before somebody here knows it (/accept). */
function mayHearOthers(peer: Peer): boolean {
  return peer.link.transport === "tcp" || peer.identity.isTrusted || isLoopback(peer.link.endpoint);
}
