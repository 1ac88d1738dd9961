/** The greeting of two duets: a hello each way, then a welcome from the host. */

import { formatEndpoint } from "../../protocol/address/endpoint.ts";
import { computeKeyedHash } from "../../protocol/keyed-hash.ts";
import type { ParsedFrame } from "../../protocol/frames/frame-codec.ts";
import type { Frame, HelloFrame } from "../../protocol/frames/frame.ts";
import { toProofFields } from "../../protocol/identity/identity-proof.ts";
import {
  datagramFrameMaxBytes,
  datagramFramesMax,
  helloIntervalMs,
  hellosMax,
  roomQueriesMax,
} from "../../protocol/limits.ts";
import { cleanName } from "../../protocol/text/nicknames.ts";
import { type Chat, getName, getSide, type ReportContext, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { placeInAudience } from "../outbound/audiences.ts";
import { startDelivery } from "../outbound/delivery.ts";
import { keepPlace } from "../outbound/kept-place.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import { forgetMessages } from "../spans/peer-trace.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { addNotice } from "../report/report.ts";
import { endDelivery } from "../room/lost-messages.ts";
import { enterRoom, leaveAsRaw } from "../room/members.ts";
import { sendWelcome } from "../room/welcome.ts";
import { getOwnEpoch } from "../room/member-keys.ts";
import { findEarlierPath } from "./known-paths.ts";
import { isOffering, makeOfferSession, sendNewOffer, sendOffer } from "./offer.ts";
import { introducePeer, becomeRaw, reportIdentified } from "./recognition.ts";
import { meetPeer } from "./recognised-key.ts";
import { chooseLineMode } from "../room/line-mode.ts";
import { noteReceivedFrom, sendPing } from "./pings.ts";
import { endGrowingText } from "./unfinished-line.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { setEndReason } from "../peer/link.ts";
import { setTheirKey } from "../peer/handshake.ts";
import { setName } from "../peer/identity.ts";
import { getProof } from "../records/key-source.ts";
import { forgetHostRoom } from "../peer/host-room.ts";
import { forgetPendingReceipts } from "../outbound/pending-receipts.ts";
import type { Self } from "../model/chat.ts";
import type { Link } from "../peer/link.ts";
import { isSealed, setSealStage, setTheirEpoch } from "../peer/seal.ts";

/**
 * Keeps a hello that follows plain text: the person decides by `/upgrade`, since it may be text that somebody wrote.
 * It is not relayed as text, since it contains a session token and a key.
 */
export function keepOfferedHello(chat: ReportContext, peer: Peer, parsed: ParsedFrame): boolean {
  if (parsed.kind !== "frame" || parsed.frame.type !== "hello") return false;
  const isFirst = peer.handshake.offer === undefined;
  peer.handshake.offer = parsed.frame;
  const name = getName(peer);
  const hint = sentence("upgrade-hint", { name });
  if (isFirst) addPeerNotice(chat, getSide(chat, peer.link), "info", sentence("offers-duet", { name }), hint);
  return true;
}

/**
 * Sends a hello. Over UDP it is repeated a few times, and padded for a peer that the person chose, so that no answer
 * is larger than it.
 */
export function sendHello(chat: SendContext, peer: Peer): void {
  peer.handshake.isHelloSent = true;
  if (!peer.link.isInbound) peer.handshake.earlierPath = findEarlierPath(chat, peer.link);
  chooseLineMode(chat, peer);
  peer.handshake.hellosSent += 1;
  const isPadded = peer.link.transport === "udp" && !peer.link.isInbound && !isSealed(peer.seal);
  sendHelloFrame(chat, peer, isPadded ? datagramFrameMaxBytes : 0, true);
  if (peer.link.transport === "udp")
    chat.timers.set({ kind: "hello", of: peer.link.connection }, chat.nowMs + helloIntervalMs);
}

/** Answers an offer with ours, over UDP with no more bytes than were received, and again until it is proven. */
export function answerWithOffer(chat: SendContext, peer: Peer): void {
  peer.handshake.isHelloSent = true;
  peer.handshake.hellosSent += 1;
  sendHelloFrame(chat, peer, 0, false);
  chat.timers.set({ kind: "hello", of: peer.link.connection }, chat.nowMs + helloIntervalMs);
}

/** An offer where we seal, else, and in a session, the hello with our name. */
function sendHelloFrame(chat: SendContext, peer: Peer, padTo: number, isAsked: boolean): void {
  if (!isSealed(peer.seal) && isOffering(chat.config, peer)) {
    if (peer.seal.stage === "none") setSealStage(peer.seal, "offered");
    return sendOffer(chat, peer, padTo, isAsked);
  }
  sendFrameTo(chat, peer, makeHello(chat.self, peer), { padTo, isAsked });
}

function makeHello(self: Self, peer: Pick<Peer, "link" | "handshake" | "seal">): HelloFrame {
  const hello = {
    type: "hello",
    name: self.name,
    session: makeSessionToken(self, peer.link),
    key: peer.handshake.ourKey,
    ...(peer.handshake.earlierPath === undefined ? {} : { member: peer.handshake.earlierPath.number }),
    ...(isSealed(peer.seal) ? { epoch: getOwnEpoch(self) } : {}),
    ...(isSealed(peer.seal) && peer.seal.ours !== undefined ? toProofFields(getProof(peer.seal.ours)) : {}),
  } as const;
  return peer.link.transport === "udp" ? { ...hello, delivery: 1, frames: datagramFramesMax } : hello;
}

/**
 * The session token for one endpoint. Each endpoint gets another one in each role, so that a token identifies nobody
 * elsewhere.
 */
function makeSessionToken(self: Self, { endpoint, transport, isInbound }: Link): string {
  const role = isInbound ? "from client" : "to host";
  return computeKeyedHash(self.session, `${role} ${transport} ${formatEndpoint(endpoint)}`).slice(0, 24);
}

/** Answers a hello of a later version with our own version, once, and with no more bytes than it sent. */
export function answerLaterVersion(chat: SendContext, peer: Peer): void {
  if (peer.handshake.isHelloSent) return;
  peer.handshake.isHelloSent = true;
  chooseLineMode(chat, peer);
  sendHelloFrame(chat, peer, 0, false);
}

/** No answer to the last hello over UDP: repeats it a few times, then falls back to plain text. */
export function handleHelloTimer(chat: SendContext, peer: Peer): void {
  if (peer.link.endReason !== undefined) return;
  if (peer.identity.kind === "duet")
    return peer.link.isInbound ? answerAgain(chat, peer) : askForRoom(chat, peer);
  if (peer.handshake.hellosSent < hellosMax) return sendHello(chat, peer);
  const side = getSide(chat, peer.link);
  addNotice(
    chat,
    side,
    "warning",
    sentence("no-answer-to-greetings", { address: peer.link.address, greetings: hellosMax }),
  );
  if (peer.identity.kind === "unknown") becomeRaw(chat, peer);
}

/** Repeats our answer, which may have been lost, as often as a hello, and with no more bytes than were received. */
function answerAgain(chat: SendContext, peer: Peer): void {
  if (peer.handshake.isProven || peer.handshake.hellosSent >= hellosMax) return;
  peer.handshake.hellosSent += 1;
  sendHelloFrame(chat, peer, 0, false);
  chat.timers.set({ kind: "hello", of: peer.link.connection }, chat.nowMs + helloIntervalMs);
}

/** Asks a recognised host for its welcome: a ping shows it our key; a host without delivery needs another hello. */
function askForRoom(chat: SendContext, peer: Peer): void {
  if (peer.hostRoom.ourNumber !== undefined || peer.handshake.hellosSent >= roomQueriesMax) return;
  if (peer.outbound.delivery === undefined && peer.handshake.hellosSent < hellosMax)
    return sendHello(chat, peer);
  peer.handshake.hellosSent += 1;
  sendPing(chat, peer);
  chat.timers.set({ kind: "hello", of: peer.link.connection }, chat.nowMs + helloIntervalMs);
}

/** Greets a host that answers no ping: it may have restarted, or may have forgotten us. */
export function greetAgain(chat: SendContext, peer: Peer): void {
  sendPing(chat, peer);
  peer.handshake.earlierPath = findEarlierPath(chat, peer.link);
  if (isSealed(peer.seal)) return sendNewOffer(chat, peer);
  sendFrameTo(chat, peer, makeHello(chat.self, peer), { padTo: datagramFrameMaxBytes, isAsked: true });
}

/** Joins again: the host answered with our key and a new one of its own, so that nothing before counts. */
export function restartJoin(chat: SendContext, peer: Peer, hello: HelloFrame): void {
  const side = getSide(chat, peer.link);
  noteReceivedFrom(chat, side, peer);
  endDelivery(chat, peer, sentence("had-forgotten-us"));
  setTheirKey(peer.handshake, hello.key);
  setTheirEpoch(peer.seal, hello.epoch);
  peer.identity.session = hello.session;
  setName(peer.identity, cleanName(hello.name));
  peer.inbound.partJoiner.clear();
  forgetMessages(peer.trace);
  forgetPendingReceipts(peer.receipts);
  forgetHostRoom(peer.hostRoom);
  peer.handshake.hellosSent = 0;
  if (hello.delivery === 1) startDelivery(peer, hello.frames ?? 1);
  addPeerNotice(chat, side, "info", sentence("host-forgot-us", { name: getName(peer) }));
  askForRoom(chat, peer);
}

/** A valid hello: a request from an inbound peer, else the answer to ours. */
export function receiveHello(chat: SendContext, peer: Peer, hello: HelloFrame): void {
  if (isOurselves(chat, hello.session)) return handleOwnHello(chat, peer.link);
  const again = peer.identity.kind === "duet";
  const owesName = !peer.link.isInbound && !isSealed(peer.seal) && peer.seal.ourOffer !== undefined;
  if (owesName) setSealStage(peer.seal, "none");
  if (again && (hello.session !== peer.identity.session || hello.key !== peer.handshake.theirKey)) return;
  setTheirKey(peer.handshake, hello.key);
  setTheirEpoch(peer.seal, hello.epoch);
  peer.identity.session = hello.session;
  if (!again && peer.link.transport === "udp" && hello.delivery === 1) startDelivery(peer, hello.frames ?? 1);
  if (!again && peer.link.isInbound) noteClaim(chat, peer, hello);
  if (!again) becomeDuet(chat, peer, hello.name);
  if (!again) meetPeer(chat, peer);
  if (!again && owesName) reportPlain(chat, peer);
  if (peer.link.isInbound) return answerHello(chat, peer, again);
  const isAnswer = peer.handshake.isHelloSent;
  if (!isAnswer) sendHello(chat, peer);
  if (peer.link.transport === "udp" ? isAnswer : peer.handshake.earlierPath !== undefined)
    sendPing(chat, peer);
}

/**
 * The peer is a member of the room already by its own account: it joins with its first frame, which proves that or not.
 * Until then it receives no line.
 */
function noteClaim(chat: SendContext, peer: Peer, { member, offer }: HelloFrame): void {
  // The name behind an offer that is answered in the clear follows in the first frame.
  const isNameless = offer !== undefined && !isSealed(peer.seal);
  if (!isNameless && (member === undefined || !chat.room.members.has(member))) return;
  if (member !== undefined && !isNameless) peer.handshake.claim = { member, proof: undefined };
  peer.handshake.isProven = false;
  if (peer.membership.member !== undefined) leaveAsRaw(chat, peer);
}

/** Our offer to seal, which had no name, was answered in the clear. */
function reportPlain(chat: SendContext, peer: Peer): void {
  const side = getSide(chat, peer.link);
  addPeerNotice(chat, side, "warning", sentence("duet-does-not-seal", { name: getName(peer) }));
  sendFrameTo(chat, peer, { type: "renamed", name: chat.self.name });
}

/** Takes a name that is received before the peer joins. */
export function noteNameAtJoin(peer: Pick<Peer, "link" | "handshake" | "identity">, name: string): void {
  if (peer.link.isInbound && !peer.handshake.isProven) setName(peer.identity, cleanName(name));
}

/** Keeps the proof of a claim until the peer joins. */
export function noteProof(
  { handshake }: Pick<Peer, "handshake">,
  frame: Extract<Frame, { type: "ping" }>,
): void {
  const { at, proof: hash } = frame;
  if (handshake.claim === undefined || handshake.isProven || at === undefined || hash === undefined) return;
  handshake.claim.proof = { at, hash };
}

/**
 * Answers a hello. Over UDP the room is sent only to a peer that has used the key in this answer, so that nobody is
 * flooded by a forged hello.
 */
function answerHello(chat: SendContext, peer: Peer, again: boolean): void {
  peer.handshake.isHelloSent = true;
  sendFrameTo(chat, peer, makeHello(chat.self, peer));
  // With delivery the welcome is numbered; it follows the proof, which a session is from its first hello on.
  const isWelcomed = peer.outbound.delivery !== undefined && again;
  if (peer.handshake.isProven && !isWelcomed) return sendWelcome(chat, peer);
  if (!peer.handshake.isProven && peer.link.transport === "udp")
    chat.timers.set({ kind: "hello", of: peer.link.connection }, chat.nowMs + helloIntervalMs);
}

/**
 * A UDP endpoint has used the key that was sent to it, which proves its address; or a connection that claims to be a
 * member has sent its first frame: it joins.
 */
export function proveEndpoint(chat: SendContext, peer: Peer): void {
  if (peer.handshake.isProven) return;
  peer.handshake.isProven = true;
  keepPlace(chat.effects, peer.link, "member");
  joinAsDuet(chat, peer);
  if (peer.link.isInbound) sendWelcome(chat, peer);
}

/** Treats the peer as a duet: from now on it receives frames. */
export function becomeDuet(chat: SendContext, peer: Peer, wantedName: string): void {
  chat.timers.clear({ kind: "recognition", of: peer.link.connection });
  endGrowingText(chat, peer);
  peer.identity.kind = "duet";
  placeInAudience(chat, peer);
  chooseLineMode(chat, peer);
  setName(peer.identity, cleanName(wantedName));
  if (!peer.handshake.isProven) return;
  if (peer.link.transport === "udp") noteReceivedFrom(chat, getSide(chat, peer.link), peer);
  joinAsDuet(chat, peer);
}

/** Shows and reports a duet whose address is proven. */
function joinAsDuet(chat: SendContext, peer: Peer): void {
  if (peer.identity.isIntroduced && peer.link.isInbound) {
    if (peer.membership.member !== undefined) leaveAsRaw(chat, peer);
    if (getSide(chat, peer.link).socket.role === "listen") enterRoom(chat, peer);
    const who = { name: getName(peer), address: peer.link.address };
    addPeerNotice(chat, getSide(chat, peer.link), "info", sentence("peer-is-duet", who));
  } else introducePeer(chat, peer);
  reportIdentified(chat, peer);
}

/**
 * The greeting begins anew inside a session, as with a peer that is known to be a duet: nothing before counts, and
 * the key of the hello is another one.
 */
export function beginAnew(self: Self, { link, handshake }: Pick<Peer, "link" | "handshake">): void {
  handshake.isHelloSent = false;
  handshake.hellosSent = 0;
  setTheirKey(handshake, undefined);
  handshake.ourKey = makeSealedKey(self, link);
  handshake.isProven = true;
}

/** The key of our hello in a session: none of those that are sent in the clear. */
function makeSealedKey(self: Self, { connection }: Link): string {
  return computeKeyedHash(self.secret, `sealed ${connection}`).slice(0, 16);
}

/** True if the session token is one that we have sent in a hello. */
function isOurselves(chat: Pick<Chat, "self" | "peers">, session: string): boolean {
  for (const peer of chat.peers.values())
    if (
      !peer.link.isInbound &&
      peer.handshake.isHelloSent &&
      (makeSessionToken(chat.self, peer.link) === session ||
        makeOfferSession(chat.self, peer.link) === session)
    )
      return true;
  return false;
}

function handleOwnHello(chat: ReportContext, link: Link): void {
  const side = getSide(chat, link);
  if (link.endReason !== undefined) return;
  addPeerNotice(chat, side, "warning", sentence("own-greeting-from", { address: link.address }));
  setEndReason(link, sentence("own-greeting-back"));
  chat.effects.push({
    type: "close",
    transport: link.transport,
    connection: link.connection,
    how: "flush",
  });
}
