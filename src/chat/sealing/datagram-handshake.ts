/**
 * The handshake of a session over UDP: its datagrams may be lost, repeated or forged, so messages are repeated until they
 * are answered, and what does not authenticate changes nothing (SEALED.md, Over UDP).
 */

import { timingSafeEqual } from "../../protocol/noise/x25519.ts";
import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import type { HelloFrame } from "../../protocol/frames/frame.ts";
import { firstsAnsweredMax, helloIntervalMs, hellosMax, refusalWaitMs } from "../../protocol/limits.ts";
import {
  encodeFirst,
  encodeRefusal,
  encodeSecond,
  encodeThird,
  type HandshakeDatagram,
  readHandshakeDatagram,
  refusalReasons,
} from "../../protocol/sealed/records.ts";
import { reportGuess } from "../connections/end-peer.ts";
import { checkPassword } from "../connections/room-password.ts";
import { answerWithOffer, sendHello } from "../connections/greeting.ts";
import { makeOfferSession } from "../connections/offer.ts";
import type { SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { maySendUnasked } from "../outbound/enqueue.ts";
import { sendUnsealed } from "../outbound/sending.ts";
import { setTheirKey } from "../peer/handshake.ts";
import {
  countAnsweredFirst,
  isShaking,
  setHandshake,
  setIndices,
  setLastMessages,
  setRefusal,
  setTheirOffer,
} from "../peer/seal.ts";
import { isSentence } from "../../words/sentences/sentence.ts";
import { takeIndex } from "../records/key-source.ts";
import { changeSealStage, hasHandshakeRoom } from "../room/half-open.ts";
import {
  answerFirst,
  answerSecond,
  armSealTimer,
  beginSession,
  explainGuess,
  failHandshake,
  makeFirst,
  mayGuess,
  readThird,
} from "./handshake-steps.ts";

/**
 * An offer: the answer to ours, or a greeting to be answered with ours. If both greeted first, the side with the smaller
 * session begins the handshake: it does not answer the other.
 */
export function receiveDatagramOffer(chat: SendContext, peer: Peer, hello: HelloFrame): void {
  const { link, handshake, seal } = peer;
  const isAnswer = hello.offer?.answers === handshake.ourKey;
  if (isAnswer && seal.ourOffer !== undefined) {
    acceptOffer(peer, hello);
    return sendFirst(chat, peer);
  }
  // Our plain hello was answered by a host that requires sealing: we greet once more, with an offer.
  if (isAnswer) {
    setTheirOffer(seal, hello.offer);
    return sendHello(chat, peer);
  }
  if (isStrayAnswer(hello)) return;
  const hasGreeted = seal.stage === "offered" && handshake.theirKey === undefined;
  if (hasGreeted && makeOfferSession(chat.self, link) < hello.session) return;
  acceptOffer(peer, hello);
  if (!link.isInbound) armSealTimer(chat, peer);
  changeSealStage(chat.room, peer, "awaiting-first");
  answerWithOffer(chat, peer);
}

/**
 * An answer to somebody else's hello, or a second one to ours. An answer is never answered: one forged greeting would make
 * two hosts greet each other for ever.
 */
function isStrayAnswer({ offer }: HelloFrame): boolean {
  return offer?.answers !== undefined;
}

function acceptOffer({ handshake, seal }: Pick<Peer, "handshake" | "seal">, hello: HelloFrame): void {
  setTheirOffer(seal, hello.offer);
  setTheirKey(handshake, hello.key);
}

/** A greeting while the handshake lasts: our answer was lost, or its sender began again. */
export function receiveOfferAgain(chat: SendContext, peer: Peer, hello: HelloFrame): void {
  if (peer.seal.stage !== "awaiting-first" || hello.offer === undefined || isStrayAnswer(hello)) return;
  acceptOffer(peer, hello);
  answerWithOffer(chat, peer);
}

/** The cookie is the key in the offer that answered ours. */
export function sendFirst(chat: SendContext, peer: Peer): void {
  const { handshake, seal, link } = peer;
  if (!checkPassword(chat, peer)) return;
  const message = makeFirst(chat, peer);
  if (message === undefined) return;
  setIndices(seal, takeUnusedIndex(chat), 0);
  changeSealStage(chat.room, peer, "awaiting-second");
  armSealTimer(chat, peer);
  setLastMessages(seal, undefined, encodeFirst(seal.ourIndex, handshake.theirKey ?? "", message));
  repeatLast(chat, peer);
  chat.timers.set({ kind: "hello", of: link.connection }, chat.nowMs + helloIntervalMs);
}

function takeUnusedIndex({ self, peers }: Pick<SendContext, "self" | "peers">): number {
  const index = takeIndex(self.keys);
  for (const peer of peers.values())
    if (peer.seal.ourIndex === index) return takeUnusedIndex({ self, peers });
  return index;
}

function repeatLast(chat: SendContext, peer: Peer): void {
  const { lastSent } = peer.seal;
  if (lastSent !== undefined && maySendUnasked(peer, lastSent.length)) sendUnsealed(chat, peer, lastSent);
}

/** Repeats what was not answered. False if it is not the handshake that waits. */
export function repeatHandshake(chat: SendContext, peer: Peer): boolean {
  const { seal, link, handshake } = peer;
  const isUnconfirmed = seal.stage === "unconfirmed";
  if (!isShaking(seal) && !isUnconfirmed) return false;
  if (seal.stage === "awaiting-third" || seal.stage === "refused") return true;
  if (seal.stage === "awaiting-first") {
    if (handshake.hellosSent < hellosMax) answerWithOffer(chat, peer);
    return true;
  }
  // The third message alone is ours to repeat in a session; a responder's last one was answered.
  if (seal.lastReceived === undefined) repeatLast(chat, peer);
  if (isUnconfirmed && !link.isInbound) sendHello(chat, peer);
  else chat.timers.set({ kind: "hello", of: link.connection }, chat.nowMs + helloIntervalMs);
  return true;
}

/** A datagram in the clear of a peer that is to be sealed, or is. False: it is none of the handshake, or forged. */
export function receiveHandshakeDatagram(chat: SendContext, peer: Peer, bytes: BorrowedBytes): boolean {
  const datagram = readHandshakeDatagram(new Uint8Array(bytes));
  if (datagram === undefined) return false;
  switch (datagram.is) {
    case "first":
      return receiveFirst(chat, peer, datagram, new Uint8Array(bytes));
    case "second":
      return receiveSecond(chat, peer, datagram);
    case "third":
      return receiveThird(chat, peer, datagram);
    case "refusal":
      return receiveRefusal(chat, peer, datagram);
  }
}

type DatagramOf<Kind extends HandshakeDatagram["is"]> = Extract<HandshakeDatagram, { readonly is: Kind }>;

/** Nothing is computed before the cookie proved that the sender receives at its endpoint. */
function receiveFirst(chat: SendContext, peer: Peer, first: DatagramOf<"first">, bytes: Uint8Array): boolean {
  const { seal, handshake, link } = peer;
  if (seal.stage === "refused" && timingSafeEqual(first.cookie, Buffer.from(handshake.ourKey))) {
    repeatLast(chat, peer);
    return true;
  }
  if (seal.stage === "awaiting-third" && seal.lastReceived !== undefined) {
    if (timingSafeEqual(seal.lastReceived, bytes)) {
      repeatLast(chat, peer);
      return true;
    }
    // The one before may have been changed on its way.
    if (seal.firstsAnswered >= firstsAnsweredMax) return false;
  } else if (seal.stage !== "awaiting-first") return false;
  if (!timingSafeEqual(first.cookie, Buffer.from(handshake.ourKey))) return false;
  if (link.isInbound && !hasHandshakeRoom(chat.room, link)) {
    sendUnsealed(chat, peer, encodeRefusal(first.theirs, refusalReasons.tooMany));
    return true;
  }
  if (!mayGuess(chat, peer)) {
    refuseGuess(chat, peer, first.theirs, refusalReasons.tooMany);
    return true;
  }
  const second = answerFirst(chat, peer, first.message);
  if (second === undefined) return false;
  setIndices(seal, takeUnusedIndex(chat), first.theirs);
  countAnsweredFirst(seal);
  chat.timers.clear({ kind: "hello", of: link.connection });
  if (seal.stage === "awaiting-first") armSealTimer(chat, peer);
  changeSealStage(chat.room, peer, "awaiting-third");
  setLastMessages(seal, bytes, encodeSecond({ ours: seal.ourIndex, theirs: seal.theirIndex }, second));
  repeatLast(chat, peer);
  return true;
}

function receiveSecond(chat: SendContext, peer: Peer, second: DatagramOf<"second">): boolean {
  const { seal } = peer;
  if (second.ours !== seal.ourIndex) return false;
  if (seal.stage === "unconfirmed" && seal.lastReceived === undefined) {
    repeatLast(chat, peer);
    return true;
  }
  if (seal.stage !== "awaiting-second") return false;
  const third = answerSecond(chat, peer, second.message);
  if (third === undefined) return false;
  if (isSentence(third)) {
    failHandshake(chat, peer, third);
    return true;
  }
  setIndices(seal, seal.ourIndex, second.theirs);
  setLastMessages(seal, undefined, encodeThird({ ours: seal.ourIndex, theirs: second.theirs }, third));
  repeatLast(chat, peer);
  beginSession(chat, peer);
  return true;
}

/**
 * The refusal may be lost, and is repeated for each message of the peer until the handshake's time is over. `theirs`: the
 * index of the peer.
 */
function refuseGuess(
  chat: SendContext,
  peer: Peer,
  theirs: number,
  reason: (typeof refusalReasons)["tooMany" | "password"],
): void {
  if (peer.seal.stage === "awaiting-first") armSealTimer(chat, peer);
  setHandshake(peer.seal, undefined);
  changeSealStage(chat.room, peer, "refused");
  setRefusal(peer.seal, reason);
  setLastMessages(peer.seal, undefined, encodeRefusal(theirs, reason));
  repeatLast(chat, peer);
  reportGuess(chat, peer, explainGuess(reason));
}

/**
 * Nothing proves a refusal, and the index keeps off only those who do not read the path: the handshake goes on for a while, and ends
 * unless it succeeds.
 */
function receiveRefusal(chat: SendContext, peer: Peer, { ours, reason }: DatagramOf<"refusal">): boolean {
  const { seal, link } = peer;
  if ((!isShaking(seal) && seal.stage !== "unconfirmed") || ours !== seal.ourIndex) return false;
  if (seal.refusal === undefined)
    chat.timers.set({ kind: "seal", of: link.connection }, chat.nowMs + refusalWaitMs);
  setRefusal(seal, reason);
  return true;
}

/** A repeated third message is ours already. */
function receiveThird(chat: SendContext, peer: Peer, third: DatagramOf<"third">): boolean {
  const { seal } = peer;
  if (third.ours !== seal.ourIndex) return false;
  if (seal.stage === "refused") {
    repeatLast(chat, peer);
    return true;
  }
  if (seal.stage !== "awaiting-third") return seal.stage === "unconfirmed" || seal.stage === "sealed";
  const isRight = readThird(chat, peer, third.message);
  if (isRight === false) return false;
  if (isRight === true) beginSession(chat, peer);
  else if (isRight === "wrong-password") refuseGuess(chat, peer, seal.theirIndex, refusalReasons.password);
  else failHandshake(chat, peer, isRight);
  return true;
}
