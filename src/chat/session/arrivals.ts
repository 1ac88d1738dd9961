/**
 * A peer's coming: it connects, is found to be a duet or raw, and is shown once it is known to stay. What it says is
 * in inbound.ts and frames-in.ts, its end in departures.ts.
 */

import { namesEndpoint } from "../../protocol/address/endpoint.ts";
import { encodeBanner, framePrefix, mayBecomeFrame } from "../../protocol/frames/frame-codec.ts";
import { helloDeadlineMs, unfinishedLineMs } from "../../protocol/limits.ts";
import type { SocketEvent } from "../../protocol/sockets/socket-event.ts";
import { isOwnEcho } from "../features/subnet-broadcast.ts";
import { type Chat, sideOf } from "../model/chat.ts";
import { createPeer } from "../model/new-peer.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import { audienceChanges } from "../outbound/audience.ts";
import { isGroupSide, tellGroup } from "../outbound/multicast-group.ts";
import { awaitFirstWords, isUnread } from "../outbound/read-pause.ts";
import { resetPeer } from "../outbound/reset.ts";
import { give } from "../outbound/sending.ts";
import { notice, setPeerState } from "../report/report.ts";
import { isAllowed } from "../room/admission.ts";
import { announce, announceRaw, becomeRaw } from "./classify.ts";
import { endPeer, turnAway } from "./end-peer.ts";
import { sayHello } from "./greeting.ts";
import { pairingDone } from "./pairing.ts";
import { probe } from "./pings.ts";
import { closeGrowing, lineTimeReached } from "./unfinished-line.ts";

type Connected = Extract<SocketEvent, { type: "connected" }>;

/** A connection, or a UDP endpoint heard or chosen for the first time. */
export function peerConnected(chat: Chat, side: Side, event: Connected): void {
  const isKnown = side.knownDuet !== undefined && namesEndpoint(side.knownDuet, event.peer);
  const presumedDuet = !side.raw && !isGroupSide(side) && !event.accepted && (isKnown || chat.config.duet);
  const peer = createPeer(chat, { ...event, endpoint: event.peer, transport: side.transport, presumedDuet });
  side.peers.set(peer.connection, peer);
  chat.peers.set(peer.connection, peer);
  if (event.accepted && side.transport === "udp" && isOwnEcho(chat, side, event.peer))
    return resetPeer(chat, peer, "it is our own broadcast");
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
