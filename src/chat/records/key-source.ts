/**
 * Random secrets from one seed, so that the core stays deterministic. Each one taken erases the state before it: who learns
 * the state later cannot compute secrets of the past.
 */

import { type KeyPair, makeKeyPair } from "../../protocol/noise/x25519.ts";

export interface KeySource {
  /** 32 bytes, which change with each secret. */
  readonly state: Uint8Array;
  /** Reads the secret of our identity; undefined: the static key is one of this process. */
  readonly readSecret: () => Uint8Array | undefined;
  /** Our static key; undefined until it is needed. */
  ours: KeyPair | undefined;
}

/** `seed`: 32 random bytes, which are copied and then filled with zero. */
export function createKeySource(seed: Uint8Array, readSecret: KeySource["readSecret"]): KeySource {
  const state = new Uint8Array(seed);
  seed.fill(0);
  return { state, readSecret, ours: undefined };
}

/** 32 random bytes, which the caller fills with zero. */
function takeSecret({ state }: KeySource): Uint8Array {
  const secret = hash(state, "secret");
  const next = hash(state, "next state");
  state.set(next);
  next.fill(0);
  return secret;
}

/** A key pair for one handshake. */
export function takeKeyPair(source: KeySource): KeyPair {
  const secret = takeSecret(source);
  const pair = makeKeyPair(secret);
  secret.fill(0);
  return pair;
}

/** Our static key: of our identity, else of this process. */
export function getOwnKey(source: KeySource): KeyPair {
  return (source.ours ??= readOwnKey(source) ?? takeKeyPair(source));
}

function readOwnKey({ readSecret }: KeySource): KeyPair | undefined {
  const secret = readSecret();
  return secret && makeKeyPair(secret);
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
