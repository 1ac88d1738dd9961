/** Bytes enqueued for peers: the payloads of effects, and the encoding of frames for one transport. */

import { type Frame, encodeFrame, orderMaxBytes } from "../../protocol/frame.ts";
import { datagramFrameMaxBytes, lineMaxBytes } from "../../protocol/limits.ts";
import { encodeMessage } from "../../protocol/parts.ts";
import type { TransportName } from "../../protocol/socket-event.ts";
import type { Chat } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { noteGiven } from "../trace/message-spans.ts";
import { flushRelay } from "./relay.ts";

/** As `give`, for bytes that are telnet's own: nothing is said by them. */
export function giveAsIs(chat: Chat, peers: readonly Peer[], payload: Uint8Array): void {
  flushRelay(chat);
  const first = peers[0];
  if (first === undefined || payload.length === 0) return;
  if (chat.carrying !== undefined) noteGiven(chat.carrying, peers, payload.length);
  for (const peer of peers) peer.bytesGiven += payload.length;
  const connections = peers.map((peer) => peer.connection);
  chat.effects.push({ type: "send", transport: first.transport, connections, payload });
}

/**
 * Whether a UDP endpoint that spoke first and is unproven may be sent so many bytes more that no person wrote: never
 * more than it sent itself, so that nobody makes duet an amplifier (protocol.md).
 */
export function mayHaveUnasked(peer: Peer, bytes: number): boolean {
  return peer.proven || peer.bytesGiven + bytes <= peer.bytesIn;
}

export const overStream = { transport: "tcp", theirKey: undefined } as const;

/** The lines of a frame as one peer gets it; over UDP each leaves room for its number. `padTo` fills a hello up. */
export function encodeLines(
  frame: Frame,
  { transport, theirKey }: Pick<Peer, "transport" | "theirKey">,
  padTo = 0,
): readonly string[] {
  const key = transport === "udp" ? theirKey : undefined;
  if (frame.type !== "message") return [encodeFrame(frame, key, padTo)];
  return encodeMessage(
    frame,
    transport === "udp" ? datagramFrameMaxBytes - orderMaxBytes : lineMaxBytes - 1,
    key,
  );
}

export function frameBytes(transport: TransportName, line: string): Uint8Array {
  return Buffer.from(transport === "tcp" ? `${line}\n` : line);
}
