/** Noise's CipherState (revision 34, §5.1) for AESGCM: a key and the counter of its next message. */

import { loadCrypto } from "./load-crypto.ts";

/** The bytes of the tag behind each ciphertext. */
export const tagBytes = 16;
const nonceBytes = 12;
/** Small ciphertexts are copied from the processor's cache: records of 16 KiB and more take half the time. */
const pieceBytes = 2048;
const noBytes = new Uint8Array(0);

export class CipherState {
  readonly #key: Uint8Array;
  #counter = 0;

  /** Keeps the key, of 32 bytes, and fills it with zero at the end. */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** The same state with a key of its own. */
  copy(): CipherState {
    const copy = new CipherState(new Uint8Array(this.#key));
    copy.#counter = this.#counter;
    return copy;
  }

  /** The counter of the next message. */
  get counter(): number {
    return this.#counter;
  }

  /** Returns the ciphertext and its tag. */
  encrypt(plain: Uint8Array, ad: Uint8Array = noBytes): Uint8Array {
    const sealed = Buffer.alloc(plain.length + tagBytes);
    this.encryptInto(sealed, 0, plain, ad);
    return sealed;
  }

  /** Writes the ciphertext and its tag to `at`. */
  encryptInto(into: Uint8Array, at: number, plain: Uint8Array, ad: Uint8Array = noBytes): void {
    const counter = this.#counter;
    this.#counter += 1;
    const cipher = loadCrypto().createCipheriv("aes-256-gcm", this.#key, makeNonce(counter));
    if (ad.length > 0) cipher.setAAD(ad);
    for (let start = 0; start < plain.length; start += pieceBytes)
      into.set(cipher.update(plain.subarray(start, start + pieceBytes)), at + start);
    cipher.final();
    into.set(cipher.getAuthTag(), at + plain.length);
  }

  /** Opens the next message. Undefined, and the counter stays, if it does not authenticate. */
  decrypt(sealed: Uint8Array, ad: Uint8Array = noBytes): Uint8Array | undefined {
    const plain = this.decryptAt(this.#counter, sealed, ad);
    if (plain !== undefined) this.#counter += 1;
    return plain;
  }

  /** Opens the message with that counter. Undefined if it does not authenticate. */
  decryptAt(counter: number, sealed: Uint8Array, ad: Uint8Array = noBytes): Uint8Array | undefined {
    const length = sealed.length - tagBytes;
    if (length < 0) return undefined;
    const decipher = loadCrypto().createDecipheriv("aes-256-gcm", this.#key, makeNonce(counter));
    decipher.setAuthTag(sealed.subarray(length));
    if (ad.length > 0) decipher.setAAD(ad);
    const plain = decipher.update(sealed.subarray(0, length));
    try {
      decipher.final();
      return plain;
    } catch {
      plain.fill(0);
      return undefined;
    }
  }

  /** Fills the key with zero. Nothing may be sealed or opened any more. */
  erase(): void {
    this.#key.fill(0);
  }
}

/** 4 zero bytes, then the counter, big-endian (§12.4). */
function makeNonce(counter: number): Uint8Array {
  const nonce = Buffer.alloc(nonceBytes);
  nonce.writeBigUInt64BE(BigInt(counter), 4);
  return nonce;
}
