/** The steps of a handshake that streams and datagrams share (SEALED.md, The handshake). */

import { guessesPerMinuteMax, sealTimeoutMs } from "../../protocol/limits.ts";
import { encodeRenewal } from "../../protocol/identity/identity-proof.ts";
import { NoiseHandshake } from "../../protocol/noise/handshake.ts";
import { makePrologue, refusalReasons } from "../../protocol/sealed/records.ts";
import { endFaultyPeer } from "../connections/end-peer.ts";
import { beginAnew, sendHello } from "../connections/greeting.ts";
import { refuseChangedKey } from "../connections/recognised-key.ts";
import { dropWrongPassword, findRoomPassword, reportTooManyGuesses } from "../connections/room-password.ts";
import { getSide, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { keepPlace } from "../outbound/kept-place.ts";
import {
  beginSealedSession,
  noteGuess,
  noteRenewal,
  setHandshake,
  setPasswordRun,
  setRole,
  setSessionEnd,
} from "../peer/seal.ts";
import { getAddressKey } from "../room/strangers.ts";
import { getOwnIdentity, getProof, takeKeyPair, takeSeed } from "../records/key-source.ts";
import { endDelivery } from "../room/lost-messages.ts";
import { changeSealStage, returnGuess, tryTakeGuess } from "../room/half-open.ts";
import { armRenewal } from "./renewal.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

const noBytes = new Uint8Array(0);

export function armSealTimer(
  chat: Pick<SendContext, "timers" | "nowMs">,
  { link }: Pick<Peer, "link">,
): void {
  chat.timers.set({ kind: "seal", of: link.connection }, chat.nowMs + sealTimeoutMs);
}

/** A handshake with a new ephemeral key, and our part of a run of CPace where the room has a password. */
function beginHandshake(chat: SendContext, peer: Peer, isInitiator: boolean): NoiseHandshake {
  const { self } = chat;
  const { ourOffer = "", theirOffer } = peer.seal;
  const theirs = theirOffer?.line ?? "";
  const prologue = peer.link.isInbound ? makePrologue(theirs, ourOffer) : makePrologue(ourOffer, theirs);
  const ephemeral = takeKeyPair(self.keys);
  const password = usesPassword(peer)
    ? findRoomPassword(chat, getSide(chat, peer.link), peer.link.isInbound)
    : undefined;
  const pattern = password === undefined ? "XX" : "XXpsk3";
  const ours = getOwnIdentity(self.keys);
  const handshake = new NoiseHandshake({
    ...{ pattern, isInitiator, prologue, ours: ours.pair, ephemeral },
  });
  setHandshake(peer.seal, handshake);
  setRole(peer.seal, isInitiator, ours);
  setPasswordRun(peer.seal, undefined);
  if (password !== undefined) {
    const { beginPasswordRun, scalarSeedBytes } = loadRoomPassword();
    setPasswordRun(peer.seal, beginPasswordRun(password, prologue, takeSeed(self.keys, scalarSeedBytes)));
  }
  return handshake;
}

type RoomPassword = typeof import("../../protocol/sealed/room-password.ts");

/** Loaded at the first use: most rooms have no password. */
function loadRoomPassword(): RoomPassword {
  return require("../../protocol/sealed/room-password.ts") as RoomPassword;
}

/** The listening side's offer decides. */
function usesPassword({ link, seal }: Pick<Peer, "link" | "seal">): boolean {
  return link.isInbound ? seal.hasPassword : seal.theirOffer?.hasPassword === true;
}

/** Begins a handshake as the initiator. Returns the first message. */
export function makeFirst(chat: SendContext, peer: Peer): Uint8Array | undefined {
  const handshake = beginHandshake(chat, peer, true);
  return handshake.write(peer.seal.passwordRun?.share ?? noBytes);
}

/** Begins a handshake as the responder. Returns the second message; undefined if the first is wrong. */
export function answerFirst(chat: SendContext, peer: Peer, first: Uint8Array): Uint8Array | undefined {
  const handshake = beginHandshake(chat, peer, false);
  const share = peer.seal.passwordRun?.share ?? noBytes;
  const payload = handshake.read(first);
  const isRight = payload !== undefined && agreeOnPsk(peer, handshake, payload, false);
  const second = isRight ? handshake.write(Buffer.concat([share, makeStaticPayload(peer)])) : undefined;
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

/** False if the other side's share is no valid point. True as well without a password. */
function agreeOnPsk(
  { seal }: Pick<Peer, "seal">,
  handshake: NoiseHandshake,
  theirs: Uint8Array,
  isInitiator: boolean,
): boolean {
  const run = seal.passwordRun;
  if (run === undefined) return true;
  setPasswordRun(seal, undefined);
  const psk = loadRoomPassword().derivePsk(run, theirs, isInitiator);
  if (psk !== undefined) handshake.setPsk(psk);
  return psk !== undefined;
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
  const shareLength = peer.seal.passwordRun?.share.length ?? 0;
  const refused = refuseChangedKey(chat, peer, handshake.theirs, payload.subarray(shareLength));
  if (refused !== undefined) return refused;
  return agreeOnPsk(peer, handshake, payload.subarray(0, shareLength), true)
    ? handshake.write(makeStaticPayload(peer))
    : sentence("seal-failed");
}

/**
 * True if the third message, which has the other side's key, is right; or why its sender is not answered. Its static key is
 * sealed without the password: who has sent the first message, and nobody else, can be right there and wrong behind it.
 */
export function readThird(
  chat: SendContext,
  peer: Peer,
  third: Uint8Array,
): boolean | "wrong-password" | Sentence {
  const { seal, link } = peer;
  const { handshake } = seal;
  const payload = handshake?.read(third);
  if (payload === undefined || handshake?.theirs === undefined)
    return usesPassword(peer) && handshake?.hasReadStatic === true ? "wrong-password" : false;
  if (seal.guessedMs !== undefined) returnGuess(chat.room, getAddressKey(link), seal.guessedMs);
  return refuseChangedKey(chat, peer, handshake.theirs, payload) ?? true;
}

/** Counts a handshake with our room as a guess of its password, before anything is computed. False: it is one too many. */
export function mayGuess(chat: Pick<SendContext, "room" | "nowMs">, peer: Peer): boolean {
  const { seal, link } = peer;
  if (!link.isInbound || !seal.hasPassword || seal.guessedMs !== undefined) return true;
  if (!tryTakeGuess(chat.room, getAddressKey(link), chat.nowMs)) return false;
  noteGuess(seal, chat.nowMs);
  return true;
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

/** Why our room refuses a guess of its password, for our person. */
export function explainGuess(reason: number | undefined): Sentence {
  return reason === refusalReasons.password
    ? sentence("wrong-guess")
    : sentence("too-many-guesses", { guesses: guessesPerMinuteMax });
}

/** Ends a connection that the peer has refused, for the reason that it gave. */
export function endRefused(chat: SendContext, peer: Peer, reason: number): void {
  setHandshake(peer.seal, undefined);
  const hasPassword = !peer.link.isInbound && usesPassword(peer);
  if (hasPassword && reason === refusalReasons.password) return dropWrongPassword(chat, peer);
  if (hasPassword && reason === refusalReasons.tooMany) return reportTooManyGuesses(chat, peer);
  endFaultyPeer(chat, peer, sentence("seal-refused", { reason }));
}

/** The handshake took too long, or the peer has refused it over UDP. */
export function endLateHandshake(chat: SendContext, peer: Peer): void {
  const { refusal } = peer.seal;
  if (refusal !== undefined && refusal !== refusalReasons.failed) return endRefused(chat, peer, refusal);
  failHandshake(chat, peer, explainLateness());
}

export function explainLateness(): Sentence {
  return sentence("seal-timed-out", { seconds: sealTimeoutMs / 1000 });
}
