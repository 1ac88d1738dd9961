/**
 * Random secrets from one seed, so that the core stays deterministic. Each one taken erases the state before it: who learns
 * the state later cannot compute secrets of the past.
 */

import {
  type Identity,
  type IdentityProof,
  makeIdentity,
  proveIdentity,
  renewIdentity,
} from "../../protocol/identity/identity.ts";
import { type KeyPair, makeKeyPair } from "../../protocol/noise/x25519.ts";

export interface KeySource {
  /** 32 bytes, which change with each secret. */
  readonly state: Uint8Array;
  /** Reads our identity, the same object while it stays; undefined: it is one of this process. */
  readonly readIdentity: () => Identity | undefined;
  /** Our identity at its last use; undefined until it is needed. */
  ours: OwnIdentity | undefined;
}

/** An identity of ours with its key pair. A session keeps the one that it began with. */
export interface OwnIdentity {
  readonly identity: Identity;
  readonly pair: KeyPair;
  /** Made at its first use. */
  proof: IdentityProof | undefined;
}

/** `seed`: 32 random bytes, which are copied and then filled with zero. */
export function createKeySource(seed: Uint8Array, readIdentity: KeySource["readIdentity"]): KeySource {
  const state = new Uint8Array(seed);
  seed.fill(0);
  return { state, readIdentity, ours: undefined };
}

/** 32 random bytes, which the caller fills with zero. */
function takeSecret({ state }: KeySource): Uint8Array {
  const secret = hash(state, "secret");
  const next = hash(state, "next state");
  state.set(next);
  next.fill(0);
  return secret;
}

/** So many random bytes, a multiple of 32, which the caller fills with zero. */
export function takeSeed(source: KeySource, bytes: number): Uint8Array {
  return Buffer.concat(Array.from({ length: bytes / 32 }, () => takeSecret(source)));
}

/** A key pair for one handshake. */
export function takeKeyPair(source: KeySource): KeyPair {
  const secret = takeSecret(source);
  const pair = makeKeyPair(secret);
  secret.fill(0);
  return pair;
}

/** Our identity as it is now, for a new session. */
export function getOwnIdentity(source: KeySource): OwnIdentity {
  const { ours } = source;
  const identity = source.readIdentity();
  if (ours !== undefined && (identity === undefined || identity === ours.identity)) return ours;
  source.ours = toOwn(identity ?? makeIdentity(takeSecret(source), takeSecret(source)));
  return source.ours;
}

function toOwn(identity: Identity): OwnIdentity {
  return { identity, pair: makeKeyPair(identity.secret), proof: undefined };
}

/** The X25519 key of our identity as it is now. */
export function getOwnKey(source: KeySource): KeyPair {
  return getOwnIdentity(source).pair;
}

/** Our key in a session that began with `ours`; undefined: in one that is to begin. */
export function getSessionKey(source: KeySource, ours: OwnIdentity | undefined): KeyPair {
  return ours?.pair ?? getOwnKey(source);
}

export function getProof(own: OwnIdentity): IdentityProof {
  return (own.proof ??= proveIdentity(own.identity));
}

/** Renews an identity that is one of this process: the sessions of the one before keep it. */
export function renewOwnIdentity(source: KeySource): void {
  const { identity } = getOwnIdentity(source);
  source.ours = toOwn(renewIdentity(identity, takeSecret(source), takeSecret(source)));
}

/** A random number other than 0 of 32 bits. */
export function takeIndex(source: KeySource): number {
  const secret = takeSecret(source);
  return new DataView(secret.buffer, secret.byteOffset).getUint32(0) || takeIndex(source);
}

/** 16 random bytes as 32 hexadecimal digits. */
export function takeId(source: KeySource): string {
  return Buffer.from(takeSecret(source)).toString("hex", 0, 16);
}

function hash(key: Uint8Array, words: string): Uint8Array {
  return new Bun.CryptoHasher("sha256", key).update(words).digest();
}
