/**
 * The arrival of a peer: the connection, its first bytes or silence, and FIN. Its bytes are read in chat/inbound, its
 * end is in departures.ts.
 */

import { type Endpoint, isSameEndpoint } from "../../protocol/address/endpoint.ts";
import { encodeBanner, framePrefix, canBecomeFrame } from "../../protocol/frames/frame-codec.ts";
import { countMembers } from "../outbound/recipients.ts";
import { helloDeadlineMs, unfinishedLineMs } from "../../protocol/limits.ts";
import type { SocketEvent } from "../../protocol/sockets/socket-event.ts";
import { isOwnEcho } from "../features/subnet-broadcast.ts";
import { type Chat, getName, getSide, type SendContext, type ReportContext } from "../model/chat.ts";
import { createPeer } from "../model/new-peer.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { placeInAudience } from "../outbound/audiences.ts";
import { isGroupSide, explainGroup } from "../outbound/multicast-group.ts";
import { keepPlace } from "../outbound/kept-place.ts";
import { awaitFirstBytes, isReadPaused } from "../outbound/read-pause.ts";
import { resetPeer } from "../outbound/reset.ts";
import { sendPayload } from "../outbound/sending.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { addNotice, setPeerState } from "../report/report.ts";
import { addConnection, removeConnection } from "../records/address-budgets.ts";
import { isAllowed } from "../room/admission.ts";
import { chooseLineMode } from "../room/line-mode.ts";
import { getAddressKey } from "../room/strangers.ts";
import { introducePeer, introduceRawPeer, becomeRaw } from "./recognition.ts";
import { endPeer, refusePeer } from "./end-peer.ts";
import { sendHello } from "./greeting.ts";
import { findFixedKey } from "./recognised-key.ts";
import { findRoomPassword, turnAwayWithoutPassword } from "./room-password.ts";
import { pauseNewPeer } from "../outbound/read-pause.ts";
import { finishPairing } from "./pairing.ts";
import { probeHalfClosed } from "./pings.ts";
import { closeGrowing, handleLineTimer } from "./unfinished-line.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { moveLink, setLinkState } from "../peer/link.ts";
import type { Link } from "../peer/link.ts";
import { isSealed } from "../peer/seal.ts";

type Connected = Extract<SocketEvent, { type: "connected" }>;

/** A new connection, or a UDP endpoint that sent first or that the person chose. */
export function handleConnected(
  chat: SendContext & Pick<Chat, "network">,
  side: Side,
  event: Connected,
): void {
  const isKnown = side.socket.knownDuets.some((known) => isSameEndpoint(known, event.peer));
  const expectedKey = event.isInbound ? undefined : findFixedKey(chat, side);
  const hasPassword = !side.isRaw && findRoomPassword(chat, side, event.isInbound) !== undefined;
  const mustSeal = chat.config.encrypt === "require" || expectedKey !== undefined || hasPassword;
  const presumedDuet =
    !side.isRaw && !isGroupSide(side) && !event.isInbound && (isKnown || chat.config.duet || mustSeal);
  const { peer: endpoint } = event;
  const { transport } = side;
  const peer = createPeer(chat, { ...event, endpoint, transport, presumedDuet, expectedKey, hasPassword });
  side.peers.set(peer.link.connection, peer);
  chat.peers.set(peer.link.connection, peer);
  if (event.isInbound) addConnection(chat.room.addresses, getAddressKey(peer.link));
  if (peer.identity.isTrusted) keepPlace(chat.effects, peer.link, "exempt");
  if (event.isInbound && side.transport === "udp" && isOwnEcho(chat.network, side.socket, event.peer))
    return resetPeer(chat.effects, peer.link, sentence("own-broadcast"));
  if (event.isInbound && !isAllowed(chat.room, peer.link))
    return refusePeer(chat, peer, sentence("address-not-allowed"));
  if (!event.isInbound) side.socket.local = event.local;
  pauseNewPeer(chat, peer);
  if (side.transport === "tcp") beginTcpPeer(chat, side, peer);
  else beginUdpPeer(chat, side, peer);
}

/** The peer of a session sends from another endpoint, which may be one that is not allowed. */
export function handleMoved(chat: SendContext, peer: Peer, endpoint: Endpoint): void {
  removeConnection(chat.room.addresses, getAddressKey(peer.link), chat.nowMs);
  const from = peer.link.address;
  moveLink(peer.link, endpoint);
  addConnection(chat.room.addresses, getAddressKey(peer.link));
  const moved = { name: getName(peer), from, to: peer.link.address };
  addPeerNotice(chat, getSide(chat, peer.link), "info", sentence("peer-moved", moved));
  if (!isAllowed(chat.room, peer.link)) refusePeer(chat, peer, sentence("address-not-allowed"));
}

