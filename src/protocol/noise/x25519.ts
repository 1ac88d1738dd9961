/** X25519 (RFC 7748) on keys of 32 bytes, by node:crypto, which is loaded at the first use. */

import { type KeyObject, loadCrypto } from "./load-crypto.ts";

/** `secret`: for node:crypto. `publicKey`: 32 bytes. */
export interface KeyPair {
  readonly secret: KeyObject;
  readonly publicKey: Uint8Array;
}

/** The bytes of X25519's public and secret keys, and of its shared secrets. */
export const keyBytes = 32;

/** The bytes before the raw key in DER: PKCS #8 and SubjectPublicKeyInfo of X25519 (RFC 8410). */
const secretPrefix = Buffer.from("302e020100300506032b656e04220420", "hex");
const publicPrefix = Buffer.from("302a300506032b656e032100", "hex");

/** The key pair of a secret of 32 bytes, which is not kept and not changed. */
export function makeKeyPair(secret: Uint8Array): KeyPair {
  const { createPrivateKey, createPublicKey } = loadCrypto();
  const der = Buffer.concat([secretPrefix, secret]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  der.fill(0);
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return { secret: key, publicKey: new Uint8Array(spki.subarray(publicPrefix.length)) };
}

/** The shared secret; undefined for a public key of low order, with which every secret gives zero. */
export function computeShared(secret: KeyObject, publicKey: Uint8Array): Uint8Array | undefined {
  const { createPublicKey, diffieHellman } = loadCrypto();
  const der = Buffer.concat([publicPrefix, publicKey]);
  try {
    const other = createPublicKey({ key: der, format: "der", type: "spki" });
    const shared = diffieHellman({ privateKey: secret, publicKey: other });
    return timingSafeEqual(shared, zeros) ? undefined : shared;
  } catch {
    // OpenSSL and BoringSSL refuse such a key themselves.
    return undefined;
  }
}

/** Compares in a time that depends on the lengths alone. */
export function timingSafeEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && loadCrypto().timingSafeEqual(one, other);
}

const zeros = new Uint8Array(keyBytes);
