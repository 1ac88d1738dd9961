/** `/stats`: all that was measured for each peer, a block of a few lines each. What was not measured is not said. */

import { whoRowsMax } from "../protocol/limits.ts";
import { formatBytes, formatCount, formatPercent, formatRoundTrip } from "../protocol/quantities.ts";
import { bytesGivenTo } from "./audience.ts";
import { linkMeasures, lossShare, measuredPeers, waitingBytes } from "./measures.ts";
import { notice } from "./report.ts";
import { type Chat, nameOf, type Peer, type Side } from "./state.ts";

/** Tells it of the side that is looked at. */
export function showStats(chat: Chat, side: Side): void {
  const lines = [sideLine(side), ...measuredPeers(chat, side).flatMap(peerLines)];
  for (const line of lines.slice(0, whoRowsMax)) notice(chat, side, "info", line);
  if (lines.length > whoRowsMax)
    notice(chat, side, "info", `and ${formatCount(lines.length - whoRowsMax, "line")} more`);
}

function sideLine({ transport, bytesIn, bytesOut, forged }: Side): string {
  const dropped = forged === 0 ? "" : `, ${formatCount(forged, "datagram")} without our key dropped`;
  return `${transport.toUpperCase()}: ${formatBytes(bytesIn)} in, ${formatBytes(bytesOut)} out${dropped}`;
}

function peerLines(peer: Peer): readonly string[] {
  return [peerLine(peer), ...linkLines(peer)];
}

function peerLine(peer: Peer): string {
  const { bytesIn, bytesOut, malformed } = peer;
  const waiting = waitingBytes(peer, bytesGivenTo(peer));
  const words = [
    `${formatBytes(bytesIn)} in, ${formatBytes(bytesOut)} out`,
    roundTripWords(peer),
    waiting === 0 ? "" : `${formatBytes(waiting)} wait`,
    malformed === 0 ? "" : `${formatCount(malformed, "malformed frame")}`,
  ];
  return `${nameOf(peer)}: ${words.filter((word) => word !== "").join(", ")}`;
}

function roundTripWords({ roundTrip }: Peer): string {
  const { smoothedMs, variationMs } = roundTrip;
  if (smoothedMs === undefined) return "";
  return `round trip ${formatRoundTrip(smoothedMs)} ± ${formatRoundTrip(variationMs)}`;
}

function linkLines(peer: Peer): readonly string[] {
  const link = linkMeasures(peer);
  if (link === undefined)
    return peer.transport === "udp" ? ["  a raw UDP peer numbers nothing: its losses cannot be known"] : [];
  const { received, lost, duplicates, reordered, sent, retransmitted } = link;
  return [
    `  from it ${formatCount(received, "frame")}, ${lost} lost (${formatPercent(lossShare(link))}), ${duplicates} doubled, ${reordered} reordered`,
    `  to it ${formatCount(sent, "frame")}, ${retransmitted} sent again`,
  ];
}
