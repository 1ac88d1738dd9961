/** The end of a connection: its reason, its reports, and its consequences for the side that had connected. */

import type { SocketEvent } from "../../protocol/sockets/socket-event.ts";
import { endAbsentComparisons } from "../features/comparison-ends.ts";
import { dropAllWaiting } from "../messages/waiting-turn.ts";
import { type Chat, getName, type ReportContext } from "../model/chat.ts";
import { type Peer, countEnqueuedBytes } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { dropOffsets } from "../outbound/sent-messages.ts";
import type { StateWord } from "../records/connection-state.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { addPresenceNotice, reportHostLeft } from "../report/presence-notices.ts";
import { closedHere, removeSubject } from "../report/reasons.ts";
import { mayReportPeers } from "../report/notice-limit.ts";
import {
  reportEndState,
  reportError,
  reportHiddenError,
  reportPeer,
  reportProblem,
  setPeerState,
} from "../report/report.ts";
import { endDelivery, reportUnconfirmed } from "../room/lost-messages.ts";
import { releaseGroupName } from "../records/group-names.ts";
import { removeConnection } from "../records/address-budgets.ts";
import { forgetHalfOpen } from "../room/half-open.ts";
import { leaveRoom } from "../room/members.ts";
import { getAddressKey } from "../room/strangers.ts";
import { closeSide, leave } from "./close.ts";
import { settleUdpState } from "./pings.ts";
import { closeGrowing } from "./unfinished-line.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { forgetUnreadPeer } from "../outbound/pending-receipts.ts";
import type { Link } from "../peer/link.ts";
import { setHandshake } from "../peer/seal.ts";

type Disconnected = Extract<SocketEvent, { type: "disconnected" }>;

/** The connection is closed. */
export function handleDisconnected(chat: Chat, side: Side, event: Disconnected): void {
  const peer = side.peers.get(event.connection);
  if (peer === undefined) return;
  closeGrowing(chat, peer, peer.inbound.decoder.finish());
  dropAllWaiting(chat, peer);
  forgetPeer(chat, side, peer);
  dropOffsets(peer.receipts);
  const reason = makeEndReason(peer, event);
  endDelivery(chat, peer, removeSubject(reason, [peer.link.address]));
  if (!isEndedHere(chat, side, peer.link))
    reportUnconfirmed(chat, peer, removeSubject(reason, [peer.link.address]));
  reportUnsent(chat, side, peer);
  reportLost(chat, side, peer, event.lostBytes ?? 0);
  const isKnown = peer.identity.isIntroduced || peer.membership.member !== undefined;
  if (isKnown) {
    const hasLeft = leaveRoom(chat, peer, reason);
    reportPeer(chat, peer, "disconnected");
    if (peer.link.isInbound) reportLeft(chat, side, peer, reason, hasLeft);
  }
  if (isLeaving(chat, side, peer.link)) reportEndState(chat, peer, getEndState(event), reason);
  else {
    const told = isKnown && chat.exit.code === undefined ? "elsewhere" : "nowhere";
    setPeerState(chat, peer, getEndState(event), reason, told);
  }
  endAbsentComparisons(chat);
  if (peer.link.isInbound) settleUdpState(chat, side, reason, !peer.identity.isIntroduced);
  else handleConnectionEnd(chat, side, peer, event, reason);
}

function forgetPeer(
  chat: Pick<Chat, "nowMs" | "timers" | "peers" | "focus" | "room">,
  side: Pick<Side, "peers">,
  peer: Peer,
): void {
  if (peer.link.isInbound) removeConnection(chat.room.addresses, getAddressKey(peer.link), chat.nowMs);
  releaseGroupName(chat.room.groupNames, peer.link.connection);
  side.peers.delete(peer.link.connection);
  chat.peers.delete(peer.link.connection);
  forgetUnreadPeer(chat, peer);
  peer.inbound.partJoiner.clear();
  setHandshake(peer.seal, undefined);
  forgetHalfOpen(chat.room, peer.link);
  chat.timers.clearTimersOf(peer.link.connection);
}

/** True for an end by the person: what was sent before it is still delivered. */
function isEndedHere(
  { exit }: Pick<Chat, "exit">,
  { socket }: Pick<Side, "socket">,
  { endReason }: Pick<Link, "endReason">,
): boolean {
  return exit.code !== undefined || socket.endReason !== undefined || endReason?.id === closedHere.id;
}