function beginTcpPeer(chat: SendContext, side: Pick<Side, "isRaw" | "socket">, peer: Peer): void {
  if (!peer.link.isInbound) side.socket.targetText = peer.link.address;
  setPeerState(chat, peer, "ESTABLISHED", makeEstablishedReason(peer.link), "nowhere");
  if (side.isRaw) {
    peer.identity.kind = "raw";
    chooseLineMode(chat, peer);
  }
  if (peer.link.isInbound) return awaitFirstBytes(chat, peer);
  if (side.isRaw) return introduceRawPeer(chat, peer);
  if (peer.handshake.isPresumedDuet) sendHello(chat, peer);
  awaitFirstBytes(chat, peer);
}

function makeEstablishedReason({ isInbound, address }: Link): Sentence {
  return sentence(isInbound ? "peer-connected" : "connection-made", { address });
}

function beginUdpPeer(chat: SendContext, side: Side, peer: Peer): void {
  if (side.isRaw) peer.identity.kind = "raw";
  if (peer.link.isInbound) return side.isRaw ? keepPlace(chat.effects, peer.link, "raw") : undefined;
  side.socket.targetText = peer.link.address;
  setLinkState(peer.link, side.socket.state);
  if (peer.handshake.isPresumedDuet) return sendHello(chat, peer);
  peer.identity.kind = "raw";
  finishPairing(chat.timers, side);
  if (isGroupSide(side)) return explainGroup(chat, side, peer.link);
  addNotice(chat, side, "info", sentence("goes-as-datagrams", { address: peer.link.address }));
}

/** The first silence is over: greet a silent peer, show a peer that stays, or decide what it is. */
export function handleRecognitionTimer(chat: SendContext, peer: Peer): void {
  if (peer.link.endReason !== undefined) return;
  const side = getSide(chat, peer.link);
  if (peer.identity.kind !== "unknown") {
    if (!peer.identity.isIntroduced) introducePeer(chat, peer);
    return;
  }
  if (isReadPaused(chat, peer)) return awaitFirstBytes(chat, peer);
  const head = peer.inbound.decoder.unfinished;
  if (head !== "" && canBecomeFrame(head)) return waitForWholeHello(chat, peer, head);
  if (!peer.link.isInbound) return becomeRaw(chat, peer);
  if (peer.seal.hasPassword) return turnAwayWithoutPassword(chat, peer);
  if (peer.liveness.lastSentMs === undefined) {
    const here = countMembers(chat.room) + 1;
    sendPayload(chat, [peer], Buffer.from(`${encodeBanner(chat.self.name, here)}\n`));
    // A duet answers the banner at once; a peer that stays silent now is a person, or a program that only reads.
    return awaitFirstBytes(chat, peer);
  }
  if (!peer.identity.isIntroduced && side.peers.has(peer.link.connection)) introducePeer(chat, peer);
}

/** The first bytes may become a hello: they are looked at again after a while. */
export function awaitHello(
  chat: Pick<Chat, "nowMs" | "timers">,
  peer: Pick<Peer, "link" | "handshake">,
): void {
  peer.handshake.helloBeganMs ??= chat.nowMs;
  if (!chat.timers.has({ kind: "recognition", of: peer.link.connection })) awaitFirstBytes(chat, peer);
}

/** `duet/1 ` may become a hello within its deadline; anything shorter is text after a second of silence, as usual. */
function waitForWholeHello(chat: SendContext, peer: Peer, head: string): void {
  const isPrefix = head.length >= framePrefix.length;
  const untilMs = isPrefix
    ? (peer.handshake.helloBeganMs ?? peer.link.sinceMs) + helloDeadlineMs
    : (peer.liveness.lastReceivedMs ?? peer.link.sinceMs) + unfinishedLineMs;
  if (chat.nowMs < untilMs)
    return chat.timers.set({ kind: "recognition", of: peer.link.connection }, untilMs);
  if (!isPrefix) return handleLineTimer(chat, peer);
  const reason = sentence("hello-incomplete", { seconds: helloDeadlineMs / 1000 });
  if (peer.link.isInbound && peer.seal.hasPassword) turnAwayWithoutPassword(chat, peer);
  else if (peer.link.isInbound) refusePeer(chat, peer, reason);
  else endPeer(chat, peer, reason);
}

/** The peer's FIN was received; it may still read. */
export function handlePeerFin(chat: SendContext, peer: Peer): void {
  peer.link.isFinReceived = true;
  const rest = peer.inbound.decoder.finish();
  closeGrowing(chat, peer, rest);
  if (peer.link.endReason !== undefined || peer.link.isFinSent) return;
  if (peer.link.isInbound && peer.seal.hasPassword && !isSealed(peer.seal))
    return endPeer(chat, peer, sentence("left-before-handshake"));
  setPeerState(chat, peer, "HALF-CLOSED (theirs)", sentence("peer-sent-fin"));
  if (peer.identity.kind === "duet") probeHalfClosed(chat, peer);
}

/** Our FIN was sent. */
export function handleOurFin(chat: ReportContext & Pick<Chat, "room">, peer: Peer): void {
  peer.link.isFinSent = true;
  placeInAudience(chat, peer);
  if (peer.link.endReason !== undefined || peer.link.isFinReceived) return;
  setPeerState(chat, peer, "HALF-CLOSED (ours)", sentence("we-sent-fin"));
}
