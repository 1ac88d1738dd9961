/**
 * A person's identity: an X25519 key, by which peers know it, and an Ed25519 key, which signs. Each is bound to the other
 * (SEALED.md, Identity).
 */

import { type KeyObject, loadCrypto } from "../noise/load-crypto.ts";
import { keyBytes, makeKeyPair } from "../noise/x25519.ts";

/** The secrets of an identity, as they are kept. */
export interface Identity {
  /** X25519, 32 bytes. */
  readonly secret: Uint8Array;
  /** Ed25519, the 32 bytes that RFC 8032 calls the private key. */
  readonly signingSecret: Uint8Array;
  readonly renewal: Renewal | undefined;
}

/** The identity has replaced one whose Ed25519 key was `earlier`, which has signed the new keys. */
interface Renewal {
  readonly earlier: Uint8Array;
  readonly signature: Uint8Array;
}

/** The part of an identity that a peer receives beside its X25519 key. */
export interface IdentityProof {
  readonly signing: Uint8Array;
  readonly bound: Uint8Array;
  readonly renewal: Renewal | undefined;
}

export const signatureBytes = 64;

const secretPrefix = Buffer.from("302e020100300506032b657004220420", "hex");
const publicPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** An identity of random secrets, which it keeps. */
export function makeIdentity(secret: Uint8Array, signingSecret: Uint8Array): Identity {
  return { secret, signingSecret, renewal: undefined };
}

/** An identity of new secrets, signed by the one that it replaces. */
export function renewIdentity(old: Identity, secret: Uint8Array, signingSecret: Uint8Array): Identity {
  const key = makeKeyPair(secret).publicKey;
  const signing = findSigningKey(signingSecret);
  const signature = sign(old.signingSecret, ["duet/1 renewal\0", key, signing]);
  return { secret, signingSecret, renewal: { earlier: findSigningKey(old.signingSecret), signature } };
}

/** The proof that the X25519 key belongs to the one that signs. */
export function proveIdentity(identity: Identity): IdentityProof {
  const key = makeKeyPair(identity.secret).publicKey;
  const signing = findSigningKey(identity.signingSecret);
  const bound = sign(identity.signingSecret, ["duet/1 identity\0", key, signing]);
  return { signing, bound, renewal: identity.renewal };
}

/** True if the proof is of the owner of this X25519 key, and its renewal, if there is one, is signed. */
export function isProofValid(key: Uint8Array, { signing, bound, renewal }: IdentityProof): boolean {
  if (!verify(signing, bound, ["duet/1 identity\0", key, signing])) return false;
  return (
    renewal === undefined || verify(renewal.earlier, renewal.signature, ["duet/1 renewal\0", key, signing])
  );
}

/** The public key of an Ed25519 secret. */
export function findSigningKey(signingSecret: Uint8Array): Uint8Array {
  const { createPublicKey } = loadCrypto();
  const spki = createPublicKey(makeSigner(signingSecret)).export({ format: "der", type: "spki" });
  return new Uint8Array(spki.subarray(publicPrefix.length));
}

/** The key that signs, of an Ed25519 secret. */
export function makeSigner(signingSecret: Uint8Array) {
  const der = Buffer.concat([secretPrefix, signingSecret]);
  const key = loadCrypto().createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  der.fill(0);
  return key;
}

function sign(signingSecret: Uint8Array, parts: readonly (string | Uint8Array)[]): Uint8Array {
  return new Uint8Array(loadCrypto().sign(null, join(parts), makeSigner(signingSecret)));
}

function verify(
  signing: Uint8Array,
  signature: Uint8Array,
  parts: readonly (string | Uint8Array)[],
): boolean {
  if (signing.length !== keyBytes || signature.length !== signatureBytes) return false;
  const verifier = makeVerifier(signing);
  return verifier !== undefined && isSignedBy(verifier, join(parts), signature);
}

/** True if the owner of the key has signed the bytes. */
export function isSignedBy(verifier: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return loadCrypto().verify(null, bytes, verifier, signature);
  } catch {
    return false; // The key is no point of the curve.
  }
}

/** The key that verifies, of the 32 bytes of a public key; undefined if they are none. */
export function makeVerifier(signing: Uint8Array): KeyObject | undefined {
  const der = Buffer.concat([publicPrefix, signing]);
  try {
    return loadCrypto().createPublicKey({ key: der, format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}

function join(parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
}
