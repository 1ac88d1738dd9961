/**
 * How the stream of a peer is read. Lines that nobody needs one by one are taken in bulk, which makes a hub fast; the
 * choice is made when one of the facts that it rests on changes, not for each chunk.
 */

import { type Chat, sideOf } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { LineReader } from "../peer/inbound.ts";
import { isStranger } from "../room/strangers.ts";

/** Chooses the reader again. Called after each change of the facts that `readerFor` looks at. */
export function chooseReader(chat: Chat, peer: Peer): void {
  peer.inbound.reader = readerFor(chat, peer);
}

/** The reader that the present facts ask for. */
export function readerFor(chat: Chat, peer: Peer): LineReader {
  const { tellLines, crlf } = chat.config;
  // The newline of a line that silence has closed ends no line of its own.
  const isMidLine = peer.inbound.isClosedBySilence;
  const areLinesAlike = tellLines && !crlf && !sideOf(chat, peer).isRaw && !isMidLine;
  return areLinesAlike && isRawForGood(peer) && !isStranger(chat, peer) ? "bulk" : "lines";
}

/** True for a raw member that no line of its own can make a duet: it connected to us, and we have sent it no hello. */
function isRawForGood({ identity, link, handshake, membership }: Peer): boolean {
  const isMember = membership.member !== undefined;
  return identity.kind === "raw" && link.isInbound && !handshake.isHelloSent && isMember;
}
