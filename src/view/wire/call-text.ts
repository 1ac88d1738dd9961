/**
 * Describes a socket call as the tutorial does: `accept 127.0.0.1:51234`, `send 4096 of 65536 B (partial)`. No colours.
 */

import { cleanText } from "../../protocol/text/text.ts";
import { getDirection } from "../../chat/trace/call-links.ts";
import type { WireRow } from "../../chat/log/wire-log.ts";
import type { WireWords } from "../../words/tables/words.ts";

export type WireTone = "in" | "out" | "quiet" | "good" | "warning" | "bad";

/** The call with its endpoint, bytes and result. Clean. */
export function describeCall(row: WireRow, words: WireWords): string {
  const counted = row.keepalives === 0 ? "" : words.keepalives(row.keepalives);
  return [row.call, formatPlace(row), formatByteCount(row, words), formatResult(row, words), counted]
    .filter((word) => word !== "")
    .join(" ");
}

/** The name in the peer column; empty for a call whose description contains the endpoint, and for a call of no peer. */
export function getPeerColumn(row: WireRow): string {
  return isNamingEndpoint(row) ? "" : cleanText(row.peer ?? "");
}

/** How a call stands out: failures, partial results, new connections. */
export function getCallTone(row: WireRow): WireTone {
  const { result } = row;
  if (result === "RST" || /^E[A-Z]/.test(result)) return "bad";
  if (result === "partial" || result === "would-block" || result === "FIN") return "warning";
  return getDirection(row) ?? (row.call === "accept" || row.call === "connect" ? "good" : "quiet");
}

function isNamingEndpoint({ call, peer }: WireRow): boolean {
  return call === "accept" || call === "connect" || peer === undefined;
}

function formatPlace(row: WireRow): string {
  return isNamingEndpoint(row) ? cleanText(row.address ?? "") : "";
}

/** Of a sealed call the bytes that crossed: `214 B sealed`. */
function formatByteCount({ bytes, ofBytes, sealed }: WireRow, words: WireWords): string {
  if (sealed !== undefined) return words.sealed(formatBytes(sealed.bytes, sealed.ofBytes, words));
  return bytes === undefined ? "" : formatBytes(bytes, ofBytes, words);
}

function formatBytes(bytes: number, ofBytes: number | undefined, words: WireWords): string {
  return ofBytes === undefined || ofBytes === bytes ? `${bytes} B` : words.bytesOf(bytes, ofBytes);
}

function formatResult({ call, result }: WireRow, words: WireWords): string {
  if (result === "ok") return "";
  return call === "setsockopt" ? result : words.ended(result);
}
