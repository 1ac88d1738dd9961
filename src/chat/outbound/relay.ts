/**
 * Relays members' messages. Messages of one event are gathered, so that the lines of one read leave as one block for
 * all duets and one for all raw peers, each encoded once.
 */

import { type BorrowedBytes, copyBytes } from "../../protocol/borrowed-bytes.ts";
import { encodeFrame } from "../../protocol/frames/frame-codec.ts";
import type { MessageFrame } from "../../protocol/frames/frame.ts";
import { encodeRelayedBlock, listTexts, type MessageBlock } from "../../protocol/frames/message-block.ts";
import { encodeMessage } from "../../protocol/frames/message-parts.ts";
import { datagramMaxBytes, lineMaxBytes, relayBlockMaxBytes } from "../../protocol/limits.ts";
import type { FanoutName } from "../../protocol/sockets/socket-event.ts";
import { formatActor } from "../../protocol/text/nicknames.ts";
import { escapeForRawPeer, splitLines } from "../../protocol/text/text.ts";
import { decodeUtf8 } from "../../protocol/text/utf8.ts";
import {
  type Chat,
  takeMessageId,
  takeMessageIds,
  type SendContext,
  type ReportContext,
} from "../model/chat.ts";
import type { Audience, Peer, LocalMember } from "../model/peer.ts";
import type { PendingRelay, RelayAuthor, RelayedMessage } from "../model/pending-relay.ts";
import type { MessageSpans } from "../log/entry.ts";
import type { SpanOwners } from "../spans/message-spans.ts";
import { isTraced } from "../spans/peer-trace.ts";
import { addSpan, noteUnreported, listStreamPlaces } from "../trace/enqueued-spans.ts";
import { noteRelayedBytes } from "../trace/relayed-spans.ts";
import { deliverOrEnqueue } from "./delivery.ts";
import { enqueue, enqueueForAudience, enqueueText, isNotForged } from "./enqueue.ts";
import { canReceive } from "./recipients.ts";
import { noteRelayed, noteRelayedBlock } from "./relayed-ids.ts";
import { isSealed } from "../peer/seal.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Room } from "../model/room.ts";
import type { Config } from "../config/config.ts";

/** False if there is nobody to relay to, or the listener goes one way. */
function isRelaying({ room, config }: Pick<SendContext, "room" | "config">, author?: RelayAuthor): boolean {
  const isHere = author === undefined || room.members.get(author.number) === author;
  return room.members.size > (isHere ? 1 : 0) && !config.isOneWay;
}

/** The path of an author here. */
function findVia(author: RelayAuthor): Peer | undefined {
  return author.kind === "local" ? author.via : undefined;
}

/** Relays a member's message to all others: a frame to duets, `<name> line` to raw peers. */
export function relay(
  chat: SendContext,
  author: RelayAuthor,
  text: string,
  action: boolean,
  spans: MessageSpans | undefined,
  originId?: number,
): void {
  if (!isRelaying(chat, author)) return;
  if (chat.room.pendingRelay !== undefined && chat.room.pendingRelay.author !== author) flushRelay(chat);
  chat.room.pendingRelay ??= { author, messages: [] };
  chat.room.pendingRelay.messages.push({ name: author.name, text, action, originalId: originId, spans });
}

/**
 * Relays clean lines that were received together, at once. `lines`: each with its LF; `prefixed`: the same with `<name> `
 * before each, for raw peers.
 */
export function relayLines(
  chat: SendContext,
  author: LocalMember,
  lines: BorrowedBytes,
  prefixed: BorrowedBytes,
): void {
  if (!isRelaying(chat)) return;
  flushRelay(chat);
  relayLinesToDuets(chat, author, lines);
  relayLinesToRaw(chat, author, prefixed);
}

