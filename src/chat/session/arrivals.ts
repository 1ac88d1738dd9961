/**
 * A peer's coming: it connects, is found to be a duet or raw, and is shown once it is known to stay. What it says is
 * in inbound.ts and frames-in.ts, its end in departures.ts.
 */

import { formatEndpoint, namesEndpoint } from "../../protocol/endpoint.ts";
import { encodeBanner, framePrefix, mayBecomeFrame } from "../../protocol/frame.ts";
import { helloDeadlineMs, unfinishedLineMs } from "../../protocol/limits.ts";
import type { SocketEvent } from "../../protocol/socket-event.ts";
import { isAllowed } from "../commands/access-rules.ts";
import { audienceChanges } from "../outbound/audience.ts";
import { isGroupSide, tellGroup } from "../outbound/multicast-group.ts";
import { sayHello } from "./greeting.ts";
import { closeGrowing, lineTimeReached } from "../messages/raw-lines.ts";
import { probe } from "./liveness.ts";
import { pairingDone, pairingRefuses } from "./pairing.ts";
import { createPeer } from "../model/new-peer.ts";
import { mustFlush } from "../outbound/goodbye.ts";
import { noticeOfPeer } from "../report/paced-notices.ts";
import { notice, setPeerState, setSideState, tellPeer } from "../report/report.ts";
import { enterRoom, tellJoined } from "../room/members.ts";
import { give, sendTextToAll } from "../outbound/sending.ts";
import { sayGoodbye } from "./sides.ts";
import { isOwnEcho } from "../features/subnet-broadcast.ts";
import { type Chat, type Peer, type Side, sideOf } from "../model/chat.ts";
import { armStats } from "../features/traffic.ts";
import { awaitFirstWords, isUnread } from "../outbound/read-pause.ts";

type Connected = Extract<SocketEvent, { type: "connected" }>;

/** A connection, or a UDP endpoint heard or chosen for the first time. */
export function peerConnected(chat: Chat, side: Side, event: Connected): void {
  const isKnown = side.knownDuet !== undefined && namesEndpoint(side.knownDuet, event.peer);
  const presumedDuet = !side.raw && !isGroupSide(side) && !event.accepted && (isKnown || chat.config.duet);
  const peer = createPeer(chat, { ...event, endpoint: event.peer, transport: side.transport, presumedDuet });
  side.peers.set(peer.connection, peer);
  chat.peers.set(peer.connection, peer);
  if (event.accepted && side.transport === "udp" && isOwnEcho(chat, side, event.peer))
    return endPeer(chat, peer, "it is our own broadcast", "reset");
  if (event.accepted && !isAllowed(chat, peer))
    return turnAway(chat, peer, "this address is not allowed here");
  if (!event.accepted) side.local = event.local;
  if (side.transport === "tcp") connectedOverTcp(chat, side, peer);
  else connectedOverUdp(chat, side, peer);
}

function connectedOverTcp(chat: Chat, side: Side, peer: Peer): void {
  if (!peer.accepted) side.targetText = peer.address;
  setPeerState(chat, peer, "ESTABLISHED", establishedReason(peer), false);
  if (side.raw) peer.kind = "raw";
  if (peer.accepted) return awaitFirstWords(chat, peer);
  if (side.raw) return announceRaw(chat, peer);
  if (peer.presumedDuet) sayHello(chat, peer);
  awaitFirstWords(chat, peer);
}

function establishedReason(peer: Peer): string {
  return peer.accepted ? `${peer.address} connected` : `the connection to ${peer.address} is made`;
}

function connectedOverUdp(chat: Chat, side: Side, peer: Peer): void {
  if (side.raw) peer.kind = "raw";
  if (peer.accepted) return;
  side.targetText = peer.address;
  peer.state = side.state;
  if (peer.presumedDuet) return sayHello(chat, peer);
  peer.kind = "raw";
  pairingDone(chat, side);
  if (isGroupSide(side)) return tellGroup(chat, side, peer);
  notice(
    chat,
    side,
    "info",
    `what you type goes to ${peer.address} as datagrams; UDP does not tell whether anyone is there`,
  );
}

/** The first silence is over: greet who has not spoken, show who stays, decide what is still open. */
export function classifyTimeReached(chat: Chat, peer: Peer): void {
  if (peer.ending !== undefined) return;
  const side = sideOf(chat, peer);
  if (peer.kind !== "unknown") {
    if (!peer.announced) announce(chat, peer);
    return;
  }
  if (isUnread(chat, peer)) return awaitFirstWords(chat, peer);
  const head = peer.decoder.unfinished;
  if (head !== "" && mayBecomeFrame(head)) return waitForWholeHello(chat, peer, head);
  if (!peer.accepted) return becomeRaw(chat, peer);
  if (peer.lastSpokenMs === undefined) {
    const here = chat.members.size + 2;
    give(chat, [peer], Buffer.from(`${encodeBanner(chat.name, here)}\n`));
    // A duet answers the banner at once; who stays silent now is a person or a program that reads.
    return awaitFirstWords(chat, peer);
  }
  if (!peer.announced && side.peers.has(peer.connection)) announce(chat, peer);
}

