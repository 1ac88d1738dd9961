/** The text of the known peers: a line with the version, then one line of JSON for each key, the latest last. */

import { knownEndpointsMax, knownNamesMax, knownPeersMax, replacedKeysMax } from "../limits.ts";
import { keyBytes } from "../noise/x25519.ts";
import { fromBase64 } from "./identity-proof.ts";
import { formatKey, parseKey } from "./key-text.ts";
import type { KnownPeer, KnownPeers } from "./known-peers.ts";

const header = "duet known peers 1";

type ParsedPeers =
  | { readonly kind: "peers"; readonly peers: KnownPeers }
  | { readonly kind: "later-version" }
  /** The number of the first line that is wrong, from 1. */
  | { readonly kind: "malformed"; readonly line: number };

export function formatKnownPeers(known: KnownPeers): string {
  return [header, ...[...known.values()].map(formatPeer)].join("\n") + "\n";
}

export function parseKnownPeers(text: string): ParsedPeers {
  const lines = text.split("\n");
  const first = lines.shift();
  if (first !== header)
    return /^duet known peers \d{1,6}$/.test(first ?? "")
      ? { kind: "later-version" }
      : { kind: "malformed", line: 1 };
  const peers = new Map<string, KnownPeer>();
  for (const [index, line] of lines.entries()) {
    if (line === "") continue;
    const peer = parsePeer(line);
    if (peer === undefined || peers.size >= knownPeersMax) return { kind: "malformed", line: index + 2 };
    peers.set(peer.key, peer);
  }
  return { kind: "peers", peers };
}

function formatPeer(peer: KnownPeer): string {
  const { key, signing, replaced, isVerified, names, endpoints, firstMs, lastMs } = peer;
  return JSON.stringify({
    key,
    ...(signing === undefined ? {} : { signing }),
    ...(replaced.length === 0 ? {} : { replaced }),
    verified: isVerified,
    names,
    endpoints,
    first: new Date(firstMs).toISOString(),
    last: new Date(lastMs).toISOString(),
  });
}

function parsePeer(line: string): KnownPeer | undefined {
  const fields = parseObject(line);
  if (fields === undefined) return undefined;
  const { verified } = fields;
  const bytes = typeof fields["key"] === "string" ? parseKey(fields["key"]) : undefined;
  const signing = readSigning(fields["signing"]);
  const replaced = readTexts(fields["replaced"] ?? [], replacedKeysMax);
  const names = readTexts(fields["names"], knownNamesMax);
  const endpoints = readTexts(fields["endpoints"], knownEndpointsMax);
  const [firstMs, lastMs] = [readTime(fields["first"]), readTime(fields["last"])];
  if (bytes === undefined || typeof verified !== "boolean" || names === undefined || endpoints === undefined)
    return undefined;
  if (firstMs === undefined || lastMs === undefined) return undefined;
  if (signing === undefined && fields["signing"] !== undefined) return undefined;
  if (replaced?.every((one) => parseKey(one) !== undefined) !== true) return undefined;
  const key = formatKey(bytes);
  return { key, signing, replaced, isVerified: verified, names, endpoints, firstMs, lastMs };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function readTexts(value: unknown, most: number): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length > most) return undefined;
  return value.every((one): one is string => typeof one === "string") ? value : undefined;
}

function readSigning(value: unknown): string | undefined {
  return typeof value === "string" && fromBase64(value, keyBytes) !== undefined ? value : undefined;
}

function readTime(value: unknown): number | undefined {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isFinite(ms) ? ms : undefined;
}
