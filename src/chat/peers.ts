/**
 * A peer's life: it comes, is found to be a duet or raw, is shown once it is known to stay, and goes. What it says is
 * in inbound.ts and frames-in.ts.
 */

import { cidrContains } from "../protocol/cidr.ts";
import { encodeBanner, framePrefix, mayBecomeFrame } from "../protocol/frame.ts";
import { acceptSilenceMs, bannerWaitMs, helloDeadlineMs, unfinishedLineMs } from "../protocol/limits.ts";
import { describeNetworkError } from "../protocol/network-error.ts";
import type { SocketEvent } from "../protocol/socket-event.ts";
import type { StateWord } from "./connection-state.ts";
import { sayHello } from "./greeting.ts";
import { closeGrowing, lineTimeReached } from "./inbound.ts";
import { probe } from "./liveness.ts";
import { pairingDone, pairingRefuses } from "./pairing.ts";
import { dropMarks } from "./receipts.ts";
import { createPeer } from "./new-peer.ts";
import { noticeOfPeer, withoutSubject } from "./peer-notices.ts";
import { notice, reportError, setPeerState, setSideState, tell } from "./report.ts";
import { enterRoom, leaveRoom, tellJoined } from "./room.ts";
import { give, sendTextToAll } from "./sending.ts";
import { closeSide, leave, sayGoodbye } from "./sides.ts";
import { type Chat, nameOf, type Peer, type Side, sideOf } from "./state.ts";

type Connected = Extract<SocketEvent, { type: "connected" }>;
type Disconnected = Extract<SocketEvent, { type: "disconnected" }>;

/** A connection, or a UDP endpoint heard or chosen for the first time. */
export function peerConnected(chat: Chat, side: Side, event: Connected): void {
  const presumedDuet = !side.raw && !event.accepted && (side.knownDuet || chat.config.duet);
  const peer = createPeer(chat, { ...event, endpoint: event.peer, transport: side.transport, presumedDuet });
  side.peers.set(peer.connection, peer);
  chat.peers.set(peer.connection, peer);
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
  if (peer.accepted) {
    chat.timers.set(`classify ${peer.connection}`, chat.nowMs + acceptSilenceMs);
    return;
  }
  if (side.raw) return announceRaw(chat, peer);
  if (peer.presumedDuet) sayHello(chat, peer);
  chat.timers.set(`classify ${peer.connection}`, chat.nowMs + bannerWaitMs * (peer.presumedDuet ? 4 : 1));
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
  const head = peer.decoder.unfinished;
  if (head !== "" && mayBecomeFrame(head)) return waitForWholeHello(chat, peer, head);
  if (!peer.accepted) return becomeRaw(chat, peer);
  if (peer.lastSpokenMs === undefined) {
    const here = chat.members.size + 2;
    give(chat, [peer], Buffer.from(`${encodeBanner(chat.name, here)}\n`));
    // A duet answers the banner at once; who stays silent now is a person or a program that reads.
    chat.timers.set(`classify ${peer.connection}`, chat.nowMs + acceptSilenceMs);
    return;
  }
  if (!peer.announced && side.peers.has(peer.connection)) announce(chat, peer);
}

/** `duet/1 ` has its time to become a hello; less than that is text after a second of silence, as all text is. */
function waitForWholeHello(chat: Chat, peer: Peer, head: string): void {
  const isPrefix = head.length >= framePrefix.length;
  const untilMs = isPrefix
    ? peer.sinceMs + helloDeadlineMs
    : (peer.lastHeardMs ?? peer.sinceMs) + unfinishedLineMs;
  if (chat.nowMs < untilMs) return chat.timers.set(`classify ${peer.connection}`, untilMs);
  if (!isPrefix) return lineTimeReached(chat, peer);
  endPeer(chat, peer, `its hello did not come within ${helloDeadlineMs / 1000} s`);
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
  const kind = peer.kind === "unknown" ? undefined : peer.kind;
  tell(chat, {
    type: "peer",
    transport: peer.transport,
    event: "connected",
    peer: peer.address,
    name: peer.name,
    kind,
  });
}

/** Says what a peer turned out to be. */
export function tellIdentified(chat: Chat, peer: Peer): void {
  if (peer.kind === "unknown") return;
  const identified = { peer: peer.address, name: nameOf(peer), kind: peer.kind };
  tell(chat, { type: "peer", transport: peer.transport, event: "identified", ...identified });
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
  peer.weShutDown = true;
  if (peer.ending !== undefined || peer.theyShutDown) return;
  setPeerState(chat, peer, "HALF-CLOSED (ours)", "we send no more (FIN), and go on reading");
}

/** Closes one connection with a reason: goodbye to a duet, then FIN after what is queued. */
export function endPeer(chat: Chat, peer: Peer, reason: string, how: "flush" | "reset" = "flush"): void {
  if (peer.ending !== undefined) return;
  peer.ending = reason;
  if (how === "flush") sayGoodbye(chat, peer, reason);
  chat.effects.push({ type: "close", transport: peer.transport, connection: peer.connection, how });
}

