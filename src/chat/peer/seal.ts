/** How far a connection is sealed (SEALED.md, States), and the functions that change it. */

import type { Offer } from "../../protocol/frames/frame.ts";
import type { IdentityProof } from "../../protocol/identity/identity.ts";
import type { Recognised } from "../../protocol/identity/known-peers.ts";
import type { PasswordRun } from "../../protocol/sealed/room-password.ts";
import { timingSafeEqual } from "../../protocol/noise/x25519.ts";
import type { NoiseHandshake } from "../../protocol/noise/handshake.ts";
import type { Config } from "../config/config.ts";
import type { OwnIdentity } from "../records/key-source.ts";

export interface Seal {
  stage: SealStage;
  /** Our offer as it was sent, and the last one of the peer, which the handshake covers. */
  ourOffer: string | undefined;
  theirOffer: Offer | undefined;
  handshake: NoiseHandshake | undefined;
  /** Over a stream: bytes of a record that is not complete. */
  unfinished: Uint8Array;
  /** Over UDP: the numbers by which datagrams name the session; 0: none yet. */
  ourIndex: number;
  theirIndex: number;
  /** Over UDP: the peer's last message, to know it again, and ours, to repeat it. */
  lastReceived: Uint8Array | undefined;
  lastSent: Uint8Array | undefined;
  /** The key, as text, that our person has fixed for the peer: a peer that does not seal is refused. */
  readonly expectedKey: string | undefined;
  /** Our identity in the session, whatever becomes of its file, and in a handshake that may begin another session. */
  ours: OwnIdentity | undefined;
  oursInHandshake: OwnIdentity | undefined;
  /** The proof of the peer's identity, once it has sent a right one. */
  theirProof: IdentityProof | undefined;
  /** The room has a password: ours for a peer that connected to us, else one that our person knows for it. */
  readonly hasPassword: boolean;
  /** Our part of a run of CPace, until the other side's is received. */
  passwordRun: PasswordRun | undefined;
  /** When the handshake was counted as a guess of our room's password. */
  guessedMs: number | undefined;
  /** The verdict on the peer's key. */
  recognised: Recognised | undefined;
  /** Over UDP: how many first messages were answered in this handshake. */
  firstsAnswered: number;
  /** The side that began the handshake begins the next ones too. */
  isInitiator: boolean;
  /** The peer's static key, once the handshake has proven it, and what the next handshake is bound to. */
  theirStatic: Uint8Array | undefined;
  /** The same as text, once it was recognised. */
  theirKey: string | undefined;
  /** Drawn by the peer's process, from its hello in the session. */
  theirEpoch: string | undefined;
  handshakeHash: Uint8Array | undefined;
  /** When keys were renewed last, or the peer asked for it. */
  renewedMs: number | undefined;
  /** Why the peer says that it refuses, which anybody could have sent. */
  refusal: number | undefined;
  /** Over UDP: the key of an offer to a host that does not answer in our session, and may have forgotten it. */
  keyOfNewOffer: string | undefined;
  /** The host of a session has forgotten it: another one begins, and with its hello we join again. */
  isRestarting: boolean;
}

/**
 * `none`: in the clear, so far or for good. `offered`: we have sent an offer. `awaiting-…`: a message of the handshake is
 * to be received. `refused`: over UDP, the peer's password was wrong, and our refusal may be lost. `unconfirmed`: the keys
 * are known, and no record of the peer was opened. `sealed`: one was.
 */
export type SealStage =
  | "none"
  | "offered"
  | "awaiting-first"
  | "awaiting-second"
  | "awaiting-third"
  | "refused"
  | "unconfirmed"
  | "sealed";

const noBytes = new Uint8Array(0);

export function createSeal(expectedKey: string | undefined, hasPassword: boolean): Seal {
  return {
    stage: "none",
    ourOffer: undefined,
    theirOffer: undefined,
    handshake: undefined,
    unfinished: noBytes,
    ourIndex: 0,
    theirIndex: 0,
    lastReceived: undefined,
    lastSent: undefined,
    expectedKey,
    ours: undefined,
    oursInHandshake: undefined,
    theirProof: undefined,
    hasPassword,
    passwordRun: undefined,
    guessedMs: undefined,
    recognised: undefined,
    firstsAnswered: 0,
    isInitiator: false,
    theirStatic: undefined,
    theirKey: undefined,
    theirEpoch: undefined,
    handshakeHash: undefined,
    renewedMs: undefined,
    refusal: undefined,
    keyOfNewOffer: undefined,
    isRestarting: false,
  };
}

/** The offers have crossed, and the keys are not known: what is received are records of the handshake. */
export function isShaking({ stage }: Seal): boolean {
  return stage.startsWith("awaiting-") || stage === "refused";
}

/** The keys are known: all that is sent is sealed. */
export function isSealed({ stage }: Seal): boolean {
  return stage === "unconfirmed" || stage === "sealed";
}

/** True if this duet seals at all. Telnet changes bytes of a stream, so that records would not survive it. */
export function canSeal({ encrypt, telnet }: Pick<Config, "encrypt" | "telnet">): boolean {
  return encrypt !== "off" && !telnet;
}

