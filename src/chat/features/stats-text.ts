/** The measurements of a peer that `/stats` shows beside the kernel's report. */

import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { type Peer, countEnqueuedBytes } from "../model/peer.ts";
import { measureLink, computeLossShare, countWaitingBytes } from "./link-measures.ts";
import type { Liveness } from "../peer/liveness.ts";

/** The figures in lines: the amounts, and for a duet over UDP one line each for frames received and sent. */
export function listMeasurements(peer: Peer): readonly (readonly Sentence[])[] {
  const {
    inbound: { bytesIn, malformedFrames: frames },
    outbound: { bytesOut },
  } = peer;
  const waiting = countWaitingBytes(peer, countEnqueuedBytes(peer));
  const amounts = [
    sentence("bytes-in", { bytes: bytesIn }),
    sentence("bytes-out", { bytes: bytesOut }),
    ...describeRoundTrip(peer.liveness),
    ...(waiting === 0 ? [] : [sentence("bytes-waiting", { bytes: waiting })]),
    ...(frames === 0 ? [] : [sentence("malformed-frames", { frames })]),
  ];
  return [amounts, ...describeLink(peer)];
}

function describeRoundTrip({ roundTrip }: Liveness): readonly Sentence[] {
  const { smoothedMs: ms, variationMs } = roundTrip;
  return ms === undefined ? [] : [sentence("round-trip", { ms, variationMs })];
}

function describeLink(peer: Pick<Peer, "link" | "outbound">): readonly (readonly Sentence[])[] {
  const link = measureLink(peer.outbound);
  if (link === undefined) return peer.link.transport === "udp" ? [[sentence("losses-unknown")]] : [];
  const { received, lost, duplicates, reordered, sent, retransmitted } = link;
  return [
    [
      sentence("frames-received", { frames: received }),
      sentence("frames-lost", { frames: lost, share: computeLossShare(link) }),
      sentence("frames-doubled", { frames: duplicates }),
      sentence("frames-reordered", { frames: reordered }),
    ],
    [sentence("frames-sent", { frames: sent }), sentence("frames-sent-again", { frames: retransmitted })],
  ];
}
