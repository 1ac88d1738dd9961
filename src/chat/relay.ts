/**
 * What one member says, on its way to all others: gathered over one event, so that the lines of one read leave as one
 * block for all duets and one for all raw peers, each encoded once. Who is in the room is in room.ts.
 */

import { isLoopback } from "../protocol/endpoint.ts";
import { encodeFrame, type MessageFrame } from "../protocol/frame.ts";
import { datagramMaxBytes, lineMaxBytes, relayBlockMaxBytes } from "../protocol/limits.ts";
import { encodeMessage } from "../protocol/parts.ts";
import { escapeForRawPeer, splitLines } from "../protocol/text.ts";
import { type Audience, audienceOf } from "./audience.ts";
import { type Carrying, noteCarried, noteLeaving, placesIn } from "./carried.ts";
import type { Carried } from "./entry.ts";
import { notePassedBytes } from "./passed-bytes.ts";
import { isTraced } from "./peer-trace.ts";
import { canHear } from "./recipients.ts";
import { noteRelayed } from "./relayed-ids.ts";
import { takeMessageId } from "./room.ts";
import { broadcast, duetsOverUdp, give, sendFrameTo, sendTextToAll } from "./sending.ts";
import type { Chat, Peer, RoomMember } from "./state.ts";

/** What was said, and the name it was said under. */
type Words =
  | {
      readonly kind: "message";
      readonly name: string;
      readonly text: string;
      readonly action: boolean;
      /** A duet's own id for it. */
      readonly originId: number | undefined;
      /** Where messages are traced. */
      readonly carried: Carried | undefined;
    }
  /** Lines of a raw peer, clean, each after its `<name> ` of so many UTF-16 units and with its LF. */
  | { readonly kind: "lines"; readonly told: Buffer; readonly startUnits: number };

/** Words of one member that are still to be passed on. */
export interface Relayed {
  readonly origin: RoomMember;
  readonly words: Words[];
}

/** One member's words to all others: frames to duets, `<name> line` to raw peers, never back to where they came from. */
export function relay(
  chat: Chat,
  origin: RoomMember,
  text: string,
  action: boolean,
  carried: Carried | undefined,
  originId?: number,
): void {
  keep(chat, origin, { kind: "message", name: origin.name, text, action, originId, carried });
}

/** As `relay`, for clean lines that came together, as raw peers read them: each after a start of so many UTF-16 units. */
export function relayLines(chat: Chat, origin: RoomMember, told: Buffer, startUnits: number): void {
  keep(chat, origin, { kind: "lines", told, startUnits });
}

function keep(chat: Chat, origin: RoomMember, words: Words): void {
  if (chat.members.size < 2) return;
  if (chat.relayed !== undefined && chat.relayed.origin !== origin) flushRelay(chat);
  chat.relayed ??= { origin, words: [] };
  chat.relayed.words.push(words);
}

/** Passes on what was gathered: at the end of each event, and before anything else is sent, so that order holds. */
export function flushRelay(chat: Chat): void {
  const relayed = chat.relayed;
  if (relayed === undefined) return;
  chat.relayed = undefined;
  const { carrying } = chat;
  chat.carrying = undefined;
  relayToDuets(chat, relayed);
  relayToRaw(chat, relayed);
  chat.carrying = carrying;
}

function relayToDuets(chat: Chat, { origin, words }: Relayed): void {
  const overTcp = audienceOf(chat, "duets");
  const overUdp = duetsOverUdp(chat, origin);
  if (isAlone(overTcp, origin) && overUdp.length === 0) return;
  const frames = words.map((one) => messageFrames(chat, origin, one));
  if (overTcp.peers.length > 0) {
    const told = frames.map((each) => joinLines(each.flatMap(encodeForStream)));
    giveTold(chat, overTcp, origin, words, told);
  }
  if (overUdp.length === 0) return;
  const carrying = words.map(carryingOf);
  for (const peer of overUdp) {
    for (let index = 0; index < words.length; index += 1) {
      chat.carrying = carrying[index];
      for (const frame of frames[index] ?? []) sendFrameTo(chat, peer, frame);
    }
  }
}

function carryingOf(words: Words): Carrying | undefined {
  if (words.kind === "lines" || words.carried === undefined) return undefined;
  return { what: "text", of: [words.carried] };
}

function isAlone({ peers }: Audience, origin: RoomMember): boolean {
  return peers.length === 0 || (peers.length === 1 && peers[0] === origin.via);
}

function messageFrames(chat: Chat, origin: RoomMember, words: Words): readonly MessageFrame[] {
  const from = origin.number;
  if (words.kind === "lines") {
    const texts = splitLines(words.told.toString()).map((line) => line.slice(words.startUnits));
    return texts.map((text) => ({ type: "message", id: takeMessageId(chat), from, text }));
  }
  const flag = words.action ? { action: true } : {};
  const id = takeMessageId(chat);
  if (words.originId !== undefined) noteRelayed(chat, origin, { id, originId: words.originId });
  if (words.carried !== undefined) chat.passedOn?.note(id, words.carried, from);
  return [{ type: "message", id, from, text: words.text, ...flag }];
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
    chat.carrying = carryingOf(one);
    for (const line of splitLines((told[index] ?? "").toString())) sendTextToAll(chat, overUdp, line);
  }
}

