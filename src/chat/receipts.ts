/**
 * What became of what was said, as far as the sockets tell: `queued` when it had to wait for the kernel, `sent` when
 * the kernel has taken all of it, and `acked` when the others' kernels are known to have it, for everyone it was for. It knows offsets in each peer's stream, and no texts.
 */

import { unackedMarksMax } from "../protocol/limits.ts";
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
  /** Peers whose kernel is not known to have it. */
  unacked: number;
  queued: boolean;
}

/** Notes a message whose bytes have just been handed over for these peers. */
export function markSaid(chat: Chat, side: Side, id: number, peers: readonly Peer[]): void {
  if (!chat.config.tellMessages || peers.length === 0) return;
  const message: Unsent = { id, side, waiting: peers.length, unacked: peers.length, queued: false };
  for (const peer of peers) {
    peer.marks.push({ message, endOffset: bytesGivenTo(peer) });
    if (peer.blocked) tellQueued(chat, message);
  }
}

/** A send returned, and its bytes are counted: what it completed is sent; what it left over is queued. */
export function sendReturned(chat: Chat, peer: Peer, tookAll: boolean): void {
  peer.blocked = !tookAll;
  let passed = 0;
  for (const mark of peer.marks) {
    const { message, endOffset } = mark;
    if (endOffset > peer.bytesOut) {
      if (tookAll || message.queued) break;
      tellQueued(chat, message);
      continue;
    }
    passed += 1;
    message.waiting -= 1;
    if (message.waiting === 0) tellStage(chat, message, "sent");
    awaitAcknowledgement(chat, peer, mark);
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

function tellStage(chat: Chat, { id, side }: Unsent, stage: "queued" | "sent" | "acked"): void {
  tell(chat, { type: "receipt", transport: side.transport, id, stage, rttMs: undefined });
}

/** While somebody looks at what the kernel knows, it tells in time whether the peer's has a message. */
function awaitAcknowledgement(chat: Chat, peer: Peer, mark: Mark): void {
  if (peer.transport === "udp" || !(chat.watched || chat.config.tellKernel)) return;
  peer.unacked.push(mark);
  if (peer.unacked.length > unackedMarksMax) peer.unacked.shift();
}

/** The peer's kernel has so many of our bytes: what ends among them has arrived there, read or not (`acked`). */
export function acknowledged(chat: Chat, peer: Peer, bytesAcked: number): void {
  peer.bytesAcked = Math.max(peer.bytesAcked, bytesAcked);
  let passed = 0;
  for (const { message, endOffset } of peer.unacked) {
    if (endOffset > peer.bytesAcked) break;
    passed += 1;
    message.unacked -= 1;
    if (message.unacked === 0) tellStage(chat, message, "acked");
  }
  if (passed > 0) peer.unacked.splice(0, passed);
}
