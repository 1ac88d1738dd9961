/** The steps of a handshake that streams and datagrams share (SEALED.md, The handshake). */

import { sealTimeoutMs } from "../../protocol/limits.ts";
import { encodeRenewal } from "../../protocol/identity/identity-proof.ts";
import { NoiseHandshake } from "../../protocol/noise/handshake.ts";
import { makePrologue, refusalReasons } from "../../protocol/sealed/records.ts";
import { endFaultyPeer } from "../connections/end-peer.ts";
import { beginAnew, sendHello } from "../connections/greeting.ts";
import { refuseChangedKey } from "../connections/recognised-key.ts";
import type { Self, SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { keepPlace } from "../outbound/kept-place.ts";
import { beginSealedSession, noteRenewal, setHandshake, setRole, setSessionEnd } from "../peer/seal.ts";
import { getOwnIdentity, getProof, takeKeyPair } from "../records/key-source.ts";
import { endDelivery } from "../room/lost-messages.ts";
import { changeSealStage } from "../room/half-open.ts";
import { armRenewal } from "./renewal.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

const noBytes = new Uint8Array(0);

export function armSealTimer(
  chat: Pick<SendContext, "timers" | "nowMs">,
  { link }: Pick<Peer, "link">,
): void {
  chat.timers.set({ kind: "seal", of: link.connection }, chat.nowMs + sealTimeoutMs);
}

/** A handshake with a new ephemeral key. */
function beginHandshake(self: Self, peer: Peer, isInitiator: boolean): NoiseHandshake {
  const { ourOffer = "", theirOffer } = peer.seal;
  const theirs = theirOffer?.line ?? "";
  const prologue = peer.link.isInbound ? makePrologue(theirs, ourOffer) : makePrologue(ourOffer, theirs);
  const ephemeral = takeKeyPair(self.keys);
  const ours = getOwnIdentity(self.keys);
  const handshake = new NoiseHandshake({
    ...{ pattern: "XX", isInitiator, prologue, ours: ours.pair, ephemeral },
  });
  setHandshake(peer.seal, handshake);
  setRole(peer.seal, isInitiator, ours);
  return handshake;
}

/** Begins a handshake as the initiator. Returns the first message. */
export function makeFirst(self: Self, peer: Peer): Uint8Array | undefined {
  return beginHandshake(self, peer, true).write(noBytes);
}

/** Begins a handshake as the responder. Returns the second message; undefined if the first is wrong. */
export function answerFirst(self: Self, peer: Peer, first: Uint8Array): Uint8Array | undefined {
  const handshake = beginHandshake(self, peer, false);
  const second = handshake.read(first) === undefined ? undefined : handshake.write(makeStaticPayload(peer));
  if (second === undefined) setHandshake(peer.seal, undefined);
  return second;
}

/**
 * The payload of the message with our key. A client compares the key before it sends anything of its own: there a host
 * proves that its identity was renewed.
 */
function makeStaticPayload({ link, seal }: Pick<Peer, "link" | "seal">): Uint8Array {
  const ours = seal.oursInHandshake;
  return link.isInbound && ours?.identity.renewal !== undefined ? encodeRenewal(getProof(ours)) : noBytes;
}

/** Returns the third message, which has our key; undefined if the second is wrong, or why its sender is not answered. */
export function answerSecond(
  chat: SendContext,
  peer: Peer,
  second: Uint8Array,
): Uint8Array | Sentence | undefined {
  const { handshake } = peer.seal;
  const payload = handshake?.read(second);
  if (payload === undefined || handshake?.theirs === undefined) return undefined;
  return refuseChangedKey(chat, peer, handshake.theirs, payload) ?? handshake.write(makeStaticPayload(peer));
}

/** True if the third message, which has the other side's key, is right; or why its sender is not answered. */
export function readThird(chat: SendContext, peer: Peer, third: Uint8Array): boolean | Sentence {
  const { handshake } = peer.seal;
  const payload = handshake?.read(third);
  if (payload === undefined || handshake?.theirs === undefined) return false;
  return refuseChangedKey(chat, peer, handshake.theirs, payload) ?? true;
}

/**
 * The keys are known: from here on the transport seals and opens, `rest` of a stream included, and the greeting begins
 * anew. The connecting side speaks first.
 */
export function beginSession(chat: SendContext, peer: Peer, rest: Uint8Array = noBytes): void {
  const { link, seal } = peer;
  const result = seal.handshake?.finish();
  setHandshake(seal, undefined);
  if (result === undefined) return;
  setSessionEnd(seal, result.theirs, result.handshakeHash);
  beginSealedSession(seal);
  noteRenewal(seal, undefined);
  changeSealStage(chat.room, peer, "unconfirmed");
  // Numbers of the session before mean nothing in this one.
  if (seal.isRestarting) endDelivery(chat, peer, sentence("had-forgotten-us"));
  const { sendKey, receiveKey } = result;
  const { transport, connection } = link;
  const indices = { ours: seal.ourIndex, theirs: seal.theirIndex };
  chat.effects.push({ type: "seal", transport, connection, session: { sendKey, receiveKey, indices, rest } });
  if (transport === "udp") keepPlace(chat.effects, link, "member");
  beginAnew(chat.self, peer);
  if (!link.isInbound) sendHello(chat, peer);
}

/** A record of the peer was opened: it has the same keys. */
export function confirmSeal(chat: Pick<SendContext, "room" | "timers" | "nowMs">, peer: Peer): void {
  if (peer.seal.stage !== "unconfirmed") return;
  changeSealStage(chat.room, peer, "sealed");
  chat.timers.clear({ kind: "seal", of: peer.link.connection });
  armRenewal(chat, peer);
}

/** Ends a connection whose handshake failed; nothing is sent in the clear on it. */
export function failHandshake(chat: SendContext, peer: Peer, reason: Sentence): void {
  setHandshake(peer.seal, undefined);
  endFaultyPeer(chat, peer, reason);
}

/** The reason that a peer gave for its refusal, else that the handshake took too long. */
export function explainTimeout({ seal }: Pick<Peer, "seal">): Sentence {
  const { refusal } = seal;
  if (refusal !== undefined && refusal !== refusalReasons.failed)
    return sentence("seal-refused", { reason: refusal });
  return sentence("seal-timed-out", { seconds: sealTimeoutMs / 1000 });
}