/** The first bytes may become a hello: they are looked at again, however late they came. */
export function helloBegins(chat: Chat, peer: Peer): void {
  peer.helloBeganMs ??= chat.nowMs;
  if (!chat.timers.has(`classify ${peer.connection}`)) awaitFirstWords(chat, peer);
}

/** `duet/1 ` has its time to become a hello; less than that is text after a second of silence, as all text is. */
function waitForWholeHello(chat: Chat, peer: Peer, head: string): void {
  const isPrefix = head.length >= framePrefix.length;
  const untilMs = isPrefix
    ? (peer.helloBeganMs ?? peer.sinceMs) + helloDeadlineMs
    : (peer.lastHeardMs ?? peer.sinceMs) + unfinishedLineMs;
  if (chat.nowMs < untilMs) return chat.timers.set(`classify ${peer.connection}`, untilMs);
  if (!isPrefix) return lineTimeReached(chat, peer);
  const reason = `no whole hello came within ${helloDeadlineMs / 1000} s`;
  if (peer.accepted) turnAway(chat, peer, reason);
  else endPeer(chat, peer, reason);
}

/** From now on the peer is sent only what people write. */
export function becomeRaw(chat: Chat, peer: Peer): void {
  const side = sideOf(chat, peer);
  if (!peer.accepted && pairingRefuses(chat, side, peer)) return;
  peer.kind = "raw";
  chat.timers.clear(`classify ${peer.connection}`);
  chat.timers.clear(`hello ${peer.connection}`);
  if (peer.announced) tellIdentified(chat, peer);
  else announceRaw(chat, peer);
  if (!peer.accepted && !side.raw) {
    notice(chat, side, "info", `no duet greets from ${peer.address}: what you type goes as plain text`);
  }
}

function announceRaw(chat: Chat, peer: Peer): void {
  announce(chat, peer);
  tellIdentified(chat, peer);
}

/** Shows and tells that a peer is here, once; one that came enters the room. */
export function announce(chat: Chat, peer: Peer): void {
  if (peer.announced) return;
  peer.announced = true;
  const side = sideOf(chat, peer);
  if (peer.accepted && side.role === "listen") {
    tellJoined(chat, peer, enterRoom(chat, peer));
    return;
  }
  if (!peer.accepted) pairingDone(chat, side);
  tellPeer(chat, peer, "connected");
}

/** Says what a peer turned out to be. */
export function tellIdentified(chat: Chat, peer: Peer): void {
  if (peer.kind !== "unknown") tellPeer(chat, peer, "identified");
}

/** FIN came: it sends no more, and may still read. */
export function peerShutDown(chat: Chat, peer: Peer): void {
  peer.theyShutDown = true;
  const rest = peer.decoder.finish();
  closeGrowing(chat, peer, rest);
  if (peer.ending !== undefined || peer.weShutDown) return;
  setPeerState(
    chat,
    peer,
    "HALF-CLOSED (theirs)",
    "it sends no more (FIN), and may still read what you write",
  );
  if (peer.kind === "duet") probe(chat, peer);
}

/** Our FIN left. */
export function weShutDown(chat: Chat, peer: Peer): void {
  audienceChanges(chat, peer);
  peer.weShutDown = true;
  if (peer.ending !== undefined || peer.theyShutDown) return;
  setPeerState(chat, peer, "HALF-CLOSED (ours)", "we send no more (FIN), and go on reading");
}

/** Closes one connection with a reason: goodbye to a duet, then FIN after what is queued. */
export function endPeer(chat: Chat, peer: Peer, reason: string, how: "flush" | "reset" = "flush"): void {
  if (peer.ending !== undefined) return;
  peer.ending = reason;
  if (how === "flush") {
    sayGoodbye(chat, peer, reason);
    if (mustFlush(chat, peer)) return;
  }
  chat.effects.push({ type: "close", transport: peer.transport, connection: peer.connection, how });
}

/** Refuses a peer with one plain line that says why; a duet reads it in our goodbye. */
export function turnAway(chat: Chat, peer: Peer, reason: string): void {
  if (peer.ending !== undefined) return;
  tellTurnedAway(chat, sideOf(chat, peer), peer.address, reason, 1);
  if (peer.transport === "tcp" && peer.kind !== "duet") sendTextToAll(chat, [peer], `duet: ${reason}`);
  endPeer(chat, peer, reason);
}

/** The transport has refused somebody before it was a peer. */
export function newcomerTurnedAway(
  chat: Chat,
  side: Side,
  event: Extract<SocketEvent, { type: "turned-away" }>,
): void {
  tellTurnedAway(chat, side, formatEndpoint(event.peer), event.reason, event.count);
}

function tellTurnedAway(chat: Chat, side: Side, address: string, reason: string, count: number): void {
  side.turnedAway += count;
  armStats(chat, side);
  noticeOfPeer(chat, side, "warning", `${address} was turned away: ${reason}`);
}

/** A UDP side shows what is heard: OPEN while any peer is, until it is being closed. */
export function settleUdpState(chat: Chat, side: Side, reason: string): void {
  if (side.transport !== "udp" || side.role !== "listen" || side.endReason !== undefined) return;
  const heard = [...side.peers.values()].some((peer) => peer.state === "OPEN");
  setSideState(chat, side, heard ? "OPEN" : "BOUND", reason);
}
