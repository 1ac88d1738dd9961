/**
 * Chooses how a peer's stream is read. Lines that need no look one by one are read in bulk, which makes a host fast.
 * The choice is made when one of its facts changes, not for each chunk.
 */

import { type Chat, getSide } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { LineReader } from "../peer/inbound.ts";
import { isStranger } from "../room/strangers.ts";

/** Chooses the reader. Called after each change of the facts that `readerFor` uses. */
export function chooseReader(chat: Chat, peer: Peer): void {
  peer.inbound.reader = readerFor(chat, peer);
}

/** The reader for the present facts. */
export function readerFor(chat: Chat, peer: Peer): LineReader {
  const { reportLines, crlf } = chat.config;
  // The newline that follows a line closed by silence ends no line of its own.
  const isMidLine = peer.inbound.isClosedBySilence;
  const areLinesAlike = reportLines && !crlf && !getSide(chat, peer).isRaw && !isMidLine;
  return areLinesAlike && isRawForGood(peer) && !isStranger(chat, peer) ? "bulk" : "lines";
}

/** True for a raw member that no line can turn into a duet: it connected to us, and we have sent it no hello. */
function isRawForGood({ identity, link, handshake, membership }: Peer): boolean {
  const isMember = membership.member !== undefined;
  return identity.kind === "raw" && link.isInbound && !handshake.isHelloSent && isMember;
}
