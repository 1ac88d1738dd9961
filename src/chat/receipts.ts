/**
 * What became of what was said, as far as the sockets tell: `queued` when it had to wait for the kernel, `sent` when
 * the kernel has taken all of it, for everyone it was for. It knows offsets in each peer's stream, and no texts.
 */

import { bytesGivenTo } from "./audience.ts";
import { tell } from "./report.ts";
import type { Chat, Peer, Side } from "./state.ts";

/** The end of one message among the bytes handed over for a peer. */
export interface Mark {
  readonly message: Unsent;
  readonly endOffset: number;
}

/** A message that some kernel buffer has not taken whole yet. */
interface Unsent {
  readonly id: number;
  readonly side: Side;
  /** Peers for whom it still waits; NaN once one of them is gone without it. */
  waiting: number;
  queued: boolean;
}

/** Notes a message whose bytes have just been handed over for these peers. */
export function markSaid(chat: Chat, side: Side, id: number, peers: readonly Peer[]): void {
  if (!chat.config.tellMessages || peers.length === 0) return;
  const message: Unsent = { id, side, waiting: peers.length, queued: false };
  for (const peer of peers) {
    peer.marks.push({ message, endOffset: bytesGivenTo(peer) });
    if (peer.blocked) tellQueued(chat, message);
  }
}

/** A send returned, and its bytes are counted: what it completed is sent; what it left over is queued. */
export function sendReturned(chat: Chat, peer: Peer, tookAll: boolean): void {
  peer.blocked = !tookAll;
  let passed = 0;
  for (const { message, endOffset } of peer.marks) {
    if (endOffset > peer.bytesOut) {
      if (tookAll || message.queued) break;
      tellQueued(chat, message);
      continue;
    }
    passed += 1;
    message.waiting -= 1;
    if (message.waiting === 0) tellStage(chat, message, "sent");
  }
  if (passed > 0) peer.marks.splice(0, passed);
}

/** What waits for this peer will never be sent whole. */
export function dropMarks(peer: Peer): void {
  for (const { message } of peer.marks.splice(0)) message.waiting = Number.NaN;
}

function tellQueued(chat: Chat, message: Unsent): void {
  if (message.queued) return;
  message.queued = true;
  tellStage(chat, message, "queued");
}

function tellStage(chat: Chat, { id, side }: Unsent, stage: "queued" | "sent"): void {
  tell(chat, { type: "receipt", transport: side.transport, id, stage, rttMs: undefined });
}

/** The peer's kernel has so many of our bytes: what ends among them has arrived there, read or not (`acked`). */
export function acknowledged(_chat: Chat, peer: Peer, bytesAcked: number): void {
  peer.bytesAcked = Math.max(peer.bytesAcked, bytesAcked);
}
