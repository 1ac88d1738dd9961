/**
 * Sealing of a connection: which hello begins it, its time-out, and its end. The handshake is in stream-handshake.ts and
 * datagram-handshake.ts; the transport seals and opens what follows (SEALED.md).
 */

import type { HelloFrame } from "../../protocol/frames/frame.ts";
import { hellosMax, pingsUnansweredMax, roomQueriesMax } from "../../protocol/limits.ts";
import type { SocketEvent } from "../../protocol/sockets/socket-event.ts";
import type { Config } from "../config/config.ts";
import { endFaultyPeer, endPeer, refusePeer, resetFaultyPeer, turnAway } from "../connections/end-peer.ts";
import { handleHelloTimer, receiveHello, restartJoin, sendHello } from "../connections/greeting.ts";
import { refuseOpenRoom } from "../connections/room-password.ts";
import { holdPlain, meetPeer, refuseWrongProof } from "../connections/recognised-key.ts";
import type { SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import { setTheirKey } from "../peer/handshake.ts";
import {
  canSeal,
  endRestart,
  isSealed,
  isShaking,
  requiresSeal,
  restartSeal,
  setHandshake,
} from "../peer/seal.ts";
import { refusalReasons } from "../../protocol/sealed/records.ts";
import { writeReason } from "../report/wire-reasons.ts";
import { leaveAsRaw } from "../room/members.ts";
import { changeSealStage } from "../room/half-open.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { receiveDatagramOffer, receiveOfferAgain, repeatHandshake, sendFirst } from "./datagram-handshake.ts";
import {
  armSealTimer,
  endLateHandshake,
  endRefused,
  explainGuess,
  explainLateness,
} from "./handshake-steps.ts";
import { hurryRenewal } from "./renewal.ts";
import { failStreamHandshake, receiveStreamOffer } from "./stream-handshake.ts";

/** A valid hello: inside a session or in the clear the greeting, else an offer. */
export function receiveAnyHello(chat: SendContext, peer: Peer, hello: HelloFrame): void {
  const { seal, link } = peer;
  if (isShaking(seal)) return link.transport === "udp" ? receiveOfferAgain(chat, peer, hello) : undefined;
  if (isSealed(seal)) return receiveSealedHello(chat, peer, hello);
  if (peer.identity.kind === "duet") return receiveHello(chat, peer, hello);
  if (hello.offer !== undefined && canSeal(chat.config)) return receiveOffer(chat, peer, hello);
  if (requiresSeal(chat.config.encrypt, seal)) return receivePlainHello(chat, peer, hello);
  receiveHello(chat, peer, hello);
}

/** The first hello of a session proves its sender's identity. */
function receiveSealedHello(chat: SendContext, peer: Peer, hello: HelloFrame): void {
  const isFirst = peer.seal.isRestarting || peer.identity.kind !== "duet";
  const wrong = isFirst ? refuseWrongProof(chat, peer, hello) : undefined;
  if (wrong !== undefined)
    return peer.link.isInbound ? refusePeer(chat, peer, wrong) : endFaultyPeer(chat, peer, wrong);
  if (peer.seal.isRestarting) joinAgain(chat, peer, hello);
  else receiveHello(chat, peer, hello);
}

/** A hello in the clear of a peer that is sealed, or to be. False: it means nothing. */
export function receiveHelloInTheClear(chat: SendContext, peer: Peer, hello: HelloFrame): boolean {
  const { seal, link, liveness } = peer;
  if (isShaking(seal)) {
    receiveAnyHello(chat, peer, hello);
    return true;
  }
  // Our host answers nothing in the session, and answers our new offer: it has forgotten us.
  const isAnswer = seal.keyOfNewOffer !== undefined && hello.offer?.answers === seal.keyOfNewOffer;
  if (link.isInbound || !isAnswer || liveness.pingsUnanswered <= pingsUnansweredMax) return false;
  // Anybody on the path can answer: a session does not end because its room seems to have got or lost a password.
  if (hello.offer?.hasPassword !== seal.theirOffer?.hasPassword) return false;
  setTheirKey(peer.handshake, hello.key);
  restartSeal(seal, hello.offer);
  sendFirst(chat, peer);
  return true;
}

/** The first hello of a session in place of the one before: nothing of that counts. */
function joinAgain(chat: SendContext, peer: Peer, hello: HelloFrame): void {
  endRestart(peer.seal);
  restartJoin(chat, peer, hello);
  meetPeer(chat, peer);
}

/** A late offer, of a peer that was taken for raw: it leaves the room, to join it again. */
function receiveOffer(chat: SendContext, peer: Peer, hello: HelloFrame): void {
  chat.timers.clear({ kind: "recognition", of: peer.link.connection });
  if (peer.membership.member !== undefined) leaveAsRaw(chat, peer);
  if (peer.link.transport === "tcp") receiveStreamOffer(chat, peer, hello);
  else receiveDatagramOffer(chat, peer, hello);
}

/** We require sealing. A client may still send an offer, as one on loopback does when it sees ours. */
function receivePlainHello(chat: SendContext, peer: Peer, hello: HelloFrame): void {
  if (!peer.link.isInbound || peer.seal.stage !== "none") return refusePlainDuet(chat, peer, hello);
  setTheirKey(peer.handshake, hello.key);
  chat.timers.clear({ kind: "recognition", of: peer.link.connection });
  sendHello(chat, peer);
  changeSealStage(chat.room, peer, "offered");
  armSealTimer(chat, peer);
}

/** True if we require sealing and wait for the peer's offer: any other frame ends the connection. */
export function mustSeal({ encrypt }: Config, { seal }: Pick<Peer, "seal">): boolean {
  return requiresSeal(encrypt, seal) && seal.stage === "offered";
}

/** Refuses a duet that does not seal, with a sentence for its person. */
export function refusePlainDuet(chat: SendContext, peer: Peer, hello?: HelloFrame): void {
  if (hello !== undefined) setTheirKey(peer.handshake, hello.key);
  if (holdPlain(chat, peer)) return;
  const { hasPassword } = peer.seal;
  const reason = writeReason(chat.config, sentence(hasPassword ? "password-required" : "seal-required"));
  sendFrameTo(chat, peer, { type: "goodbye", reason }, { isAsked: !peer.link.isInbound });
  if (peer.link.isInbound)
    return turnAway(chat, peer, sentence(hasPassword ? "duet-without-password" : "duet-without-seal"));
  if (hasPassword) return refuseOpenRoom(chat, peer);
  endFaultyPeer(chat, peer, sentence("peer-cannot-seal", { address: peer.link.address }));
}

/** The handshake, or a host's wait for an offer, took too long. */
export function handleSealTimer(chat: SendContext, peer: Peer): void {
  if (peer.link.endReason !== undefined) return;
  if (peer.seal.stage === "offered") return refusePlainDuet(chat, peer);
  // Once the keys of another session are known, those of the one before are gone.
  const maySessionGoOn = isShaking(peer.seal) && peer.seal.refusal !== refusalReasons.password;
  if (peer.seal.isRestarting && maySessionGoOn) return keepSession(chat, peer);
  if (peer.seal.stage === "refused") return endPeer(chat, peer, explainGuess(peer.seal.refusal));
  if (peer.link.transport === "tcp") failStreamHandshake(chat, peer, explainLateness());
  else endLateHandshake(chat, peer);
}

/** The host did not complete another session: the one before goes on. */
function keepSession(chat: SendContext, peer: Peer): void {
  endRestart(peer.seal);
  setHandshake(peer.seal, undefined);
  changeSealStage(chat.room, peer, "sealed");
}

/** No answer to the last greeting over UDP, or to the last message of a handshake: repeats it. */
export function handleGreetingTimer(chat: SendContext, peer: Peer): void {
  if (peer.link.endReason !== undefined || repeatHandshake(chat, peer)) return;
  const { seal, link, identity, handshake } = peer;
  // A duet that was offered sealing is refused when its time is over, and is no raw peer.
  if (link.isInbound && mustSeal(chat.config, peer) && handshake.hellosSent >= hellosMax) return;
  const isUnanswered = seal.isRestarting || identity.kind === "unknown";
  if (!isSealed(seal) || link.isInbound || !isUnanswered) return handleHelloTimer(chat, peer);
  if (handshake.hellosSent < roomQueriesMax) sendHello(chat, peer);
  else endWithoutHello(chat, peer);
}

/** Keys are due, or a session cannot go on: what was changed or cut is not shown, and nothing follows. */
export function handleSessionEvent(
  chat: SendContext,
  peer: Peer,
  event: Extract<SocketEvent, { type: "seal-broken" | "keys-due" }>,
): void {
  if (event.type === "keys-due") hurryRenewal(chat, peer);
  else if (event.why === "wrong-password" || event.why === "refused")
    endRefused(chat, peer, event.why === "refused" ? refusalReasons.failed : refusalReasons.password);
  else resetFaultyPeer(chat, peer, sentence("session-broken", { why: event.why }));
}

/** The first record of a session is no greeting. */
export function endWithoutHello(chat: SendContext, peer: Peer): void {
  endFaultyPeer(chat, peer, sentence("no-sealed-hello"));
}
