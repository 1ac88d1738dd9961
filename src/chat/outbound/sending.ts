/**
 * Sends frames to duets, lines to raw peers and bytes to both. Every send leaves after the messages that are being
 * relayed: this file is the one place that keeps that order. The recipients are decided elsewhere.
 */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import type { Frame } from "../../protocol/frames/frame.ts";
import { lineMaxBytes } from "../../protocol/limits.ts";
import type { SendContext } from "../model/chat.ts";
import type { Peer, LocalMember } from "../model/peer.ts";
import type { SpanOwners } from "../spans/message-spans.ts";
import { deliverOrEnqueue } from "./delivery.ts";
import {
  encodeLines,
  enqueue,
  enqueueAsIs,
  enqueueLent,
  enqueueUnsealed,
  enqueueForAudience,
  enqueueText,
  toFrameBytes,
  getFrameTarget,
  type FrameOptions,
  maySendUnasked,
  overStream,
  type TextOptions,
} from "./enqueue.ts";
import { listDuetsOverUdp, flushRelay } from "./relay.ts";

/** Sends one payload to peers of one transport. */
export function sendPayload(
  chat: SendContext,
  peers: readonly Peer[],
  payload: Uint8Array,
  owners?: SpanOwners,
): void {
  flushRelay(chat);
  enqueue(chat, peers, payload, owners);
}

/** As `sendPayload`, of bytes that are lent until the event's effects are carried out, to peers over TCP. */
export function sendLentPayload(
  chat: SendContext,
  peers: readonly Peer[],
  bytes: BorrowedBytes,
  owners?: SpanOwners,
): void {
  flushRelay(chat);
  enqueueLent(chat, peers, bytes, owners);
}

/** Sends bytes to a peer as they are, also in a session: those of a handshake. */
export function sendUnsealed(chat: SendContext, peer: Peer, payload: Uint8Array): void {
  flushRelay(chat);
  enqueueUnsealed(chat, peer, payload);
}

/** As `sendPayload`, for telnet's own bytes. */
export function sendAsIs(chat: SendContext, peers: readonly Peer[], payload: Uint8Array): void {
  flushRelay(chat);
  enqueueAsIs(chat.effects, peers, payload);
}

/** Sends a frame to one duet, in parts if it is a long message. */
export function sendFrameTo(chat: SendContext, peer: Peer, frame: Frame, options?: FrameOptions): void {
  flushRelay(chat);
  deliverOrEnqueue(chat, peer, frame, options);
}

/** Sends the line of a frame that is encoded already, without delivery. `isAsked`: see FrameOptions. */
export function sendFrameLine(chat: SendContext, peer: Peer, line: string, isAsked: boolean): void {
  const bytes = toFrameBytes(peer.link.transport, line);
  if (isAsked || maySendUnasked(peer, bytes.length)) sendPayload(chat, [peer], bytes);
}

/** Sends many frames to one duet: over TCP in few payloads, none of which fills an empty queue. */
export function sendFramesTo(chat: SendContext, peer: Peer, frames: readonly Frame[]): void {
  if (peer.link.transport === "udp") return frames.forEach((frame) => sendFrameTo(chat, peer, frame));
  let block = "";
  for (const [index, frame] of frames.entries()) {
    block += `${encodeLines(frame, getFrameTarget(peer)).join("\n")}\n`;
    if (block.length < lineMaxBytes && index + 1 < frames.length) continue;
    if (!peer.link.isFinSent) sendPayload(chat, [peer], Buffer.from(block));
    block = "";
  }
}

/** Sends the same frame to many duets: over TCP it is encoded once; over UDP each datagram has its recipient's key. */
export function sendFrameToAll(
  chat: SendContext,
  peers: readonly Peer[],
  frame: Frame,
  owners?: SpanOwners,
): void {
  flushRelay(chat);
  const overTcp = peers.filter((peer) => peer.link.transport === "tcp" && !peer.link.isFinSent);
  if (overTcp.length > 0) {
    for (const line of encodeLines(frame, overStream))
      enqueue(chat, overTcp, toFrameBytes("tcp", line), owners);
  }
  for (const peer of peers)
    if (peer.link.transport === "udp") deliverOrEnqueue(chat, peer, frame, { owners });
}

/** Sends a frame to every duet of the room but one member. */
export function sendFrameToRoom(chat: SendContext, frame: Frame, except?: LocalMember): void {
  flushRelay(chat);
  const overTcp = chat.room.audiences.duets;
  if (overTcp.peers.size > 0)
    for (const line of encodeLines(frame, overStream))
      enqueueForAudience(chat, overTcp, except?.via, toFrameBytes("tcp", line));
  for (const peer of listDuetsOverUdp(chat.room, except)) deliverOrEnqueue(chat, peer, frame);
}

/** Sends text to raw peers: lines over TCP (without the newline if it `continues`), one datagram over UDP. */
export function sendTextToAll(
  chat: SendContext,
  peers: readonly Peer[],
  text: string | Uint8Array,
  options?: TextOptions,
): void {
  flushRelay(chat);
  enqueueText(chat, peers, text, options);
}

/** Sends duet's own line to a raw peer; over UDP only as far as maySendUnasked allows. True if it was sent. */
export function sendUnaskedText(chat: SendContext, peer: Peer, text: string): boolean {
  const isAllowed = maySendUnasked(peer, Buffer.byteLength(text));
  if (isAllowed) sendTextToAll(chat, [peer], text);
  return isAllowed;
}
