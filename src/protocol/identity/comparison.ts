/**
 * The digits that two people compare (SEALED.md, Comparing). The first side commits to its number before it knows the
 * other's, so that nobody between them can search for keys that give equal digits.
 */

import { loadCrypto } from "../noise/load-crypto.ts";

export const comparisonNumberBytes = 16;
const digitsModulus = 1_000_000_000_000n;
const digitsUnits = 12;

/** The commitment to a number of comparisonNumberBytes: 64 hexadecimal digits. */
export function commitTo(number: Uint8Array): string {
  return hash("duet/1 commit\0", [number]).toString("hex");
}

/** True if a commitment is to this number. */
export function isCommittedTo(commitment: string, number: Uint8Array): boolean {
  const [expected, given] = [Buffer.from(commitTo(number)), Buffer.from(commitment)];
  return given.length === expected.length && loadCrypto().timingSafeEqual(expected, given);
}

/** One side of a comparison: its X25519 key, as the other side has it, and its number. */
interface ComparedSide {
  readonly key: Uint8Array;
  readonly number: Uint8Array;
}

/** The 12 digits, in groups of four. `first`: the side that began. */
export function computeDigits(first: ComparedSide, second: ComparedSide): string {
  const bytes = hash("duet/1 verify\0", [first.key, second.key, first.number, second.number]);
  const digits = String(bytes.readBigUInt64BE() % digitsModulus).padStart(digitsUnits, "0");
  return digits.replaceAll(/\d{4}(?=\d)/g, "$& ");
}

function hash(start: string, parts: readonly Uint8Array[]): Buffer {
  const hasher = new Bun.CryptoHasher("sha256").update(start);
  for (const part of parts) hasher.update(part);
  return Buffer.from(hasher.digest());
}
