/** Lines without a newline: closed by a newline, by silence or by FIN. */

import type { DecodedLine } from "../../protocol/lines/line-decoder.ts";
import { finishLine } from "../messages/raw-lines.ts";
import type { Chat, SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { awaitRest, isReadPaused } from "../outbound/read-pause.ts";
import { mustWaitForTurn } from "../room/strangers.ts";
import { type Span, makeSpan } from "../spans/span.ts";
import { becomeRaw } from "./recognition.ts";
import { countBreach } from "./end-peer.ts";
import { chooseLineMode } from "../room/line-mode.ts";

/** A line is complete. It is not throttled if it was shown while it grew. */
export function endLine(
  chat: SendContext,
  side: Side,
  peer: Peer,
  line: DecodedLine,
  span: Span | undefined,
): void {
  const wasClosed = peer.inbound.isLineEndedBySilence;
  if (wasClosed) setLineEndedBySilence(chat, peer, false);
  // The newline after a line closed by silence is not an empty line.
  if (wasClosed && line.text === "") return;
  const isShown = peer.inbound.growingEntry !== undefined;
  if (!isShown && mustWaitForTurn(chat, peer, { kind: "line", line, bytes: line.bytes, span })) return;
  finishLine(chat, side, peer, line, span);
}

/** A second of silence: the text so far is a message, and later text begins another. */
export function handleLineTimer(chat: SendContext, peer: Peer): void {
  if (isReadPaused(chat, peer)) return awaitRest(chat, peer.link);
  closeGrowing(chat, peer, peer.inbound.decoder.close());
  setLineEndedBySilence(chat, peer, true);
}

function setLineEndedBySilence(
  chat: Pick<Chat, "config" | "sides" | "room">,
  peer: Peer,
  isClosed: boolean,
): void {
  peer.inbound.isLineEndedBySilence = isClosed;
  chooseLineMode(chat, peer);
}

/** Closes the unfinished line, after silence or FIN: `rest`, several lines if it had CRs in it. */
export function closeGrowing(chat: SendContext, peer: Peer, rest: readonly DecodedLine[]): void {
  const side = chat.sides[peer.link.transport];
  chat.timers.clear({ kind: "unfinished-line", of: peer.link.connection });
  // The decoder keeps the bytes of an incomplete character, which follow the text.
  const { bytesIn, decoder } = peer.inbound;
  let at = bytesIn - decoder.unfinishedBytes - rest.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const line of rest) {
    if (peer.link.endReason !== undefined) return;
    if (peer.identity.kind === "duet") return countBreach(chat, peer, { is: "no-end" });
    if (peer.identity.kind === "unknown") becomeRaw(chat, peer);
    if (peer.identity.kind !== "raw") return;
    endLine(chat, side, peer, line, makeSpan(peer.trace, at, at + line.bytes));
    at += line.bytes;
  }
}

/** Closes the unfinished line of a peer that turns out to be a duet. */
export function endGrowingText(chat: SendContext, peer: Peer): void {
  if (peer.inbound.growingEntry !== undefined) closeGrowing(chat, peer, peer.inbound.decoder.close());
}