/** Refuses a peer with one plain line that says why. */
export function turnAway(chat: Chat, peer: Peer, reason: string): void {
  noticeOfPeer(chat, sideOf(chat, peer), "warning", `${peer.address} was turned away: ${reason}`);
  if (peer.transport === "tcp") sendTextToAll(chat, [peer], `duet: ${reason}`);
  endPeer(chat, peer, reason);
}

/** The connection is over. */
export function peerDisconnected(chat: Chat, side: Side, event: Disconnected): void {
  const peer = side.peers.get(event.connection);
  if (peer === undefined) return;
  closeGrowing(chat, peer, peer.decoder.finish());
  forgetPeer(chat, side, peer);
  dropMarks(peer);
  const reason = endReason(peer, event);
  tellUnsent(chat, side, peer);
  if (peer.announced || peer.member !== undefined) {
    const gone = leaveRoom(chat, peer, reason);
    const name = nameOf(peer);
    const kind = peer.kind === "unknown" ? undefined : peer.kind;
    tell(chat, {
      type: "peer",
      transport: peer.transport,
      event: "disconnected",
      peer: peer.address,
      name,
      kind,
    });
    if (peer.accepted) tellLeft(chat, side, peer, reason, gone);
  }
  setPeerState(chat, peer, endState(event), reason, false);
  if (peer.accepted) settleUdpState(chat, side, reason);
  else connectionOver(chat, side, peer, event);
}

function forgetPeer(chat: Chat, side: Side, peer: Peer): void {
  side.peers.delete(peer.connection);
  chat.peers.delete(peer.connection);
  for (const timer of ["classify", "line", "hello", "stall"])
    chat.timers.clear(`${timer} ${peer.connection}`);
}

function tellLeft(chat: Chat, side: Side, peer: Peer, reason: string, gone: boolean): void {
  if (chat.leaving !== undefined) return;
  const name = nameOf(peer);
  const text = gone
    ? `${name} left: ${withoutSubject(reason, peer.address)}`
    : `${name} is no longer here by ${peer.transport.toUpperCase()}: ${reason}`;
  noticeOfPeer(chat, side, "left", text);
}

/** What was handed over and never reached the kernel is not passed over in silence. */
function tellUnsent(chat: Chat, side: Side, peer: Peer): void {
  const unsent = peer.bytesGiven - peer.bytesOut;
  // What is left when we end it ourselves is our goodbye, or was told with the reason.
  if (peer.ending !== undefined || unsent <= 0 || peer.transport === "udp" || !peer.announced) return;
  noticeOfPeer(chat, side, "warning", `${unsent} bytes for ${nameOf(peer)} were not sent`);
}

/** What we connected to is gone: without a screen that is the end, and its cause is the exit code. */
function connectionOver(chat: Chat, side: Side, peer: Peer, event: Disconnected): void {
  if (side.pairing !== undefined) return;
  if (event.error !== undefined && peer.ending === undefined) reportError(chat, side, event.error);
  const failed =
    peer.failed || (event.cause !== "ours" && event.cause !== "fin" && peer.ending === undefined);
  side.failed = failed;
  if (chat.config.headless) return leave(chat, failed ? 1 : 0);
  if (side.endReason !== undefined) return;
  const hint = `/reconnect tries ${side.targetText ?? peer.address} again`;
  notice(chat, side, "info", "what you type has nowhere to go now", hint);
  // A stream's transport stops by itself; a datagram socket would stay, for nobody.
  if (side.transport === "udp") closeSide(chat, side, endReason(peer, event));
}

function endReason(peer: Peer, event: Disconnected): string {
  if (peer.ending !== undefined) return peer.ending;
  if (event.error !== undefined) return describeNetworkError(event.error).message;
  switch (event.cause) {
    case "ours":
      return "closed here";
    case "fin":
      return "both sides have closed (FIN)";
    case "reset":
      return "it reset the connection (RST)";
    case "timed-out":
      return "nothing was heard of it any more";
    case "broken":
      return "the connection broke";
  }
}

function endState(event: Disconnected): StateWord {
  switch (event.cause) {
    case "ours":
    case "fin":
      return "CLOSED";
    case "reset":
    case "broken":
      return "RESET";
    case "timed-out":
      return "TIMED OUT";
  }
}

function isAllowed(chat: Chat, peer: Peer): boolean {
  if (peer.endpoint.family === "unix") return true;
  const { allow, deny } = chat.config;
  if (deny.some((range) => cidrContains(range, peer.endpoint))) return false;
  return allow.length === 0 || allow.some((range) => cidrContains(range, peer.endpoint));
}

/** A UDP side shows what is heard: OPEN while any peer is, until it is being closed. */
export function settleUdpState(chat: Chat, side: Side, reason: string): void {
  if (side.transport !== "udp" || side.role !== "listen" || side.endReason !== undefined) return;
  const heard = [...side.peers.values()].some((peer) => peer.state === "OPEN");
  setSideState(chat, side, heard ? "OPEN" : "BOUND", reason);
}
