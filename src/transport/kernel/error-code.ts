/**
 * Converts what the runtime threw to an ErrorCode and a NetworkError. Finding out more by opening a socket is
 * route-probe's job.
 */

import type { ErrorCode, NetworkError } from "../../protocol/sockets/network-error.ts";
import type { Target } from "../../protocol/address/target.ts";

const knownCodes: ReadonlySet<string> = new Set<ErrorCode>([
  "EADDRINUSE",
  "EADDRNOTAVAIL",
  "EACCES",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ETIMEDOUT",
  "ECONNRESET",
  "EPIPE",
  "EMSGSIZE",
  "ENAMETOOLONG",
  "ENOENT",
  "EMFILE",
  "EINVAL",
  "EAFNOSUPPORT",
  "ENODEV",
]);

/**
 * Codes that are reported as one of ours: other names of the resolver, similar codes, argument checks of the runtime.
 */
const synonyms: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ["EAI_NONAME", "ENOTFOUND"],
  ["EAI_NODATA", "ENOTFOUND"],
  ["ENODATA", "ENOTFOUND"],
  ["EAI_FAIL", "EAI_AGAIN"],
  ["EPERM", "EACCES"],
  ["ENOTDIR", "ENOENT"],
  ["ENFILE", "EMFILE"],
  ["ENETDOWN", "ENETUNREACH"],
  ["EHOSTDOWN", "EHOSTUNREACH"],
  ["ERR_OUT_OF_RANGE", "EINVAL"],
  ["ERR_INVALID_ARG_TYPE", "EINVAL"],
]);

/** The code of a caught error (Bun.dns prefixes its codes with `DNS_`), or EUNKNOWN. */
export function readErrorCode(thrown: unknown): ErrorCode {
  const code = (thrown as { readonly code?: unknown } | null | undefined)?.code;
  if (typeof code !== "string") return "EUNKNOWN";
  const name = code.replace(/^DNS_/, "");
  if (knownCodes.has(name)) return name as ErrorCode;
  return synonyms.get(name) ?? "EUNKNOWN";
}

/** A target as a person writes it: `127.0.0.1:8080`, `[::1]:8080`, `/tmp/chat`. */
export function formatTarget(target: Target): string {
  // A bare `a:80` would read as a host and a port.
  if (target.kind === "unix")
    return /^[^/@.~].*:\d{1,5}$/.test(target.path) ? `./${target.path}` : target.path;
  const bare = stripBrackets(target.host);
  return bare.includes(":") ? `[${bare}]:${target.port}` : `${bare}:${target.port}`;
}

/** The host without the brackets of an IPv6 literal. */
export function stripBrackets(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}

/** Makes a NetworkError of an ErrorCode. */
export function makeNetworkError(
  code: ErrorCode,
  call: NetworkError["call"],
  target: string,
  transport: NetworkError["transport"],
): NetworkError {
  return { code, call, target, transport };
}

/** Makes a NetworkError of a caught error; with the runtime's message if its code is unknown. */
export function makeNetworkErrorFrom(
  thrown: unknown,
  call: NetworkError["call"],
  target: string,
  transport: NetworkError["transport"],
): NetworkError {
  const code = readErrorCode(thrown);
  if (code !== "EUNKNOWN") return { code, call, target, transport };
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return { code, call, target, transport, detail };
}
