/**
 * Lines of a raw peer that were received together and need no look one by one: they are reported and relayed as one
 * block. session/line-reader.ts chooses the peers that are read this way; received-bytes.ts reads all others.
 */

import { framePrefix } from "../../protocol/frames/frame-codec.ts";
import { LineStarter, startLines } from "../../protocol/lines/plain-bytes.ts";
import { areLinesClean } from "../../protocol/text/text.ts";
import { decodeUtf8 } from "../../protocol/text/utf8.ts";
import { type Chat, getName } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { relayLines } from "../outbound/relay.ts";
import { setPath } from "../room/members.ts";

/**
 * Reports and relays a block of whole lines, which is borrowed. False, and nothing is reported, if a line in it must
 * be handled by itself.
 */
export function receiveBulk(chat: Chat, peer: Peer, lines: Uint8Array): boolean {
  const { member } = peer.membership;
  if (member === undefined) return false;
  const output = startClean(prefixOf(peer), lines);
  if (output === undefined) return false;
  peer.inbound.isFirstLine = false;
  const { transport } = peer.link;
  chat.effects.push({
    type: "report",
    output: { type: "lines", atMs: chat.nowMs, transport, bytes: output },
  });
  setPath(chat, member, peer);
  relayLines(chat, member, lines, output);
  return true;
}

/** The prefix `<name> `, made again when the name changes. */
function prefixOf(peer: Peer): Uint8Array {
  const name = getName(peer);
  const { namePrefix } = peer.inbound;
  if (namePrefix?.name === name) return namePrefix.bytes;
  const bytes = Buffer.from(`<${name}> `);
  peer.inbound.namePrefix = { name, bytes };
  return bytes;
}

const starter = new LineStarter(framePrefix);

/** The lines with their prefix; undefined if one is not clean, is empty or may be a frame. */
function startClean(start: Uint8Array, lines: Uint8Array): Uint8Array | undefined {
  const plain = starter.startPlain(start, lines);
  if (plain !== undefined) return plain;
  const text = decodeUtf8(lines);
  if (text.includes(framePrefix)) return undefined;
  const isAnyEmpty = text.startsWith("\n") || text.includes("\n\n");
  return isAnyEmpty || !areLinesClean(text) ? undefined : startLines(start, lines);
}