/** As relayLines, of a duet's messages. `prefixed`: their texts as lines, each with `<name> ` before it. */
export function relayMessageBlock(
  chat: SendContext,
  author: LocalMember,
  block: MessageBlock,
  prefixed: BorrowedBytes,
): void {
  if (!isRelaying(chat)) return;
  flushRelay(chat);
  const firstId = takeMessageIds(chat.ids, block.count);
  noteRelayedBlock(chat.room, author, firstId, block.ids.subarray(0, block.count));
  const overTcp = chat.room.audiences.duets;
  if (!isAlone(overTcp, author))
    enqueueBlock(chat, overTcp, author, encodeRelayedBlock(block, firstId, author.number));
  const overUdp = listDuetsOverUdp(chat.room, author);
  if (overUdp.length > 0) {
    const frames = listTexts(block).map((text, index): MessageFrame => ({
      type: "message",
      id: firstId + index,
      from: author.number,
      text,
    }));
    for (const peer of overUdp) for (const frame of frames) deliverOrEnqueue(chat, peer, frame);
  }
  relayLinesToRaw(chat, author, prefixed);
}

function relayLinesToRaw(chat: SendContext, author: LocalMember, prefixed: BorrowedBytes): void {
  const raw = chat.room.audiences.raw;
  if (!isAlone(raw, author)) enqueueBlock(chat, raw, author, prefixed);
  const overUdp = listRawOverUdp(chat.room, author);
  if (overUdp.length === 0) return;
  for (const line of splitLines(decodeUtf8(prefixed))) enqueueText(chat, overUdp, line);
}

function relayLinesToDuets(chat: SendContext, author: LocalMember, lines: BorrowedBytes): void {
  const overTcp = chat.room.audiences.duets;
  const overUdp = listDuetsOverUdp(chat.room, author);
  if (isAlone(overTcp, author) && overUdp.length === 0) return;
  const frames = splitLines(decodeUtf8(lines)).map((text): MessageFrame => ({
    type: "message",
    id: takeMessageId(chat.ids),
    from: author.number,
    text,
  }));
  if (overTcp.peers.size > 0)
    enqueueBlock(chat, overTcp, author, Buffer.from(joinLines(frames.flatMap(encodeForStream))));
  for (const peer of overUdp) for (const frame of frames) deliverOrEnqueue(chat, peer, frame);
}

/** Sends the gathered messages: at the end of each event, and before any other send, which keeps the order. */
export function flushRelay(chat: SendContext): void {
  const relayed = chat.room.pendingRelay;
  if (relayed === undefined) return;
  chat.room.pendingRelay = undefined;
  relayToDuets(chat, relayed);
  relayToRaw(chat, relayed);
}

function relayToDuets(chat: SendContext, { author: origin, messages }: PendingRelay): void {
  const overTcp = chat.room.audiences.duets;
  const overUdp = listDuetsOverUdp(chat.room, origin);
  if (isAlone(overTcp, origin) && overUdp.length === 0) return;
  const frames = messages.map((one) => makeMessageFrame(chat, origin, one));
  if (overTcp.peers.size > 0) {
    const output = frames.map((frame) => joinLines(encodeForStream(frame)));
    enqueueMessages(chat, overTcp, origin, messages, output);
  }
  if (overUdp.length === 0) return;
  const owners = messages.map(collectOwners);
  for (const peer of overUdp)
    for (const [index, frame] of frames.entries())
      deliverOrEnqueue(chat, peer, frame, { owners: owners[index] });
}

function collectOwners(messages: RelayedMessage): SpanOwners | undefined {
  if (messages.spans === undefined) return undefined;
  return { what: "text", of: [messages.spans] };
}

/** The room's duets over UDP but one member; each needs datagrams with its own key. */
export function listDuetsOverUdp(room: Room, except: RelayAuthor | undefined): readonly Peer[] {
  const { peers } = room.audiences.datagrams;
  if (peers.size === 0) return [];
  return [...peers].filter(
    (peer) => peer.identity.kind === "duet" && peer.handshake.isProven && peer.membership.member !== except,
  );
}

