/**
 * What one member says, on its way to all others: gathered over one event, so that the lines of one read leave as one
 * block for all duets and one for all raw peers, each encoded once. Who is in the room is in room.ts.
 */

import { isLoopback } from "../protocol/endpoint.ts";
import { encodeFrame, type MessageFrame } from "../protocol/frame.ts";
import { datagramMaxBytes, lineMaxBytes, relayBlockMaxBytes } from "../protocol/limits.ts";
import { encodeMessage } from "../protocol/parts.ts";
import { escapeForRawPeer, splitLines } from "../protocol/text.ts";
import { canHear } from "./recipients.ts";
import { duetsBut, takeMessageId } from "./room.ts";
import { give, sendFrameTo, sendTextToAll } from "./sending.ts";
import type { Chat, Peer, RoomMember } from "./state.ts";

/** Words of one member that are still to be passed on. */
export interface Relayed {
  readonly origin: RoomMember;
  /** `name`: the origin's, when it said so. */
  readonly words: { readonly name: string; readonly text: string; readonly action: boolean }[];
}

/** One member's words to all others: frames to duets, `<name> line` to raw peers, never back to where they came from. */
export function relay(chat: Chat, origin: RoomMember, text: string, action: boolean): void {
  if (chat.members.size < 2) return;
  if (chat.relayed !== undefined && chat.relayed.origin !== origin) flushRelay(chat);
  chat.relayed ??= { origin, words: [] };
  chat.relayed.words.push({ name: origin.name, text, action });
}

/** Passes on what was gathered: at the end of each event, and before anything else is sent, so that order holds. */
export function flushRelay(chat: Chat): void {
  const relayed = chat.relayed;
  if (relayed === undefined) return;
  chat.relayed = undefined;
  relayToDuets(chat, relayed);
  relayToRaw(chat, relayed);
}

function relayToDuets(chat: Chat, { origin, words }: Relayed): void {
  const duets = duetsBut(chat, origin);
  if (duets.length === 0) return;
  const frames = words.map(({ text, action }): MessageFrame => {
    const flag = action ? { action } : {};
    return { type: "message", id: takeMessageId(chat), from: origin.number, text, ...flag };
  });
  const overTcp = duets.filter((peer) => peer.transport === "tcp" && !peer.weShutDown);
  if (overTcp.length > 0) giveLines(chat, overTcp, frames.flatMap(encodeForStream), "\n");
  for (const peer of duets) {
    if (peer.transport === "udp") for (const frame of frames) sendFrameTo(chat, peer, frame);
  }
}

/** Most messages are far too short to be cut, whatever JSON makes of them. */
function encodeForStream(frame: MessageFrame): readonly string[] {
  if (frame.text.length < lineMaxBytes / 8) return [encodeFrame(frame)];
  return encodeMessage(frame, lineMaxBytes - 1);
}

function relayToRaw(chat: Chat, { origin, words }: Relayed): void {
  const raw = rawBut(chat, origin);
  if (raw.length === 0) return;
  const lines = words.flatMap(({ name, text, action }) => {
    const start = action ? `* ${name} ` : `<${name}> `;
    return splitLines(text).map((line) => escapeForRawPeer(start + line));
  });
  const overTcp = raw.filter((peer) => peer.transport === "tcp" && !peer.weShutDown);
  if (overTcp.length > 0) giveLines(chat, overTcp, lines, chat.config.crlf ? "\r\n" : "\n");
  const overUdp = raw.filter((peer) => peer.transport === "udp");
  if (overUdp.length > 0) for (const line of lines) sendTextToAll(chat, overUdp, line);
}

/** Whole lines in blocks of at most relayBlockMaxBytes: a block that finds a queue full is refused whole. */
function giveLines(chat: Chat, peers: readonly Peer[], lines: readonly string[], newline: string): void {
  let block = "";
  for (const line of lines) {
    // A UTF-16 unit takes at most three bytes of UTF-8.
    if (block !== "" && (block.length + line.length) * 3 > relayBlockMaxBytes) {
      give(chat, peers, Buffer.from(block));
      block = "";
    }
    block += line + newline;
  }
  if (block !== "") give(chat, peers, Buffer.from(block));
}

/** One member's words to another alone. Else why they could not be passed on. */
export function relayPrivately(
  chat: Chat,
  origin: RoomMember,
  toNumber: number,
  text: string,
  action: boolean,
): string | undefined {
  const to = chat.members.get(toNumber);
  if (to === undefined) return "nobody of that number is here any more";
  if (to === origin) return "that is you yourself";
  const { via } = to;
  if (!canHear(via)) return "it takes no words now";
  if (via.kind !== "duet" && !mayHearOthers(via)) return "nothing of others is sent there over UDP";
  if (via.kind === "duet") {
    const from = origin.number;
    const frame: MessageFrame = { type: "message", id: takeMessageId(chat), from, to: toNumber, text };
    sendFrameTo(chat, via, { ...frame, ...(action ? { action } : {}) });
    return undefined;
  }
  for (const line of splitLines(text))
    sendTextToAll(chat, [via], escapeForRawPeer(`<${origin.name} → you> ${line}`));
  return undefined;
}

/** Bytes of a raw room (`--raw`), to all others as they came, in pieces that fit a queue and a datagram. */
export function relayBytes(chat: Chat, origin: Peer, bytes: Uint8Array): void {
  const others = [...chat.members.values()]
    .filter((member) => member !== origin.member)
    .map((member) => member.via)
    .filter(mayHearOthers);
  for (const transport of ["tcp", "udp"] as const) {
    const peers = others.filter((peer) => peer.transport === transport && !peer.weShutDown);
    for (let start = 0; peers.length > 0 && start < bytes.length; start += datagramMaxBytes)
      give(chat, peers, bytes.slice(start, start + datagramMaxBytes));
  }
}

function rawBut(chat: Chat, but: RoomMember): readonly Peer[] {
  const peers: Peer[] = [];
  for (const member of chat.members.values()) {
    const peer = member.via;
    if (member !== but && peer.kind !== "duet" && mayHearOthers(peer)) peers.push(peer);
  }
  return peers;
}

/** A raw UDP endpoint beyond this machine may be forged: it gets what a person writes to it, and no relayed lines. */
function mayHearOthers(peer: Peer): boolean {
  return peer.transport === "tcp" || isLoopback(peer.endpoint);
}
