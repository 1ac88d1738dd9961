/** An X25519 public key as people hand it on: 52 characters, of which the last one checks the others (SEALED.md, Identity). */

import { keyBytes } from "../noise/x25519.ts";

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
const base = BigInt(alphabet.length);
const digits = 51;
/** The characters of a key. */
export const keyTextUnits = digits + 1;
/** u-coordinates have 255 bits; the last of the bytes has a bit too many. */
const topBit = 0x80;

/** The text of a public key of 32 bytes. */
export function formatKey(key: Uint8Array): string {
  let number = readLittleEndian(key);
  let text = "";
  for (let place = 0; place < digits; place += 1) {
    text = alphabet.charAt(Number(number % base)) + text;
    number /= base;
  }
  return text + computeCheck(key);
}

/** The key of a text, in either case; undefined if it is none: another length, another character, or a wrong one. */
export function parseKey(text: string): Uint8Array | undefined {
  const lower = text.toLowerCase();
  if (lower.length !== keyTextUnits) return undefined;
  let number = 0n;
  for (const character of lower.slice(0, digits)) {
    const digit = alphabet.indexOf(character);
    if (digit < 0) return undefined;
    number = number * base + BigInt(digit);
  }
  const key = writeLittleEndian(number);
  return computeCheck(key) === lower.charAt(digits) ? key : undefined;
}

/** A key in groups of four characters, for people who compare. */
export function formatFingerprint(keyText: string): string {
  return keyText.replaceAll(/.{4}(?=.)/g, "$& ");
}

function readLittleEndian(key: Uint8Array): bigint {
  let number = 0n;
  for (const [index, byte] of key.entries())
    number |= BigInt(index === keyBytes - 1 ? byte & ~topBit : byte) << BigInt(8 * index);
  return number;
}

function writeLittleEndian(number: bigint): Uint8Array {
  return Uint8Array.from({ length: keyBytes }, (_, index) => Number((number >> BigInt(8 * index)) & 0xffn));
}

function computeCheck(key: Uint8Array): string {
  const hash = new Bun.CryptoHasher("sha256").update("duet/1 key\0").update(key).digest();
  return alphabet.charAt((hash[0] ?? 0) >> 3);
}
