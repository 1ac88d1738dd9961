/** Fields of a line that anybody may have written, each as what it may be. It knows no events. */

import { reasonMaxUnits } from "../protocol/limits.ts";
import { cleanText } from "../protocol/text/text.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** None, if it is no object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

/** Clean and bounded; empty, if it is no text. */
export function words(value: unknown): string {
  return typeof value === "string" ? cleanText(value.slice(0, wordsMaxUnits)) : "";
}

const wordsMaxUnits = 4 * reasonMaxUnits;

export function wordsOrNone(value: unknown): string | undefined {
  return typeof value === "string" ? words(value) : undefined;
}

/** Bytes in hexadecimal, at most so many of them; undefined: it is nothing of the kind. */
export function hexadecimal(value: unknown, bytesMax: number): string | undefined {
  if (typeof value !== "string" || value.length > 2 * bytesMax) return undefined;
  return /^(?:[\da-f]{2})+$/.test(value) ? value : undefined;
}

export function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
