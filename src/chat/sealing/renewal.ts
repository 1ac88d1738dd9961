/** New keys of a session: another handshake inside it, an hour after the last one or when much was sealed (SEALED.md, New keys). */

import type { Frame } from "../../protocol/frames/frame.ts";
import { oldKeysMs, rekeyMs, rekeyPauseMs } from "../../protocol/limits.ts";
import { NoiseHandshake } from "../../protocol/noise/handshake.ts";
import { makeRenewalPrologue } from "../../protocol/sealed/records.ts";
import { endFaultyPeer } from "../connections/end-peer.ts";
import type { SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import { noteRenewal, setHandshake, setSessionEnd, isTheirStatic } from "../peer/seal.ts";
import { getSessionKey, takeKeyPair } from "../records/key-source.ts";
import { sentence } from "../../words/sentences/sentence.ts";

type RekeyFrame = Extract<Frame, { type: "rekey" }>;
const noBytes = new Uint8Array(0);

/** The next handshake begins `inMs`, if it is ours to begin. */
export function armRenewal(chat: Pick<SendContext, "timers" | "nowMs">, peer: Peer, inMs = rekeyMs): void {
  if (peer.seal.isInitiator) chat.timers.set({ kind: "rekey", of: peer.link.connection }, chat.nowMs + inMs);
}

/** A key has sealed much: the next handshake begins at once, but while keys of the last one are kept. */
export function hurryRenewal(chat: Pick<SendContext, "timers" | "nowMs">, peer: Peer): void {
  const { renewedMs = -oldKeysMs } = peer.seal;
  if (mayRenew(peer) && peer.seal.handshake === undefined)
    armRenewal(chat, peer, Math.max(0, renewedMs + oldKeysMs - chat.nowMs));
}

function mayRenew({ seal, link }: Pick<Peer, "seal" | "link">): boolean {
  return seal.stage === "sealed" && !seal.isRestarting && link.endReason === undefined && !link.isFinSent;
}

/** Begins a handshake, in place of one that was not completed in time. */
export function handleRenewalTimer(chat: SendContext, peer: Peer): void {
  if (!mayRenew(peer) || !peer.seal.isInitiator) return;
  const message = beginRenewal(chat, peer, true).write(noBytes);
  if (message !== undefined) sendStep(chat, peer, 1, message);
  armRenewal(chat, peer, oldKeysMs);
}

function beginRenewal({ self }: Pick<SendContext, "self">, peer: Peer, isInitiator: boolean): NoiseHandshake {
  const prologue = makeRenewalPrologue(peer.seal.handshakeHash ?? noBytes);
  const ephemeral = takeKeyPair(self.keys);
  const ours = getSessionKey(self.keys, peer.seal.ours);
  const handshake = new NoiseHandshake({
    ...{ pattern: "XX", isInitiator, prologue, ours, ephemeral },
  });
  setHandshake(peer.seal, handshake);
  return handshake;
}

function sendStep(chat: SendContext, peer: Peer, step: RekeyFrame["step"], message: Uint8Array): void {
  sendFrameTo(chat, peer, { type: "rekey", step, noise: Buffer.from(message).toString("base64") });
}

/** A message of the handshake. One that does not follow the last, or is wrong, changes nothing. */
export function receiveRenewal(chat: SendContext, peer: Peer, { step, noise }: RekeyFrame): void {
  const { seal } = peer;
  if (!mayRenew(peer) || seal.isInitiator !== (step === 2)) return;
  const message = Buffer.from(noise, "base64");
  if (step === 1) return answerRenewal(chat, peer, message);
  const { handshake } = seal;
  if (handshake?.read(message) === undefined) return;
  if (step === 2) {
    const third = handshake.write(noBytes);
    if (third !== undefined) sendStep(chat, peer, 3, third);
  }
  renewKeys(chat, peer, handshake);
}

function answerRenewal(chat: SendContext, peer: Peer, first: Uint8Array): void {
  const { seal } = peer;
  if (seal.renewedMs !== undefined && chat.nowMs - seal.renewedMs < rekeyPauseMs) return;
  noteRenewal(seal, chat.nowMs);
  const handshake = beginRenewal(chat, peer, false);
  const second = handshake.read(first) === undefined ? undefined : handshake.write(noBytes);
  if (second === undefined) setHandshake(seal, undefined);
  else sendStep(chat, peer, 2, second);
}

/** The responder sends with the new keys at once, and the initiator once it has received something sealed with them. */
function renewKeys(chat: SendContext, peer: Peer, handshake: NoiseHandshake): void {
  const { seal, link } = peer;
  const result = handshake.finish();
  setHandshake(seal, undefined);
  if (result === undefined) return;
  const { sendKey, receiveKey, handshakeHash, theirs } = result;
  if (!isTheirStatic(seal, theirs)) {
    sendKey.fill(0);
    receiveKey.fill(0);
    return endFaultyPeer(chat, peer, sentence("session-broken", { why: "other-key" }));
  }
  setSessionEnd(seal, theirs, handshakeHash);
  noteRenewal(seal, chat.nowMs);
  const { transport, connection } = link;
  const isResponder = !seal.isInitiator;
  chat.effects.push({ type: "renew", transport, connection, keys: { sendKey, receiveKey }, isResponder });
  if (isResponder) sendFrameTo(chat, peer, { type: "ping", number: chat.nowMs });
  armRenewal(chat, peer);
}
