/** A keyed hash, for tokens and proofs that nobody can make without the key. */

/** HMAC-SHA-256 in hexadecimal. */
export function computeKeyedHash(key: string, words: string): string {
  return new Bun.CryptoHasher("sha256", key).update(words).digest("hex");
}
