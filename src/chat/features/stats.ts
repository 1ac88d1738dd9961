/** What `/stats` says of a peer beside what the kernel knows. What was not measured is not said. */

import { formatBytes, formatCount, formatPercent, formatRoundTrip } from "../../protocol/text/quantities.ts";
import { type Peer, bytesEnqueued } from "../model/peer.ts";
import { linkMeasures, lossShare, waitingBytes } from "./measures.ts";

/** The words of each line: one of amounts, and of a duet over UDP two of what came and what was sent. */
export function measuredLines(peer: Peer): readonly (readonly string[])[] {
  const {
    inbound: { bytesIn, malformedFrames: malformed },
    outbound: { bytesOut },
  } = peer;
  const waiting = waitingBytes(peer, bytesEnqueued(peer));
  const words = [
    `${formatBytes(bytesIn)} in`,
    `${formatBytes(bytesOut)} out`,
    roundTripWords(peer),
    waiting === 0 ? "" : `${formatBytes(waiting)} wait`,
    malformed === 0 ? "" : `${formatCount(malformed, "malformed frame")}`,
  ];
  return [words.filter((word) => word !== ""), ...linkLines(peer)];
}

function roundTripWords({ liveness: { roundTrip } }: Peer): string {
  const { smoothedMs, variationMs } = roundTrip;
  if (smoothedMs === undefined) return "";
  return `round trip ${formatRoundTrip(smoothedMs)} ± ${formatRoundTrip(variationMs)}`;
}

function linkLines(peer: Peer): readonly (readonly string[])[] {
  const link = linkMeasures(peer);
  if (link === undefined)
    return peer.link.transport === "udp"
      ? [["a raw UDP peer numbers nothing: its losses cannot be known"]]
      : [];
  const { received, lost, duplicates, reordered, sent, retransmitted } = link;
  return [
    [
      `from it ${formatCount(received, "frame")}`,
      `${lost} lost (${formatPercent(lossShare(link))})`,
      `${duplicates} doubled`,
      `${reordered} reordered`,
    ],
    [`to it ${formatCount(sent, "frame")}`, `${retransmitted} sent again`],
  ];
}
