/**
 * Encodes frames and enqueues bytes: one effect for all peers that receive the same bytes. The order with relayed
 * messages is kept by sending.ts.
 */

import { isLoopback } from "../../protocol/address/endpoint.ts";
import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { encodeFrame, orderMaxBytes } from "../../protocol/frames/frame-codec.ts";
import type { Frame } from "../../protocol/frames/frame.ts";
import { encodeMessage } from "../../protocol/frames/message-parts.ts";
import { datagramFrameMaxBytes, lineMaxBytes, sealedDatagramOverhead } from "../../protocol/limits.ts";
import { escapeTelnet } from "../../protocol/lines/telnet.ts";
import type { ConnectionId, FanoutName, TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Config } from "../config/config.ts";
import type { Chat } from "../model/chat.ts";
import type { Audience, Peer } from "../model/peer.ts";
import type { SpanOwners } from "../spans/message-spans.ts";
import { noteEnqueued } from "../trace/enqueued-spans.ts";
import type { Effect } from "../model/effect.ts";
import { isSealed } from "../peer/seal.ts";

/** How a frame is sent. */
export interface FrameOptions {
  /** The size that a hello is padded to, so that no answer is larger than the hello. */
  readonly padTo?: number;
  /** The person asked for it, so that maySendUnasked does not apply. */
  readonly isAsked?: boolean;
  /** The messages that the frame belongs to, or reports on; only where messages are traced. */
  readonly owners?: SpanOwners | undefined;
}

/** Enqueues one payload for peers of one transport. */
export function enqueue(
  chat: Pick<Chat, "config" | "nowMs" | "effects">,
  peers: readonly Peer[],
  payload: Uint8Array,
  owners?: SpanOwners,
): void {
  const escaped = chat.config.telnet && peers[0]?.link.transport === "tcp" ? escapeTelnet(payload) : payload;
  for (const peer of peers) peer.liveness.lastSentMs = chat.nowMs;
  enqueueAsIs(chat.effects, peers, escaped, owners);
}

/** As `enqueue`, for telnet's own bytes: they are not escaped, and are no sign of life. */
export function enqueueAsIs(
  effects: Effect[],
  peers: readonly Peer[],
  payload: Uint8Array,
  owners?: SpanOwners,
): void {
  const first = peers[0];
  if (first === undefined || payload.length === 0) return;
  const connections = noteEnqueuedAlone(peers, payload.length, owners);
  effects.push({ type: "send", transport: first.link.transport, connections, payload });
}

/** Enqueues bytes that are not sealed, in a session either. */
export function enqueueUnsealed(
  chat: Pick<Chat, "nowMs" | "effects">,
  peer: Peer,
  payload: Uint8Array,
): void {
  peer.liveness.lastSentMs = chat.nowMs;
  const connections = noteEnqueuedAlone([peer], payload.length, undefined);
  chat.effects.push({ type: "send", transport: peer.link.transport, connections, payload, isUnsealed: true });
}

/** Counts bytes for each peer. Returns their connections. */
function noteEnqueuedAlone(
  peers: readonly Peer[],
  bytes: number,
  owners: SpanOwners | undefined,
): readonly ConnectionId[] {
  if (owners !== undefined) noteEnqueued(owners, peers, bytes);
  for (const peer of peers) peer.outbound.enqueuedAlone += bytes;
  return peers.map((peer) => peer.link.connection);
}

/** As `enqueue`, of bytes that are lent until the event's effects are carried out, for peers over TCP. */
export function enqueueLent(
  chat: Pick<Chat, "config" | "nowMs" | "effects">,
  peers: readonly Peer[],
  bytes: BorrowedBytes,
  owners?: SpanOwners,
): void {
  if (peers.length === 0 || bytes.length === 0) return;
  const payload = chat.config.telnet ? escapeTelnet(bytes) : bytes;
  for (const peer of peers) peer.liveness.lastSentMs = chat.nowMs;
  const connections = noteEnqueuedAlone(peers, payload.length, owners);
  chat.effects.push({ type: "send-lent", connections, payload });
}

/** Enqueues one payload for an audience of TCP peers except its origin. */
export function enqueueForAudience(
  chat: Pick<Chat, "config" | "effects">,
  audience: Audience<FanoutName>,
  author: Peer | undefined,
  bytes: BorrowedBytes,
): void {
  if (audience.peers.size === 0 || bytes.length === 0) return;
  const payload = chat.config.telnet ? escapeTelnet(bytes) : bytes;
  const share = author?.outbound.share;
  audience.enqueuedBytes += payload.length;
  if (share?.group === audience) share.missedBytes += payload.length;
  chat.effects.push({ type: "publish", group: audience.name, except: author?.link.connection, payload });
}

/** Enqueues a frame without delivery, in parts if it is a long message. */
export function enqueueFrame(
  chat: Pick<Chat, "config" | "nowMs" | "effects">,
  peer: Peer,
  frame: Frame,
  options: FrameOptions = {},
): void {
  const { padTo = 0, isAsked = false, owners } = options;
  for (const line of encodeLines(frame, getFrameTarget(peer), padTo)) {
    const bytes = toFrameBytes(peer.link.transport, line);
    if (isAsked || maySendUnasked(peer, bytes.length)) enqueue(chat, [peer], bytes, owners);
  }
}

