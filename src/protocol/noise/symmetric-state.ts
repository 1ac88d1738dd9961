/** Noise's SymmetricState (revision 34, §5.2) for AESGCM and SHA256: the chaining key and the hash of a handshake. */

import { CipherState } from "./cipher-state.ts";

const hashBytes = 32;
const noBytes = new Uint8Array(0);

export class SymmetricState {
  #chainingKey: Uint8Array;
  #hash: Uint8Array;
  #cipher: CipherState | undefined;

  /** `protocolName`: as in `Noise_XX_25519_AESGCM_SHA256`. */
  constructor(protocolName: string) {
    const name = Buffer.from(protocolName);
    this.#hash =
      name.length <= hashBytes ? Buffer.concat([name, Buffer.alloc(hashBytes - name.length)]) : hash(name);
    this.#chainingKey = new Uint8Array(this.#hash);
  }

  /** The same state with keys of its own. */
  copy(): SymmetricState {
    const copy = new SymmetricState("");
    copy.#hash = this.#hash;
    copy.#chainingKey = new Uint8Array(this.#chainingKey);
    copy.#cipher = this.#cipher?.copy();
    return copy;
  }

  /** The hash of the handshake so far: a copy. */
  get handshakeHash(): Uint8Array {
    return new Uint8Array(this.#hash);
  }

  /** A key has been mixed in: payloads and static keys are encrypted from now on. */
  get hasKey(): boolean {
    return this.#cipher !== undefined;
  }

  mixHash(bytes: Uint8Array): void {
    this.#hash = hash(this.#hash, bytes);
  }

  /** Mixes in a shared secret, and fills it with zero. */
  mixKey(secret: Uint8Array): void {
    const [chainingKey, key] = derive(this.#chainingKey, secret, 2);
    this.#replaceKeys(chainingKey!, key!);
    secret.fill(0);
  }

  /** Mixes in a pre-shared key. */
  mixKeyAndHash(psk: Uint8Array): void {
    const [chainingKey, mixed, key] = derive(this.#chainingKey, psk, 3);
    this.mixHash(mixed!);
    this.#replaceKeys(chainingKey!, key!);
    mixed!.fill(0);
  }

  #replaceKeys(chainingKey: Uint8Array, key: Uint8Array): void {
    this.#chainingKey.fill(0);
    this.#cipher?.erase();
    this.#chainingKey = chainingKey;
    this.#cipher = new CipherState(key);
  }

  /** Returns the plain bytes as they are before a key has been mixed in. */
  encryptAndHash(plain: Uint8Array): Uint8Array {
    const sealed = this.#cipher?.encrypt(plain, this.#hash) ?? plain;
    this.mixHash(sealed);
    return sealed;
  }

  /** Undefined if the bytes do not authenticate. */
  decryptAndHash(sealed: Uint8Array): Uint8Array | undefined {
    const plain = this.#cipher === undefined ? sealed : this.#cipher.decrypt(sealed, this.#hash);
    if (plain !== undefined) this.mixHash(sealed);
    return plain;
  }

  /** The keys of both directions: the initiator's to the responder first. */
  split(): readonly [Uint8Array, Uint8Array] {
    const [first, second] = derive(this.#chainingKey, noBytes, 2);
    return [first!, second!];
  }

  /** Fills the keys with zero. */
  erase(): void {
    this.#chainingKey.fill(0);
    this.#cipher?.erase();
  }
}

function hash(...parts: readonly Uint8Array[]): Uint8Array {
  const hasher = new Bun.CryptoHasher("sha256");
  for (const part of parts) hasher.update(part);
  return hasher.digest();
}

/** HKDF of §4.3: `count` outputs of 32 bytes. */
function derive(chainingKey: Uint8Array, secret: Uint8Array, count: 2 | 3): readonly Uint8Array[] {
  const temporary = authenticate(chainingKey, secret);
  const outputs: Uint8Array[] = [];
  let previous: Uint8Array = noBytes;
  for (let number = 1; number <= count; number += 1) {
    previous = authenticate(temporary, previous, Uint8Array.of(number));
    outputs.push(previous);
  }
  temporary.fill(0);
  return outputs;
}

/** HMAC-SHA-256. */
function authenticate(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const hasher = new Bun.CryptoHasher("sha256", key);
  for (const part of parts) hasher.update(part);
  return hasher.digest();
}
