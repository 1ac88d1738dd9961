/** Measurements of a peer, for screen, commands and outputs. */

import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import type { LinkMeasures } from "../records/link-measures.ts";
import type { Outbound } from "../peer/outbound.ts";

/**
 * undefined: not measurable, over TCP because the kernel retransmits, and for raw peers because they number nothing.
 */
export function measureLink({ delivery }: Outbound): LinkMeasures | undefined {
  if (delivery === undefined) return undefined;
  const { received, lost, duplicates, reordered } = delivery.receiver;
  const { framesSent: sent, retransmissions } = delivery.sender;
  return { received, lost, duplicates, reordered, sent, retransmitted: retransmissions };
}

/** The lost share of all frames sent by the peer, 0 to 1. */
export function computeLossShare({ lost, received }: Pick<LinkMeasures, "lost" | "received">): number {
  return lost <= 0 ? 0 : lost / (lost + received);
}

/** The lost share of all frames sent to a side; undefined: no peer delivers. */
export function computeSideLoss(side: Pick<Side, "peers">): number | undefined {
  let lost = 0;
  let received = 0;
  let isMeasured = false;
  for (const peer of side.peers.values()) {
    const measures = measureLink(peer.outbound);
    if (measures === undefined) continue;
    isMeasured = true;
    lost += measures.lost;
    received += measures.received;
  }
  return isMeasured ? computeLossShare({ lost, received }) : undefined;
}

/** Bytes that wait for a peer: in our queue, or over UDP for earlier acknowledgements. */
export function countWaitingBytes(peer: Pick<Peer, "link" | "outbound">, enqueued: number): number {
  if (peer.link.transport === "udp") return peer.outbound.delivery?.sender.unsentUnits ?? 0;
  return Math.max(0, enqueued - peer.outbound.bytesOut);
}
