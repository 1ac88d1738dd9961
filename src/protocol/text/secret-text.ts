/** A password or pass-phrase as text: one line in NFC, of a bounded length. */

import { secretMaxBytes } from "../limits.ts";

export type SecretTextProblem = "empty" | "too-long" | "several-lines" | "unprintable";

/** The secret in a text, which may end in one line end; else why it has none. Blanks belong to it. */
export function parseSecret(
  text: string,
): { readonly secret: string } | { readonly problem: SecretTextProblem } {
  const secret = text.replace(/\r?\n$/, "").normalize("NFC");
  if (secret === "") return { problem: "empty" };
  if (Buffer.byteLength(secret) > secretMaxBytes) return { problem: "too-long" };
  if (secret.includes("\n")) return { problem: "several-lines" };
  // Bytes that are no UTF-8 were read as U+FFFD.
  return /[\p{Cc}\p{Cs}\uFFFD]/u.test(secret) ? { problem: "unprintable" } : { secret };
}
