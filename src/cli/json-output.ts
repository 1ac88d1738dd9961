/** One NDJSON line for each event, as product.md's contract names the fields. Text is escaped so that a terminal is safe. */

import type { Output } from "../chat/output.ts";
import { toSafeJson } from "../protocol/text.ts";

/** The line, with its newline; undefined for what is not part of the contract (notices, raw bytes). */
export function formatJson(output: Output): string | undefined {
  if (output.type === "notice" || output.type === "bytes") return undefined;
  const { type, atMs, transport, ...fields } = output;
  return `${toSafeJson({ type, at: new Date(atMs).toISOString(), transport, ...fields })}\n`;
}