/** As raw peers read it: each line with its name before it and its newline behind it. */
function toldToRaw({ config }: Chat, words: Words): string | Buffer {
  if (words.kind === "lines") return words.told;
  const lines = linesOf(words);
  return config.crlf ? lines.replaceAll("\n", "\r\n") : lines;
}

/** What came as a block goes on as it is, without a copy where it is the only one. */
function joinTold(told: readonly (string | Buffer)[]): Buffer {
  const [first] = told;
  if (told.length === 1 && typeof first === "object") return first;
  if (told.every((one) => typeof one === "string")) return Buffer.from(told.join(""));
  return Buffer.concat(told.map((one) => (typeof one === "string" ? Buffer.from(one) : one)));
}

function linesOf({ name, text, action }: Extract<Words, { kind: "message" }>): string {
  const start = action ? `* ${name} ` : `<${name}> `;
  return joinLines(splitLines(text).map((line) => escapeForRawPeer(start + line)));
}

/** All of it in one block; where messages are traced, it is noted where in it each is. */
function giveTold(
  chat: Chat,
  audience: Audience,
  origin: RoomMember,
  words: readonly Words[],
  told: readonly (string | Buffer)[],
): void {
  const block = joinTold(told);
  if (isTraced(chat.config)) notePassedOn(audience, origin.via, words, told, block.length);
  giveBlock(chat, audience, origin, block);
}

function notePassedOn(
  { peers }: Audience,
  but: Peer,
  words: readonly Words[],
  told: readonly (string | Buffer)[],
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
    if (one?.kind === "message" && one.carried !== undefined) {
      noteCarried(one.carried, { what: "text", way: "out", on, start, end });
      noteLeaving({ what: "text", of: [one.carried] }, peers, { start, end }, but);
    }
    start = end;
  }
}

/** Whole lines in pieces of at most relayBlockMaxBytes: a piece that finds a queue full is refused whole. */
function giveBlock(chat: Chat, audience: Audience, origin: RoomMember, block: Buffer): void {
  for (let start = 0; start < block.length;) {
    const end = endOfPiece(block, start);
    broadcast(chat, audience, origin.via, block.subarray(start, end));
    start = end;
  }
}

function endOfPiece(block: Buffer, start: number): number {
  if (block.length - start <= relayBlockMaxBytes) return block.length;
  const last = block.lastIndexOf(newline, start + relayBlockMaxBytes - 1);
  return last > start ? last + 1 : block.indexOf(newline, start) + 1;
}

const newline = 0x0a;

/** One member's words to another alone. Else why they could not be passed on. */
export function relayPrivately(
  chat: Chat,
  origin: RoomMember,
  toNumber: number,
  { id: originId, text, action }: MessageFrame,
): string | undefined {
  const to = chat.members.get(toNumber);
  if (to === undefined) return "nobody of that number is here any more";
  if (to === origin) return "that is you yourself";
  const { via } = to;
  if (!canHear(via)) return "it takes no words now";
  if (via.kind !== "duet" && !mayHearOthers(via)) return "nothing of others is sent there over UDP";
  if (via.kind === "duet") {
    const from = origin.number;
    const id = takeMessageId(chat);
    noteRelayed(chat, origin, { id, originId }, toNumber);
    const frame: MessageFrame = { type: "message", id, from, to: toNumber, text };
    sendFrameTo(chat, via, { ...frame, ...(action === true ? { action } : {}) });
    return undefined;
  }
  for (const line of splitLines(text))
    sendTextToAll(chat, [via], escapeForRawPeer(`<${origin.name} → you> ${line}`));
  return undefined;
}

/** Bytes of a raw room (`--raw`), to all others as they came, in pieces that fit a queue and a datagram. */
export function relayBytes(chat: Chat, origin: Peer, bytes: Uint8Array): void {
  const overTcp = audienceOf(chat, "raw");
  const overUdp = rawOverUdp(chat, origin.member);
  const cameAt = origin.bytesIn - bytes.length;
  for (let start = 0; start < bytes.length; start += datagramMaxBytes) {
    const piece = bytes.slice(start, start + datagramMaxBytes);
    if (isTraced(chat.config)) {
      flushRelay(chat);
      notePassedBytes(origin, [overTcp.peers, overUdp], cameAt + start, cameAt + start + piece.length);
    }
    broadcast(chat, overTcp, origin.member?.via, piece);
    give(chat, overUdp, piece);
  }
}

function rawOverUdp(chat: Chat, but: RoomMember | undefined): readonly Peer[] {
  const { peers } = audienceOf(chat, "datagrams");
  return peers.filter((peer) => peer.kind !== "duet" && peer.member !== but && mayHearOthers(peer));
}

/** A raw UDP endpoint beyond this machine may be forged: it gets no relayed lines before somebody here knows it (/accept). */
function mayHearOthers(peer: Peer): boolean {
  return peer.transport === "tcp" || peer.trusted || isLoopback(peer.endpoint);
}