function isAlone({ peers }: Audience, author: RelayAuthor): boolean {
  const via = findVia(author);
  return peers.size === 0 || (peers.size === 1 && via !== undefined && peers.has(via));
}

function makeMessageFrame(
  chat: Pick<Chat, "room" | "ledger" | "ids">,
  author: RelayAuthor,
  messages: RelayedMessage,
): MessageFrame {
  const from = author.number;
  const flag = messages.action ? { action: true } : {};
  const id = takeMessageId(chat.ids);
  if (messages.originalId !== undefined)
    noteRelayed(chat.room, author, { id, originalId: messages.originalId });
  if (messages.spans !== undefined) chat.ledger.relayed?.note(id, messages.spans, from);
  return { type: "message", id, from, text: messages.text, ...flag };
}

/** Most messages are far too short to need parts, however JSON encodes them. */
function encodeForStream(frame: MessageFrame): readonly string[] {
  if (frame.text.length < lineMaxBytes / 8) return [encodeFrame(frame)];
  return encodeMessage(frame, lineMaxBytes - 1);
}

function joinLines(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}

function relayToRaw(
  chat: ReportContext & Pick<Chat, "room">,
  { author: origin, messages }: PendingRelay,
): void {
  const overTcp = chat.room.audiences.raw;
  const overUdp = listRawOverUdp(chat.room, origin);
  if (isAlone(overTcp, origin) && overUdp.length === 0) return;
  const output = messages.map((one) => encodeForRaw(chat.config, one));
  enqueueMessages(chat, overTcp, origin, messages, output);
  if (overUdp.length === 0) return;
  for (const [index, one] of messages.entries()) {
    const owners = collectOwners(one);
    for (const line of splitLines(output[index] ?? "")) enqueueText(chat, overUdp, line, { owners });
  }
}

/** The message as raw peers receive it: each line with its sender's name and a newline. */
function encodeForRaw(config: Config, messages: RelayedMessage): string {
  const lines = makeRawLines(messages);
  return config.crlf ? lines.replaceAll("\n", "\r\n") : lines;
}

function makeRawLines({ name, text, action }: RelayedMessage): string {
  const start = action ? `* ${formatActor(name)} ` : `<${name}> `;
  return joinLines(splitLines(text).map((line) => escapeForRawPeer(start + line)));
}

/** Enqueues the messages as one block, and notes each one's span where messages are traced. */
function enqueueMessages(
  chat: Pick<Chat, "config" | "effects">,
  audience: Audience<FanoutName>,
  author: RelayAuthor,
  messages: readonly RelayedMessage[],
  output: readonly string[],
): void {
  const block = Buffer.from(output.join(""));
  if (isTraced(chat.config)) noteRelayedMessages(audience, findVia(author), messages, output, block.length);
  enqueueBlock(chat, audience, author, block);
}

function noteRelayedMessages(
  { peers }: Audience,
  except: Peer | undefined,
  messages: readonly RelayedMessage[],
  output: readonly string[],
  blockBytes: number,
): void {
  const on = listStreamPlaces(peers, except);
  if (on.length === 0) return;
  // If all is ASCII, as most is, bytes equal UTF-16 units and need no second count.
  const isAscii = output.reduce((units, one) => units + one.length, 0) === blockBytes;
  let start = 0;
  for (let index = 0; index < messages.length; index += 1) {
    const one = messages[index];
    const piece = output[index] ?? "";
    const end = start + (isAscii ? piece.length : Buffer.byteLength(piece));
    if (one?.spans !== undefined) {
      addSpan(one.spans, { what: "text", way: "out", on, start, end });
      noteUnreported({ what: "text", of: [one.spans] }, peers, { start, end }, except);
    }
    start = end;
  }
}

