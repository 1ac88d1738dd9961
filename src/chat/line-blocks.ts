/**
 * Lines that come together and need no look one by one: a raw peer's, where nobody counts messages. They are told and
 * passed on as one text. This is where a hub's speed comes from; what any other line means is in inbound.ts.
 */

import { framePrefix } from "../protocol/frame.ts";
import { arePlainLines, startLines } from "../protocol/plain-bytes.ts";
import { areLinesClean } from "../protocol/text.ts";
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

type IsTaken = (block: Uint8Array) => boolean;

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const emptyLine = Buffer.from("\n\n");
const frameStart = Buffer.from(framePrefix);
const lineOfFrame = Buffer.from(`\n${framePrefix}`);

/** Clean lines, none of them empty or a frame. */
function isPlain(block: Uint8Array): boolean {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.length);
  if (bytes[0] === emptyLine[0] || bytes.includes(emptyLine)) return false;
  if (frameStart.equals(bytes.subarray(0, frameStart.length)) || bytes.includes(lineOfFrame)) return false;
  return arePlainLines(block) || areLinesClean(utf8.decode(block));
}

function never(): boolean {
  return false;
}

/** Tells a block and passes it on. It may be used again at once. */
export function heardBlock(chat: Chat, side: Side, peer: Peer, block: Uint8Array): void {
  const start = `<${nameOf(peer)}> `;
  const told = startLines(start, block);
  peer.firstLine = false;
  tell(chat, { type: "lines", transport: side.transport, bytes: told });
  if (peer.member === undefined) return;
  useVia(chat, peer.member, peer);
  relayLines(chat, peer.member, told, start.length);
}
