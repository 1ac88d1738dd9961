/**
 * Messages of a duet to the room that were received together: they are reported and relayed as one block.
 * room/line-mode.ts chooses the peers that this is done for; received-bytes.ts handles all other frames.
 */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { formatBlockLines, readMessageBlock } from "../../protocol/frames/message-block.ts";
import { proveEndpoint } from "../connections/greeting.ts";
import { noteMessageBlock } from "../messages/duet-message.ts";
import type { SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { relayMessageBlock } from "../outbound/relay.ts";
import { setPath } from "../room/members.ts";

/**
 * Reports the messages that follow each other from `start` on, each with the peer's prefix, and relays them. Returns the
 * offset after them; `start`, and nothing is reported, if the next frame must be handled by itself.
 */
export function receiveMessageBlock(
  chat: SendContext,
  peer: Peer,
  prefix: Uint8Array,
  frames: BorrowedBytes,
  start: number,
): number {
  const { member } = peer.membership;
  const block = readMessageBlock(frames, start, start === 0 ? "lent" : "owned");
  if (block === undefined || member === undefined) return start;
  const lines = formatBlockLines(block, prefix);
  proveEndpoint(chat, peer);
  setPath(chat, member, peer);
  const { transport } = peer.link;
  chat.effects.push({
    type: "report",
    output: { type: "lines", atMs: chat.wallMs, transport, bytes: lines },
  });
  noteMessageBlock(chat, peer, block.ids.subarray(0, block.count));
  relayMessageBlock(chat, member, block, lines);
  return block.end;
}
