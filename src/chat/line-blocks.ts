/**
 * Lines that come together and need no look one by one: a raw peer's, where nobody counts messages. They are told and
 * passed on as one text. This is where a hub's speed comes from; what any other line means is in inbound.ts.
 */

import { framePrefix } from "../protocol/frame.ts";
import { arePlainLines } from "../protocol/plain-bytes.ts";
import { areLinesClean, startLines } from "../protocol/text.ts";
import { relayLines } from "./relay.ts";
import { tell } from "./report.ts";
import { useVia } from "./room.ts";
import { type Chat, nameOf, type Peer, type Side } from "./state.ts";
import { isStranger } from "./strangers.ts";

/** Whether a block of a peer's whole lines may be taken as it is; the same function for all that may. */
export function blocksOf(chat: Chat, side: Side, peer: Peer): IsTaken {
  const { config } = chat;
  const isRawForGood = peer.kind === "raw" && peer.accepted && !peer.greeted && peer.member !== undefined;
  const isEasy =
    config.tellLines && !config.crlf && !side.raw && !peer.closedBySilence && !isStranger(chat, peer);
  return isEasy && isRawForGood ? isPlain : never;
}

type IsTaken = (block: string, bytes: Uint8Array) => boolean;

/** Clean lines, none of them empty or a frame. */
function isPlain(block: string, bytes: Uint8Array): boolean {
  if (block.startsWith("\n") || block.includes("\n\n")) return false;
  if (block.startsWith(framePrefix) || block.includes(`\n${framePrefix}`)) return false;
  return arePlainLines(bytes) || areLinesClean(block);
}

function never(): boolean {
  return false;
}

/** Tells a block and passes it on. */
export function heardBlock(chat: Chat, side: Side, peer: Peer, block: string): void {
  const told = Buffer.from(startLines(`<${nameOf(peer)}> `, block));
  peer.firstLine = false;
  tell(chat, { type: "lines", transport: side.transport, bytes: told });
  if (peer.member === undefined) return;
  useVia(chat, peer.member, peer);
  relayLines(chat, peer.member, block, told);
}
