/**
 * From a meaning to payloads: frames for duets, lines for raw peers, one effect for all who get the same bytes.
 * Who is to get something is decided elsewhere.
 */

import type { Frame } from "../../protocol/frame.ts";
import { lineMaxBytes } from "../../protocol/limits.ts";
import { escapeTelnet } from "../../protocol/telnet.ts";
import type { Chat } from "../model/chat.ts";
import type { Audience, Peer, RoomMember } from "../model/peer.ts";
import { audienceOf } from "./audience.ts";
import { deliver, delivers } from "./delivery.ts";
import { encodeLines, frameBytes, giveAsIs, mayHaveUnasked, overStream } from "./enqueue.ts";
import { flushRelay } from "./relay.ts";

/** One payload to some peers of one transport. */
export function give(chat: Chat, peers: readonly Peer[], payload: Uint8Array): void {
  const escaped = chat.config.telnet && peers[0]?.transport === "tcp" ? escapeTelnet(payload) : payload;
  for (const peer of peers) peer.lastSpokenMs = chat.nowMs;
  giveAsIs(chat, peers, escaped);
}

/** One payload for all of an audience of streams but who said it. */
export function broadcast(chat: Chat, audience: Audience, origin: Peer | undefined, bytes: Uint8Array): void {
  flushRelay(chat);
  if (audience.peers.length === 0 || bytes.length === 0) return;
  const payload = chat.config.telnet ? escapeTelnet(bytes) : bytes;
  const but = origin?.audience === audience ? origin : undefined;
  audience.givenBytes += payload.length;
  if (but !== undefined) but.bytesGiven -= payload.length;
  const hearers = { list: audience.connections, size: audience.connections.length };
  chat.effects.push({ type: "broadcast", hearers, but: but?.connection, payload });
}

/**
 * A frame to one duet, in parts if it is a long message. `padTo` fills a hello up; `asked`: a person wants it sent, so
 * it needs no leave of mayHaveUnasked.
 */
export function sendFrameTo(chat: Chat, peer: Peer, frame: Frame, padTo = 0, asked = false): void {
  if (peer.weShutDown) return;
  if (delivers(peer, frame)) return deliver(chat, peer, frame);
  for (const line of encodeLines(frame, peer, padTo)) {
    const bytes = frameBytes(peer.transport, line);
    if (asked || mayHaveUnasked(peer, bytes.length)) give(chat, [peer], bytes);
  }
}

/** Many frames to one duet: over TCP in few payloads, none of which fills an empty queue. */
export function sendFramesTo(chat: Chat, peer: Peer, frames: readonly Frame[]): void {
  if (peer.transport === "udp") return frames.forEach((frame) => sendFrameTo(chat, peer, frame));
  let block = "";
  for (const [index, frame] of frames.entries()) {
    block += `${encodeLines(frame, peer).join("\n")}\n`;
    if (block.length < lineMaxBytes && index + 1 < frames.length) continue;
    if (!peer.weShutDown) give(chat, [peer], Buffer.from(block));
    block = "";
  }
}

/** The same frame to many duets: over TCP it is encoded once; over UDP each datagram bears its receiver's key. */
export function sendFrameToAll(chat: Chat, peers: readonly Peer[], frame: Frame): void {
  const overTcp = peers.filter((peer) => peer.transport === "tcp" && !peer.weShutDown);
  if (overTcp.length > 0) {
    for (const line of encodeLines(frame, overStream)) give(chat, overTcp, frameBytes("tcp", line));
  }
  for (const peer of peers) if (peer.transport === "udp") sendFrameTo(chat, peer, frame);
}

/** A frame to every duet of the room but one member. */
export function sendFrameToRoom(chat: Chat, frame: Frame, but?: RoomMember): void {
  const overTcp = audienceOf(chat, "duets");
  if (overTcp.peers.length > 0)
    for (const line of encodeLines(frame, overStream))
      broadcast(chat, overTcp, but?.via, frameBytes("tcp", line));
  for (const peer of duetsOverUdp(chat, but)) sendFrameTo(chat, peer, frame);
}

/** The room's duets that are heard over UDP, but one member: each datagram bears its receiver's key. */
export function duetsOverUdp(chat: Chat, but: RoomMember | undefined): readonly Peer[] {
  const { peers } = audienceOf(chat, "datagrams");
  if (peers.length === 0) return peers;
  return peers.filter((peer) => peer.kind === "duet" && peer.proven && peer.member !== but);
}

/** Text to raw peers as lines over TCP (with the newline unless it `continues`), and as one datagram over UDP. */
export function sendTextToAll(chat: Chat, peers: readonly Peer[], text: string, continues = false): void {
  const overTcp = peers.filter((peer) => peer.transport === "tcp" && !peer.weShutDown);
  const newline = continues ? "" : chat.config.crlf ? "\r\n" : "\n";
  if (overTcp.length > 0) give(chat, overTcp, Buffer.from(text + newline));
  const overUdp = peers.filter((peer) => peer.transport === "udp");
  if (overUdp.length > 0) give(chat, overUdp, Buffer.from(text));
}

/** A line of duet's own to a raw peer; over UDP only as far as mayHaveUnasked allows. Whether it was sent. */
export function sendUnaskedText(chat: Chat, peer: Peer, text: string): boolean {
  const isAllowed = mayHaveUnasked(peer, Buffer.byteLength(text));
  if (isAllowed) sendTextToAll(chat, [peer], text);
  return isAllowed;
}