/** Enqueues whole lines in pieces of at most relayBlockMaxBytes; a full queue refuses a piece as a whole. */
function enqueueBlock(
  chat: Pick<Chat, "config" | "effects">,
  audience: Audience<FanoutName>,
  author: RelayAuthor,
  block: BorrowedBytes,
): void {
  const via = findVia(author);
  if (block.length <= relayBlockMaxBytes) return enqueueForAudience(chat, audience, via, block);
  for (let start = 0; start < block.length;) {
    const end = findPieceEnd(block, start);
    enqueueForAudience(chat, audience, via, block.subarray(start, end));
    start = end;
  }
}

function findPieceEnd(block: BorrowedBytes, start: number): number {
  if (block.length - start <= relayBlockMaxBytes) return block.length;
  const last = block.lastIndexOf(newline, start + relayBlockMaxBytes - 1);
  return last > start ? last + 1 : block.indexOf(newline, start) + 1;
}

const newline = 0x0a;

/** Relays a private message to one member here. Returns the reason if that is impossible. */
export function relayPrivately(
  chat: SendContext,
  author: RelayAuthor,
  toNumber: number,
  { id: originId, text, sealed, action }: Pick<MessageFrame, "id" | "text" | "sealed" | "action">,
): Sentence | undefined {
  const to = chat.room.members.get(toNumber);
  if (to === undefined) return sentence("no-such-member");
  if (to === author) return sentence("that-is-you");
  const { via } = to;
  if (!canReceive(via)) return sentence("takes-no-lines", { who: undefined });
  if (via.identity.kind !== "duet" && !isNotForged(via)) return sentence("no-relay-over-udp");
  if (sealed !== undefined && (via.identity.kind !== "duet" || !isSealed(via.seal)))
    return sentence("cannot-open-sealed");
  flushRelay(chat);
  if (via.identity.kind === "duet") {
    const from = author.number;
    const id = takeMessageId(chat.ids);
    noteRelayed(chat.room, author, { id, originalId: originId }, toNumber);
    const frame: MessageFrame = { type: "message", id, from, to: toNumber, text };
    const marks = { ...(sealed !== undefined && { sealed }), ...(action === true && { action }) };
    deliverOrEnqueue(chat, via, { ...frame, ...marks });
    return undefined;
  }
  for (const line of splitLines(text))
    enqueueText(chat, [via], escapeForRawPeer(`<${author.name} → you> ${line}`));
  return undefined;
}

/** Relays a raw room's bytes (`--raw`) unchanged, in pieces that fit a queue and a datagram. */
export function relayBytes(
  chat: SendContext,
  author: Pick<Peer, "membership" | "inbound" | "trace">,
  bytes: BorrowedBytes,
): void {
  if (!isRelaying(chat)) return;
  const overTcp = chat.room.audiences.raw;
  const overUdp = listRawOverUdp(chat.room, author.membership.member);
  const receivedFrom = author.inbound.bytesIn - bytes.length;
  const lineStart = receivedFrom - author.inbound.decoder.unfinishedBytes;
  flushRelay(chat);
  for (let start = 0; start < bytes.length; start += datagramMaxBytes) {
    const piece = copyBytes(bytes.subarray(start, start + datagramMaxBytes));
    if (isTraced(chat.config)) {
      const span = { start: receivedFrom + start, end: receivedFrom + start + piece.length };
      noteRelayedBytes(author, [...overTcp.peers, ...overUdp], span, lineStart);
    }
    enqueueForAudience(chat, overTcp, author.membership.member?.via, piece);
    enqueue(chat, overUdp, piece);
  }
}

function listRawOverUdp(room: Room, except: RelayAuthor | undefined): readonly Peer[] {
  const { peers } = room.audiences.datagrams;
  if (peers.size === 0) return [];
  return [...peers].filter(
    (peer) => peer.identity.kind !== "duet" && peer.membership.member !== except && isNotForged(peer),
  );
}