function reportLeft(
  chat: ReportContext & Pick<Chat, "exit">,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  peer: Pick<Peer, "link" | "identity" | "membership">,
  reason: Sentence,
  hasLeft: boolean,
): void {
  if (chat.exit.code !== undefined) return;
  const name = getName(peer);
  const { transport, address } = peer.link;
  const left = { name, reason: removeSubject(reason, [name, address]) };
  if (hasLeft) addPresenceNotice(chat, side, "left", name, sentence("peer-left", left));
  else addPeerNotice(chat, side, "left", sentence("no-longer-here-by", { name, transport, reason }));
}

/** Reports enqueued bytes that never reached the kernel. */
function reportUnsent(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  peer: Peer,
): void {
  const unsent = countEnqueuedBytes(peer) - peer.outbound.bytesOut;
  // If we ended it, the rest is our goodbye, or was reported with the reason.
  if (
    peer.link.endReason !== undefined ||
    unsent <= 0 ||
    peer.link.transport === "udp" ||
    !peer.identity.isIntroduced
  )
    return;
  addPeerNotice(chat, side, "warning", sentence("bytes-not-sent-to", { bytes: unsent, name: getName(peer) }));
}

/** Reports bytes that our close left behind. The goodbye alone is no loss. */
function reportLost(
  chat: ReportContext & Pick<Chat, "exit">,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  peer: Pick<Peer, "link" | "identity" | "membership" | "outbound">,
  lostBytes: number,
): void {
  const bytes = lostBytes - peer.outbound.goodbyeBytes;
  if (bytes <= 0) return;
  chat.exit.hasLost = true;
  if (!mayReportPeers(chat, side)) return;
  const lost = sentence("bytes-perhaps-lost", { bytes, name: getName(peer) });
  reportProblem(chat, side, "ETIMEDOUT", lost, sentence("send-again-hint"));
}

/** True if the person stays without the peer that we connected to: one entry then says that it left, and what to do. */
function isLeaving(
  { config }: Pick<Chat, "config">,
  { socket }: Pick<Side, "socket">,
  { isInbound }: Link,
): boolean {
  return !isInbound && !config.headless && socket.pairing === undefined && socket.endReason === undefined;
}

/** The connection that we opened is closed. Without a screen this ends the program, and its cause is the exit code. */
function handleConnectionEnd(
  chat: Chat,
  side: Side,
  peer: Peer,
  event: Disconnected,
  reason: Sentence,
): void {
  const { link } = peer;
  if (side.socket.pairing !== undefined) return;
  const hasLeft = isLeaving(chat, side, link);
  if (event.error !== undefined && link.endReason === undefined)
    (hasLeft ? reportHiddenError : reportError)(chat, side, event.error);
  const failed =
    link.isFaulty || (event.cause !== "ours" && event.cause !== "fin" && link.endReason === undefined);
  side.socket.hasFailed = failed;
  if (chat.config.headless) return leave(chat, failed ? 1 : 0);
  if (!hasLeft) return;
  reportHostLeft(chat, side, peer, reason);
  // A stream's transport stops by itself; a datagram socket would stay, for nobody.
  if (side.transport === "udp") closeSide(chat, side, reason);
}

function makeEndReason({ link, identity }: Pick<Peer, "link" | "identity">, event: Disconnected): Sentence {
  if (link.endReason !== undefined) return link.endReason;
  // A duet takes its leave with a goodbye. RST answers the ping to one whose program has ended after its FIN.
  const isReset = event.cause === "reset" || event.error?.code === "EPIPE";
  if (identity.kind === "duet" && isReset)
    return sentence(link.isFinReceived ? "ended-without-goodbye" : "reset-without-goodbye");
  if (event.error !== undefined) return sentence("network-error", { error: event.error });
  switch (event.cause) {
    case "ours":
      return closedHere;
    case "displaced":
      return sentence("place-needed");
    case "fin":
      return sentence("both-closed");
    case "reset":
      return sentence("reset-by-peer");
    case "timed-out":
      return sentence("nothing-received");
    case "broken":
      return sentence("connection-broke");
  }
}

function getEndState(event: Disconnected): StateWord {
  switch (event.cause) {
    case "ours":
    case "displaced":
    case "fin":
      return "CLOSED";
    case "reset":
    case "broken":
      return "RESET";
    case "timed-out":
      return "TIMED OUT";
  }
}
