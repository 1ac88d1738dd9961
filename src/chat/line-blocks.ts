/**
 * Lines that come together and need no look one by one: a raw peer's, where nobody counts messages. They are told and
 * passed on as one text. This is where a hub's speed comes from; what any other line means is in inbound.ts.
 */

import { framePrefix } from "../protocol/frame.ts";
import type { LineBlock } from "../protocol/line-decoder.ts";
import { type LineEnds, lineEnds, plainLineEnds, startLines } from "../protocol/plain-bytes.ts";
import { areLinesClean } from "../protocol/text.ts";
import { relayLines } from "./relay.ts";
import { tell } from "./report.ts";
import { useVia } from "./room.ts";
import { type Chat, nameOf, type Peer, type Side } from "./state.ts";
import { isStranger } from "./strangers.ts";

/** Where a peer's whole lines end if they may be taken together; the same function for all whose may. */
export function blocksOf(chat: Chat, side: Side, peer: Peer): EndsOf {
  const { config } = chat;
  const isRawForGood = peer.kind === "raw" && peer.accepted && !peer.greeted && peer.member !== undefined;
  const isEasy =
    config.tellLines && !config.crlf && !side.raw && !peer.closedBySilence && !isStranger(chat, peer);
  return isEasy && isRawForGood ? endsOfClean : endsOfNone;
}

type EndsOf = (lines: Uint8Array) => LineEnds | undefined;

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const frameStart = Buffer.from(framePrefix);

/** undefined: not all of them are clean, or one is empty or a frame. */
function endsOfClean(lines: Uint8Array): LineEnds | undefined {
  const ends = plainLineEnds(lines) ?? (areLinesClean(utf8.decode(lines)) ? lineEnds(lines) : undefined);
  return ends === undefined || isAnyEmptyOrFrame(lines, ends) ? undefined : ends;
}

function isAnyEmptyOrFrame(lines: Uint8Array, ends: LineEnds): boolean {
  let start = 0;
  for (const end of ends) {
    if (end === start + 1 || isFrameAt(lines, start)) return true;
    start = end;
  }
  return false;
}

function isFrameAt(lines: Uint8Array, start: number): boolean {
  for (let index = 0; index < frameStart.length; index += 1)
    if (lines[start + index] !== frameStart[index]) return false;
  return true;
}

function endsOfNone(): undefined {
  return undefined;
}

/** Tells a block and passes it on. It may be used again at once. */
export function heardBlock(chat: Chat, side: Side, peer: Peer, { bytes, ends }: LineBlock): void {
  const start = `<${nameOf(peer)}> `;
  const told = startLines(start, bytes, ends);
  peer.firstLine = false;
  tell(chat, { type: "lines", transport: side.transport, bytes: told });
  if (peer.member === undefined) return;
  useVia(chat, peer.member, peer);
  relayLines(chat, peer.member, told, start.length);
}
