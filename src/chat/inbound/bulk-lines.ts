/**
 * Lines of a raw peer that were received together and need no look one by one: they are reported and relayed as one
 * block. room/line-mode.ts chooses the peers that this is done for; received-bytes.ts handles all other lines.
 */

import { type BorrowedBytes, lendBytes } from "../../protocol/borrowed-bytes.ts";
import { framePrefix } from "../../protocol/frames/frame-codec.ts";
import { prefixLines, prefixPlain } from "../../protocol/lines/plain-bytes.ts";
import { areLinesClean } from "../../protocol/text/text.ts";
import { decodeUtf8 } from "../../protocol/text/utf8.ts";
import { getSide, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { relayLines } from "../outbound/relay.ts";
import { setPath } from "../room/members.ts";

/**
 * Reports a block of whole lines, each with the peer's prefix, and relays it, unless its bytes are relayed as they are
 * (`--raw`). False, and nothing is reported, if a line in it must be handled by itself.
 */
export function receiveBulk(
  chat: SendContext,
  peer: Peer,
  prefix: Uint8Array,
  lines: BorrowedBytes,
): boolean {
  const output = prefixClean(prefix, lines);
  if (output === undefined) return false;
  peer.inbound.isFirstLine = false;
  const { transport } = peer.link;
  chat.effects.push({
    type: "report",
    output: { type: "lines", atMs: chat.wallMs, transport, bytes: output },
  });
  const { member } = peer.membership;
  if (member === undefined || getSide(chat, peer.link).isRaw) return true;
  setPath(chat, member, peer);
  relayLines(chat, member, lines, output);
  return true;
}

/** The lines with their prefix; undefined if one is not clean, is empty or may be a frame. */
function prefixClean(prefix: Uint8Array, lines: BorrowedBytes): BorrowedBytes | undefined {
  if (mayHaveFrame(lines)) return undefined;
  return (
    prefixPlain(prefix, lines) ?? (areLinesClean(decodeUtf8(lines)) ? prefixLines(prefix, lines) : undefined)
  );
}

function mayHaveFrame(lines: BorrowedBytes): boolean {
  const { buffer, byteOffset, byteLength } = lendBytes(lines);
  return Buffer.from(buffer, byteOffset, byteLength).includes(framePrefix);
}
