/**
 * The handshake of two duets that seal: their offers, the three messages of Noise XX, and the first record, after which
 * the greeting begins anew inside (SEALED.md). The transport seals and opens what follows.
 */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import type { HelloFrame } from "../../protocol/frames/frame.ts";
import { halfOpenMax, halfOpenPerAddressMax, sealTimeoutMs } from "../../protocol/limits.ts";
import { NoiseHandshake } from "../../protocol/noise/handshake.ts";
import {
  encodeStreamRecord,
  makePrologue,
  readStreamRecord,
  recordTypes,
  refusalReasons,
} from "../../protocol/sealed/records.ts";
import type { SealFault } from "../../protocol/sockets/socket-event.ts";
import type { Config } from "../config/config.ts";
import type { Self, SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Room } from "../model/room.ts";
import { resetPeer } from "../outbound/reset.ts";
import { sendFrameTo, sendPayload } from "../outbound/sending.ts";
import { setTheirKey } from "../peer/handshake.ts";
import { isSealed, isShaking, requiresSeal, type Seal } from "../peer/seal.ts";
import { getOwnKey, takeKeyPair } from "../records/key-source.ts";
import { writeReason } from "../report/wire-reasons.ts";
import { leaveAsRaw } from "../room/members.ts";
import { getAddressKey } from "../room/strangers.ts";
import { isSentence, type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { endPeer } from "./end-peer.ts";
import { beginAnew, receiveHello, sendHello } from "./greeting.ts";
import { canSeal } from "./offer.ts";
import { holdPlain, refuseChangedKey } from "./recognised-key.ts";

const noBytes = new Uint8Array(0);

/** A valid hello: inside a session or in the clear the greeting of today, else an offer. */
export function receiveAnyHello(chat: SendContext, peer: Peer, hello: HelloFrame): void {
  const { seal } = peer;
  if (isShaking(seal)) return;
  if (isSealed(seal) || peer.identity.kind === "duet") return receiveHello(chat, peer, hello);
  const isSealable = peer.link.transport === "tcp" && canSeal(chat.config);
  if (hello.offer !== undefined && isSealable) return receiveOffer(chat, peer, hello);
  if (requiresSeal(chat.config.encrypt, seal)) return receivePlainHello(chat, peer, hello);
  receiveHello(chat, peer, hello);
}

/** We require sealing. A client may still send an offer, as one on loopback does when it sees ours. */
function receivePlainHello(chat: SendContext, peer: Peer, hello: HelloFrame): void {
  if (!peer.link.isInbound || peer.seal.stage !== "none") return refusePlainDuet(chat, peer, hello);
  setTheirKey(peer.handshake, hello.key);
  chat.timers.clear({ kind: "recognition", of: peer.link.connection });
  sendHello(chat, peer);
  setStage(chat, peer, "offered");
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
  const reason = writeReason(chat.config, sentence("seal-required"));
  sendFrameTo(chat, peer, { type: "goodbye", reason }, { isAsked: true });
  peer.link.isFaulty = true;
  endPeer(chat, peer, sentence("peer-cannot-seal", { address: peer.link.address }));
}

function receiveOffer(chat: SendContext, peer: Peer, hello: HelloFrame): void {
  const { seal, link } = peer;
  seal.theirOffer = hello.offer;
  setTheirKey(peer.handshake, hello.key);
  chat.timers.clear({ kind: "recognition", of: link.connection });
  if (peer.membership.member !== undefined) leaveAsRaw(chat, peer);
  if (seal.ourOffer === undefined) sendHello(chat, peer);
  if (link.isInbound && !hasRoomFor(chat, peer)) {
    endPeer(chat, peer, sentence("too-many-handshakes"));
    return;
  }
  armSealTimer(chat, peer);
  if (link.isInbound) setStage(chat, peer, "awaiting-first");
  else sendFirst(chat, peer);
}

/** False if too many handshakes of its address, or of all, have not ended. */
function hasRoomFor(chat: Pick<SendContext, "room">, { link }: Pick<Peer, "link">): boolean {
  const { halfOpen } = chat.room;
  if (halfOpen.size >= halfOpenMax) return false;
  const address = getAddressKey(link);
  let ofAddress = 0;
  for (const other of halfOpen.values()) if (other === address) ofAddress += 1;
  return ofAddress < halfOpenPerAddressMax;
}

function setStage(chat: Pick<SendContext, "room">, peer: Peer, stage: Seal["stage"]): void {
  peer.seal.stage = stage;
  const { halfOpen } = chat.room;
  if (peer.link.isInbound && (isShaking(peer.seal) || stage === "unconfirmed"))
    halfOpen.set(peer.link.connection, getAddressKey(peer.link));
  else halfOpen.delete(peer.link.connection);
}

function armSealTimer(chat: Pick<SendContext, "timers" | "nowMs">, { link }: Pick<Peer, "link">): void {
  chat.timers.set({ kind: "seal", of: link.connection }, chat.nowMs + sealTimeoutMs);
}

/** The handshake, or a host's wait for an offer, took too long. */
export function handleSealTimer(chat: SendContext, peer: Peer): void {
  if (peer.link.endReason !== undefined) return;
  if (peer.seal.stage === "offered") refusePlainDuet(chat, peer);
  else failHandshake(chat, peer, sentence("seal-timed-out", { seconds: sealTimeoutMs / 1000 }));
}

/** Ends a connection whose handshake failed; nothing is sent in the clear on it. */
function failHandshake(chat: SendContext, peer: Peer, reason: Sentence): void {
  if (isShaking(peer.seal) && peer.link.transport === "tcp")
    sendPayload(chat, [peer], encodeStreamRecord(recordTypes.refusal, Buffer.of(refusalReasons.failed)));
  endHandshake(peer.seal);
  peer.link.isFaulty = true;
  endPeer(chat, peer, reason);
}

/** The connection is over. */
export function forgetSeal(room: Pick<Room, "halfOpen">, { link, seal }: Pick<Peer, "link" | "seal">): void {
  endHandshake(seal);
  room.halfOpen.delete(link.connection);
}

/** Erases the secrets of a handshake. */
function endHandshake(seal: Seal): void {
  seal.handshake?.erase();
  seal.handshake = undefined;
}

function beginHandshake(self: Self, peer: Peer, isInitiator: boolean): NoiseHandshake {
  const { ourOffer = "", theirOffer } = peer.seal;
  const theirs = theirOffer?.line ?? "";
  const prologue = peer.link.isInbound ? makePrologue(theirs, ourOffer) : makePrologue(ourOffer, theirs);
  const ephemeral = takeKeyPair(self.keys);
  const handshake = new NoiseHandshake({
    ...{ pattern: "XX", isInitiator, prologue, ours: getOwnKey(self.keys), ephemeral },
  });
  peer.seal.handshake = handshake;
  return handshake;
}

function sendFirst(chat: SendContext, peer: Peer): void {
  const message = beginHandshake(chat.self, peer, true).write(noBytes);
  if (message === undefined) return;
  setStage(chat, peer, "awaiting-second");
  sendPayload(chat, [peer], encodeStreamRecord(recordTypes.first, message));
}

/** Bytes of a stream while the handshake lasts. What follows its end in them is for the transport to open. */
export function receiveHandshakeBytes(chat: SendContext, peer: Peer, bytes: BorrowedBytes): void {
  const { seal } = peer;
  let rest: Uint8Array = Buffer.concat([seal.unfinished, new Uint8Array(bytes)]);
  while (isShaking(seal) && peer.link.endReason === undefined) {
    const record = readStreamRecord(rest);
    if (record === "malformed") return failHandshake(chat, peer, sentence("seal-failed"));
    if (record === "unfinished") {
      seal.unfinished = new Uint8Array(rest);
      return;
    }
    rest = rest.subarray(record.bytes);
    receiveHandshakeRecord(chat, peer, record.type, record.body, rest);
  }
  seal.unfinished = noBytes;
}

/** `rest`: the bytes behind the record. */
function receiveHandshakeRecord(
  chat: SendContext,
  peer: Peer,
  type: number,
  body: Uint8Array,
  rest: Uint8Array,
): void {
  const { seal } = peer;
  if (type === recordTypes.refusal) {
    endHandshake(seal);
    peer.link.isFaulty = true;
    return endPeer(chat, peer, sentence("seal-refused", { reason: body[0] ?? 0 }));
  }
  if (seal.stage === "awaiting-first" && type === recordTypes.first) return answerFirst(chat, peer, body);
  if (seal.stage === "awaiting-second" && type === recordTypes.second) {
    const third = answerSecond(chat, peer, body);
    if (isSentence(third)) return failHandshake(chat, peer, third);
    sendPayload(chat, [peer], encodeStreamRecord(recordTypes.third, third));
    return beginSession(chat, peer, rest);
  }
  if (
    seal.stage === "awaiting-third" &&
    type === recordTypes.third &&
    seal.handshake?.read(body) !== undefined
  )
    return beginSession(chat, peer, rest);
  failHandshake(chat, peer, sentence("seal-failed"));
}

function answerFirst(chat: SendContext, peer: Peer, body: Uint8Array): void {
  const handshake = beginHandshake(chat.self, peer, false);
  const second = handshake.read(body) === undefined ? undefined : handshake.write(noBytes);
  if (second === undefined) return failHandshake(chat, peer, sentence("seal-failed"));
  setStage(chat, peer, "awaiting-third");
  sendPayload(chat, [peer], encodeStreamRecord(recordTypes.second, second));
}

/** The third message, which has our key; or why the other side's key is not answered. */
function answerSecond(chat: SendContext, peer: Peer, body: Uint8Array): Uint8Array | Sentence {
  const { handshake } = peer.seal;
  if (handshake?.read(body) === undefined || handshake.theirs === undefined) return sentence("seal-failed");
  return (
    refuseChangedKey(chat, peer, handshake.theirs) ?? handshake.write(noBytes) ?? sentence("seal-failed")
  );
}

/** The keys are known: from here on the transport seals and opens, `rest` included, and the greeting begins anew. */
function beginSession(chat: SendContext, peer: Peer, rest: Uint8Array): void {
  const { link, seal } = peer;
  const result = seal.handshake?.finish();
  endHandshake(seal);
  if (result === undefined) return failHandshake(chat, peer, sentence("seal-failed"));
  const { sendKey, receiveKey, theirs } = result;
  seal.theirKey = theirs;
  const changed = seal.recognised === undefined ? refuseChangedKey(chat, peer, theirs) : undefined;
  if (changed !== undefined) return failHandshake(chat, peer, changed);
  setStage(chat, peer, "unconfirmed");
  const { transport, connection } = link;
  chat.effects.push({ type: "seal", transport, connection, keys: { sendKey, receiveKey }, rest });
  beginAnew(chat.self, peer);
  if (!link.isInbound) sendHello(chat, peer);
}

/** A record of the peer was opened: it has the same keys. */
export function confirmSeal(chat: Pick<SendContext, "room" | "timers">, peer: Peer): void {
  if (peer.seal.stage !== "unconfirmed") return;
  setStage(chat, peer, "sealed");
  chat.timers.clear({ kind: "seal", of: peer.link.connection });
}

/** A sealed stream cannot be read any further: what was changed or cut is not shown, and nothing follows. */
export function endBrokenSession(chat: Pick<SendContext, "effects">, peer: Peer, why: SealFault): void {
  peer.link.isFaulty = true;
  resetPeer(chat.effects, peer.link, sentence("session-broken", { why }));
}

/** The first record of a session is no greeting. */
export function endWithoutHello(chat: SendContext, peer: Peer): void {
  peer.link.isFaulty = true;
  endPeer(chat, peer, sentence("no-sealed-hello"));
}
