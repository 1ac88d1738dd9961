/** Ends one peer: with a goodbye, with a refusal, or after too many malformed frames. */

import { formatEndpoint } from "../../protocol/address/endpoint.ts";
import { guessesPerMinuteMax, malformedFramesMax } from "../../protocol/limits.ts";
import type { SocketEvent } from "../../protocol/sockets/socket-event.ts";
import { armStats } from "../features/call-counters.ts";
import { getName, getSide, type SendContext, type ReportContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { sendPendingReceipts } from "../outbound/pending-receipts.ts";
import { resetPeer } from "../outbound/reset.ts";
import { sendFrameTo, sendTextToAll } from "../outbound/sending.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { mayReportPeers } from "../report/notice-limit.ts";
import { toGoodbyeReason } from "../report/reasons.ts";
import { reportProblem } from "../report/report.ts";
import { mustAwaitAcks } from "./close-wait.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { FrameFault } from "../../protocol/frames/frame-fault.ts";
import { writeReason } from "../report/wire-reasons.ts";
import { setEndReason } from "../peer/link.ts";
import { isSealed } from "../peer/seal.ts";

/** Sends a goodbye frame if the peer is a duet, for peers that are ended one by one. */
export function sendGoodbye(chat: SendContext, peer: Peer, reason: Sentence): void {
  if (peer.identity.kind !== "duet") return;
  // A line without a receipt counts as not delivered when the connection ends.
  sendPendingReceipts(chat, peer);
  const before = peer.outbound.enqueuedAlone;
  sendFrameTo(chat, peer, { type: "goodbye", reason: writeReason(chat.config, toGoodbyeReason(reason)) });
  peer.outbound.goodbyeBytes = peer.outbound.enqueuedAlone - before;
}

/** Closes one connection with a reason: goodbye to a duet, then FIN after what is queued. */
export function endPeer(chat: SendContext, peer: Peer, reason: Sentence): void {
  if (peer.link.endReason !== undefined) return;
  setEndReason(peer.link, reason);
  sendGoodbye(chat, peer, reason);
  if (mustAwaitAcks(chat, peer)) return;
  const { transport, connection } = peer.link;
  chat.effects.push({ type: "close", transport, connection, how: "flush" });
}

/** As `endPeer`, for the peer's fault: if we connected to it, this is the exit code. */
export function endFaultyPeer(chat: SendContext, peer: Peer, reason: Sentence): void {
  peer.link.isFaulty = true;
  endPeer(chat, peer, reason);
}

/** As `endFaultyPeer`, at once: what is queued is discarded, over TCP by RST. */
export function resetFaultyPeer(chat: Pick<SendContext, "effects">, peer: Peer, reason: Sentence): void {
  peer.link.isFaulty = true;
  resetPeer(chat.effects, peer.link, reason);
}

/** Refuses a peer with one plain line that says why; a duet, and who is sealed, reads it in our goodbye. */
export function refusePeer(chat: SendContext, peer: Peer, reason: Sentence): void {
  if (peer.link.endReason !== undefined) return;
  reportRefusal(chat, getSide(chat, peer.link), peer.link.address, reason, 1);
  if (isSealed(peer.seal) && peer.identity.kind !== "duet")
    sendFrameTo(chat, peer, { type: "goodbye", reason: writeReason(chat.config, reason) });
  else if (peer.link.transport === "tcp" && peer.identity.kind !== "duet" && !getSide(chat, peer.link).isRaw)
    sendTextToAll(chat, [peer], `duet: ${writeReason(chat.config, reason)}`);
  endPeer(chat, peer, reason);
}

/** Refuses a peer to which nothing may be sent in the clear: the reason is for our person alone. */
export function turnAway(chat: SendContext, peer: Peer, reason: Sentence): void {
  if (peer.link.endReason !== undefined) return;
  reportRefusal(chat, getSide(chat, peer.link), peer.link.address, reason, 1);
  endPeer(chat, peer, reason);
}

/** Reports a guess of our room's password that was refused, to programs too. */
export function reportGuess(chat: ReportContext, { link }: Pick<Peer, "link">, reason: Sentence): void {
  const { address, endpoint } = link;
  const side = getSide(chat, link);
  countRefusals(chat, side, 1);
  if (!mayReportPeers(chat, side)) return;
  const host = endpoint.family === "unix" ? undefined : endpoint.address;
  const hint = sentence("guess-hint", { host, guesses: guessesPerMinuteMax });
  reportProblem(chat, side, "EPASSWORD", sentence("turned-away", { address, reason }), hint);
}

/** The transport refused a connection before it became a peer. */
export function handleRefusedNewcomer(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  event: Extract<SocketEvent, { type: "turned-away" }>,
): void {
  reportRefusal(
    chat,
    side,
    formatEndpoint(event.peer),
    sentence("refused", { refusal: event.refusal }),
    event.count,
  );
}

function reportRefusal(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  address: string,
  reason: Sentence,
  count: number,
): void {
  countRefusals(chat, side, count);
  addPeerNotice(chat, side, "warning", sentence("turned-away", { address, reason }));
}

function countRefusals(chat: ReportContext, side: Pick<Side, "transport" | "counters">, count: number): void {
  side.counters.turnedAway += count;
  armStats(chat, side.transport);
}

/** A breach of the protocol costs the frame; the eleventh costs the connection. */
export function countBreach(chat: SendContext, peer: Peer, fault: FrameFault): void {
  peer.inbound.malformedFrames += 1;
  if (peer.inbound.malformedFrames <= malformedFramesMax) {
    if (peer.inbound.malformedFrames > 1 || !mayReportPeers(chat, getSide(chat, peer.link))) return;
    const name = getName(peer);
    const problem = sentence("malformed-frame", { name, fault: sentence("frame-fault", { fault }) });
    return reportProblem(chat, getSide(chat, peer.link), "EPROTO", problem, sentence("malformed-hint"));
  }
  peer.link.isFaulty = true;
  endPeer(chat, peer, sentence("too-many-malformed", { frames: malformedFramesMax }));
}