/** True if the peer is refused unless it seals. */
export function requiresSeal(
  encrypt: "auto" | "require" | "off",
  { expectedKey, hasPassword }: Seal,
): boolean {
  return encrypt === "require" || expectedKey !== undefined || hasPassword;
}

/**
 * The security that outputs and screens report (EVENTS.md). `encrypted`: with a key that was met for the first time. `known`: with one
 * that was met before. `verified`: with one that both people have compared, or that `--key` names.
 */
export type Security = (typeof securities)[number];

/** The least secure first. */
export const securities = ["plain", "encrypted", "known", "verified"] as const;

/** The least secure of several; `plain` of none. */
export function findLeastSecure(all: readonly Security[]): Security {
  return securities.find((one) => all.includes(one)) ?? "plain";
}

/** The least secure of several connections; `mixed`: some are in the clear, and not all. undefined: there is none. */
export function combineSecurity(all: Iterable<Security | undefined>): Security | "mixed" | undefined {
  const found = new Set(all);
  const least = securities.find((one) => found.has(one));
  return least === "plain" && securities.some((one) => one !== "plain" && found.has(one)) ? "mixed" : least;
}

export function getSecurity({ stage, recognised }: Seal): Security {
  if (stage !== "sealed") return "plain";
  return recognised?.is === "known" || recognised?.is === "verified" ? recognised.is : "encrypted";
}

/** False while nothing but the handshake and the hello in its session may be sent. */
export function mayReceiveFrames(seal: Seal): boolean {
  return seal.isRestarting ? !isSealed(seal) : !isShaking(seal);
}

export function setSealStage(seal: Seal, stage: SealStage): void {
  seal.stage = stage;
}

export function setOurOffer(seal: Seal, line: string): void {
  seal.ourOffer = line;
}

export function setTheirOffer(seal: Seal, offer: Offer | undefined): void {
  seal.theirOffer = offer;
}

/** Begins a handshake; undefined: none any more, and its secrets are erased. */
export function setHandshake(seal: Seal, handshake: NoiseHandshake | undefined): void {
  seal.handshake?.erase();
  seal.handshake = handshake;
  seal.refusal = undefined;
}

/** The handshake that begins a session, in one of two roles, with an identity of ours; nothing is proven yet. */
export function setRole(seal: Seal, isInitiator: boolean, ours: OwnIdentity): void {
  seal.isInitiator = isInitiator;
  seal.oursInHandshake = ours;
  seal.theirProof = undefined;
}

export function setTheirProof(seal: Seal, proof: IdentityProof | undefined): void {
  if (proof !== undefined) seal.theirProof = proof;
}

/** The session begins with the identities of its handshake. */
export function beginSealedSession(seal: Seal): void {
  seal.ours = seal.oursInHandshake;
  seal.oursInHandshake = undefined;
}

/** The facts that a handshake has proven. */
export function setSessionEnd(seal: Seal, theirStatic: Uint8Array, handshakeHash: Uint8Array): void {
  seal.theirStatic = theirStatic;
  seal.handshakeHash = handshakeHash;
}

export function isTheirStatic({ theirStatic }: Seal, key: Uint8Array): boolean {
  return theirStatic !== undefined && timingSafeEqual(theirStatic, key);
}

export function noteRenewal(seal: Seal, nowMs: number | undefined): void {
  seal.renewedMs = nowMs;
}

/** True for two sealed connections with one process at the other end, and for two in the clear. */
export function haveSameEnd(one: Seal, other: Seal): boolean {
  return other.theirStatic === undefined
    ? one.theirStatic === undefined
    : isTheirStatic(one, other.theirStatic);
}

export function setUnfinishedRecord(seal: Seal, bytes: Uint8Array): void {
  seal.unfinished = new Uint8Array(bytes);
}

export function setIndices(seal: Seal, ourIndex: number, theirIndex: number): void {
  seal.ourIndex = ourIndex;
  seal.theirIndex = theirIndex;
}

export function setLastMessages(
  seal: Seal,
  received: Uint8Array | undefined,
  sent: Uint8Array | undefined,
): void {
  seal.lastReceived = received;
  seal.lastSent = sent;
}

export function countAnsweredFirst(seal: Seal): void {
  seal.firstsAnswered += 1;
}

export function setPasswordRun(seal: Seal, run: PasswordRun | undefined): void {
  seal.passwordRun = run;
}

export function noteGuess(seal: Seal, nowMs: number | undefined): void {
  seal.guessedMs = nowMs;
}

export function setRefusal(seal: Seal, reason: number): void {
  seal.refusal = reason;
}

export function setKeyOfNewOffer(seal: Seal, key: string): void {
  seal.keyOfNewOffer = key;
}

/** `key`: the peer's, as text. */
export function setRecognised(seal: Seal, recognised: Recognised, key: string): void {
  seal.recognised = recognised;
  seal.theirKey = key;
}

export function setTheirEpoch(seal: Seal, epoch: string | undefined): void {
  seal.theirEpoch = epoch;
}

/** Another session is to replace the one that the host has forgotten. */
export function restartSeal(seal: Seal, offer: Offer | undefined): void {
  seal.theirOffer = offer;
  seal.keyOfNewOffer = undefined;
  seal.isRestarting = true;
}

export function endRestart(seal: Seal): void {
  seal.isRestarting = false;
}
