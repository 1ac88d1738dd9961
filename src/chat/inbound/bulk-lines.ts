/**
 * Lines that come together and need no look one by one: a raw peer's, where nobody counts messages. They are told and
 * passed on as one text. This is where a hub's speed comes from; what any other line means is in inbound.ts.
 */

import { framePrefix } from "../../protocol/frames/frame-codec.ts";
import { LineStarter, startLines } from "../../protocol/lines/plain-bytes.ts";
import { areLinesClean } from "../../protocol/text/text.ts";
import { type Chat, nameOf } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { relayLines } from "../outbound/relay.ts";
import { useVia } from "../room/members.ts";
import { isStranger } from "../room/strangers.ts";

/** Whether a peer's whole lines may be taken together. */
export function mayTakeBlocks(chat: Chat, side: Side, peer: Peer): boolean {
  const { config } = chat;
  const isRawForGood =
    peer.identity.kind === "raw" &&
    peer.link.isInbound &&
    !peer.handshake.isHelloSent &&
    peer.membership.member !== undefined;
  const isEasy =
    config.tellLines &&
    !config.crlf &&
    !side.isRaw &&
    !peer.inbound.isClosedBySilence &&
    !isStranger(chat, peer);
  return isEasy && isRawForGood;
}

/**
 * Tells a block and passes it on; it may be used again at once. False: something in it needs a look, and nothing was
 * told.
 */
export function heardBlock(chat: Chat, side: Side, peer: Peer, lines: Uint8Array): boolean {
  const told = startClean(startOf(peer), lines);
  if (told === undefined) return false;
  peer.inbound.isFirstLine = false;
  const { transport } = side;
  chat.effects.push({ type: "tell", output: { type: "lines", atMs: chat.nowMs, transport, bytes: told } });
  if (peer.membership.member === undefined) return true;
  useVia(chat, peer.membership.member, peer);
  relayLines(chat, peer.membership.member, lines, told);
  return true;
}

/** What is put before a peer's lines, under the name that it had last. */
const starts = new WeakMap<Peer, { readonly name: string; readonly start: Uint8Array }>();

function startOf(peer: Peer): Uint8Array {
  const name = nameOf(peer);
  const known = starts.get(peer);
  if (known?.name === name) return known.start;
  const start = Buffer.from(`<${name}> `);
  starts.set(peer, { name, start });
  return start;
}

const starter = new LineStarter(framePrefix);
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** undefined: not all lines are clean, or one is empty or may be a frame. */
function startClean(start: Uint8Array, lines: Uint8Array): Uint8Array | undefined {
  const plain = starter.startPlain(start, lines);
  if (plain !== undefined) return plain;
  const text = utf8.decode(lines);
  if (text.includes(framePrefix)) return undefined;
  const isAnyEmpty = text.startsWith("\n") || text.includes("\n\n");
  return isAnyEmpty || !areLinesClean(text) ? undefined : startLines(start, lines);
}
