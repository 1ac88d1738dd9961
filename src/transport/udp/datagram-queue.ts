/**
 * Datagrams that wait for the kernel, in one order for all peers of a socket, within the bounds of a peer and of the
 * process.
 */

import { outQueueHighBytes, outQueueLowBytes, outQueueMaxBytes } from "../../protocol/limits.ts";
import type { OnSocketEvent } from "../contract.ts";
import { processQueueBudget } from "../queue/send-queue.ts";
import type { UdpPeer } from "./udp-peers.ts";

interface QueuedDatagram {
  readonly peer: UdpPeer;
  readonly payload: Uint8Array;
}

export class DatagramQueue {
  readonly #emit: OnSocketEvent;
  #datagrams: QueuedDatagram[] = [];

  constructor(emit: OnSocketEvent) {
    this.#emit = emit;
  }

  get isEmpty(): boolean {
    return this.#datagrams.length === 0;
  }

  /** False, and nothing enqueued, if it would exceed outQueueMaxBytes or the budget of the process. */
  enqueue(peer: UdpPeer, payload: Uint8Array): boolean {
    // An empty datagram costs a byte as well, or their number would be unbounded.
    const cost = computeCost(payload);
    if (peer.queuedBytes + cost > outQueueMaxBytes) return false;
    if (processQueueBudget.bytes + cost > processQueueBudget.maxBytes) return false;
    this.#datagrams.push({ peer, payload });
    peer.queuedBytes += cost;
    processQueueBudget.bytes += cost;
    if (!peer.isBacklogged && peer.queuedBytes > outQueueHighBytes) {
      peer.isBacklogged = true;
      this.#emit({ type: "backlogged", connection: peer.id, queuedBytes: peer.queuedBytes });
    }
    return true;
  }

  /** Sends in order until `trySend` returns false; then calls `onSent` for the peer of each datagram sent. */
  flush(trySend: (peer: UdpPeer, payload: Uint8Array) => boolean, onSent: (peer: UdpPeer) => void): void {
    let sent = 0;
    const sentTo: UdpPeer[] = [];
    for (const { peer, payload } of this.#datagrams) {
      if (!trySend(peer, payload)) break;
      sent += 1;
      this.#release(peer, computeCost(payload));
      sentTo.push(peer);
    }
    this.#datagrams.splice(0, sent);
    for (const peer of sentTo) onSent(peer);
  }

  /** Drops the datagrams of a peer. */
  drop(peer: UdpPeer): void {
    if (peer.queuedBytes === 0) return;
    this.#datagrams = this.#datagrams.filter((queued) => queued.peer !== peer);
    processQueueBudget.bytes -= peer.queuedBytes;
    peer.queuedBytes = 0;
  }

  #release(peer: UdpPeer, cost: number): void {
    peer.queuedBytes -= cost;
    processQueueBudget.bytes -= cost;
    if (!peer.isBacklogged || peer.queuedBytes > outQueueLowBytes) return;
    peer.isBacklogged = false;
    this.#emit({ type: "drained", connection: peer.id });
  }
}

function computeCost(payload: Uint8Array): number {
  return Math.max(1, payload.length);
}