/** Enqueues text for raw peers: lines over TCP (without the newline if it `continues`), one datagram over UDP. */
export function enqueueText(
  chat: Pick<Chat, "config" | "nowMs" | "effects">,
  peers: readonly Peer[],
  text: string | Uint8Array,
  { continues = false, owners }: TextOptions = {},
): void {
  const overTcp = peers.filter((peer) => peer.link.transport === "tcp" && !peer.link.isFinSent);
  if (overTcp.length > 0) enqueue(chat, overTcp, encodeLine(chat.config, text, continues), owners);
  const overUdp = peers.filter((peer) => peer.link.transport === "udp");
  if (overUdp.length > 0) enqueue(chat, overUdp, Buffer.from(text), owners);
}

/** The bytes of a text for raw peers over TCP, without its last newline if it `continues`. */
export function encodeLine(
  { crlf }: Pick<Config, "crlf">,
  text: string | Uint8Array,
  continues: boolean,
): Uint8Array {
  if (typeof text === "string") {
    const whole = continues ? text : `${text}\n`;
    return Buffer.from(crlf ? whole.replaceAll("\n", "\r\n") : whole);
  }
  if (continues) return text;
  // A line with a CR at its end has half of CR LF.
  const newline = crlf && text.at(-1) !== carriageReturn ? "\r\n" : "\n";
  return Buffer.concat([text, Buffer.from(newline)]);
}

const carriageReturn = 0x0d;

/** How a text is sent to raw peers. */
export interface TextOptions {
  /** The rest of the same line follows. */
  readonly continues?: boolean;
  /** The message that the text belongs to; only where messages are traced. */
  readonly owners?: SpanOwners | undefined;
}

/**
 * True if an unproven UDP endpoint may be sent that many bytes that no person wrote. It never gets more than it sent,
 * so that duet cannot be used as an amplifier (PROTOCOL.md, Reachability over UDP, rule A).
 */
export function maySendUnasked(
  peer: Pick<Peer, "link" | "handshake" | "inbound" | "outbound">,
  bytes: number,
): boolean {
  if (peer.link.transport === "tcp" || peer.handshake.isProven) return true;
  return peer.outbound.enqueuedAlone + bytes <= peer.inbound.bytesIn;
}

/**
 * True if a peer may be sent that many bytes of a program's output, which is piped into our standard input. A raw UDP
 * endpoint beyond this machine that sent to us first may be forged: it receives no more bytes than it has sent.
 */
export function mayReceivePiped(
  peer: Pick<Peer, "link" | "identity" | "handshake" | "inbound" | "outbound">,
  bytes: number,
): boolean {
  return isNotForged(peer) || maySendUnasked(peer, bytes);
}

/** False for a raw UDP endpoint beyond this machine that nobody accepted: anybody can send in its name. */
export function isNotForged(peer: Pick<Peer, "link" | "identity">): boolean {
  return peer.link.transport === "tcp" || peer.identity.isTrusted || isLoopback(peer.link.endpoint);
}

/** The facts that the encoding of a frame depends on. */
interface FrameTarget {
  readonly transport: TransportName;
  /** UDP: the key that the recipient expects in each datagram. */
  readonly theirKey: string | undefined;
  /** UDP: the bytes that sealing adds to a datagram. */
  readonly overhead: number;
}

/** Any duet over TCP. */
export const overStream: FrameTarget = { transport: "tcp", theirKey: undefined, overhead: 0 };

export function getFrameTarget({
  link,
  handshake,
  seal,
}: Pick<Peer, "link" | "handshake" | "seal">): FrameTarget {
  return isSealed(seal) || seal.isRestarting
    ? { transport: link.transport, theirKey: undefined, overhead: sealedDatagramOverhead }
    : { transport: link.transport, theirKey: handshake.theirKey, overhead: 0 };
}

/** The most bytes of an encoded frame to a peer, before it is numbered. */
export function getFrameMaxBytes({ transport, overhead }: FrameTarget): number {
  return transport === "udp" ? datagramFrameMaxBytes - overhead - orderMaxBytes : lineMaxBytes - 1;
}

/** The encoded lines of a frame for one peer; over UDP each leaves room for its number. `padTo`: see FrameOptions. */
export function encodeLines(frame: Frame, target: FrameTarget, padTo = 0): readonly string[] {
  const key = target.transport === "udp" ? target.theirKey : undefined;
  if (frame.type !== "message") return [encodeFrame(frame, key, padTo)];
  return encodeMessage(frame, getFrameMaxBytes(target), key);
}

/** The lines of a frame that delivery numbers, without the receiver's key, for which they leave room. */
export function encodeUnkeyedLines(frame: Frame, target: FrameTarget, keyField: string): readonly string[] {
  if (frame.type !== "message") return [encodeFrame(frame)];
  return encodeMessage(frame, getFrameMaxBytes(target) - Buffer.byteLength(keyField));
}

export function toFrameBytes(transport: TransportName, line: string): Uint8Array {
  return Buffer.from(transport === "tcp" ? `${line}\n` : line);
}
