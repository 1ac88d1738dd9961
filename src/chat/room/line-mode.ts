/**
 * Chooses how the lines of a peer's stream are received: in bulk if no line needs a look by itself, which makes a host
 * fast. The choice is made when one of its facts changes, not for each chunk.
 */

import { type Chat, getName, getSide } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { LineMode } from "../peer/inbound.ts";
import { isStranger } from "./strangers.ts";

/** Sets the mode of a peer. Called after each change of the facts that lineModeFor uses. */
export function chooseLineMode(chat: Pick<Chat, "config" | "sides" | "room">, peer: Peer): void {
  peer.inbound.lineMode = lineModeFor(chat, peer);
}

/** The mode for the present facts. */
export function lineModeFor(chat: Pick<Chat, "config" | "sides" | "room">, peer: Peer): LineMode {
  const { reportLines, crlf } = chat.config;
  // The newline that follows a line closed by silence ends no line of its own.
  const isMidLine = peer.inbound.isLineEndedBySilence;
  // In a shared room each line has a place of its own.
  const areLinesAlike = reportLines && !crlf && !isMidLine && chat.room.shared === undefined;
  // Datagrams are no stream of lines.
  if (!areLinesAlike || peer.link.transport === "udp" || isStranger(chat, peer)) return singly;
  const kind = isRawForGood(chat, peer) ? "bulk" : isMemberDuet(peer) ? "frames" : undefined;
  return kind === undefined ? singly : { kind, prefix: Buffer.from(`<${getName(peer)}> `) };
}

const singly: LineMode = { kind: "single" };

/** True for a duet in our room, whose messages are the room's or for one member. */
function isMemberDuet({ identity, link, membership }: Peer): boolean {
  return identity.kind === "duet" && link.isInbound && membership.member !== undefined;
}

/**
 * True for a raw peer that no line can turn into a duet, since we have sent it no hello: a member that connected to us,
 * or a server that has sent its first line; with `--raw` any.
 */
function isRawForGood(chat: Pick<Chat, "sides">, peer: Peer): boolean {
  const { identity, link, inbound, handshake, membership } = peer;
  if (identity.kind !== "raw" || handshake.isHelloSent) return false;
  if (getSide(chat, link).isRaw) return true;
  return link.isInbound ? membership.member !== undefined : !inbound.isFirstLine;
}
