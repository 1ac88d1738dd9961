/** Reads untrusted fields of a recorded line, each with a type and a bound. */

import { reasonMaxUnits } from "../protocol/limits.ts";
import { cleanText } from "../protocol/text/text.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; empty for any other value. */
export function readFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

/** Clean and bounded text; empty if the value is no text. */
export function readWords(value: unknown): string {
  return typeof value === "string" ? cleanText(value.slice(0, wordsMaxUnits)) : "";
}

const wordsMaxUnits = 4 * reasonMaxUnits;

export function readOptionalWords(value: unknown): string | undefined {
  return typeof value === "string" ? readWords(value) : undefined;
}

/** Lower-case hexadecimal of at most `bytesMax` bytes; undefined for any other value. */
export function readHex(value: unknown, bytesMax: number): string | undefined {
  if (typeof value !== "string" || value.length > 2 * bytesMax) return undefined;
  return /^(?:[\da-f]{2})+$/.test(value) ? value : undefined;
}

export function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
