/** Parses where to listen or connect, as a person writes it on the command line and in the composer. */

import { parseIpAddress, unmapAddress } from "./address.ts";
import type { TargetProblem } from "./target-problem.ts";

/** A host and port, or a UNIX path (`@name` is abstract). */
export type Target =
  | { readonly kind: "ip"; readonly host: string; readonly port: number; readonly family?: 4 | 6 }
  | { readonly kind: "unix"; readonly path: string };

/** A usage error. `problem` is an id with its parameters; src/words has the sentence for it. */
export interface UsageError<Problem> {
  readonly kind: "usage-error";
  readonly problem: Problem;
}

type TargetError = UsageError<TargetProblem>;

/** Values for omitted words. Listening has a default for each word; connecting needs the port. */
export interface TargetDefaults {
  readonly role: "listen" | "connect";
  readonly host: string;
  readonly port: number;
  readonly family?: 4 | 6 | undefined;
}

/** The default endpoint, for listening and for finding another duet. */
export const hostDefault = "127.0.0.1";
export const portDefault = 8080;

const hostMaxLength = 253;
const quotedMaxLength = 60;

/**
 * `HOST PORT`, `HOST:PORT`, `[::1]:8080`, `::1 8080`, `-U PATH`; a lone number is the port. To listen, no word or a
 * host alone suffices, and port 0 lets the system choose.
 */
export function parseTarget(words: readonly string[], defaults: TargetDefaults): Target | TargetError {
  if (words[0] === "-U") return parsePathWords(words.slice(1));
  const [first, second, third] = words;
  if (third !== undefined) return makeUsageError({ is: "argument-too-many", word: third });
  if (first === undefined) return parseNothing(defaults);
  if (second !== undefined) return parseHostAndPort(first, second, defaults);
  return parseLoneWord(first, defaults);
}

/** A path of a UNIX stream socket, or `@name` for an abstract one. The system checks its length. */
export function parsePath(path: string): Target | TargetError {
  if (path === "" || path === "@") return makeUsageError({ is: "path-missing" });
  if (path.includes("\0")) return makeUsageError({ is: "path-with-nul" });
  return { kind: "unix", path };
}

/** Makes a usage error, which is returned, not thrown. */
export function makeUsageError<Problem>(problem: Problem): UsageError<Problem> {
  return { kind: "usage-error", problem };
}

/** A word in quotes for an error message: one short line whatever the word contains. */
export function quoteWord(word: string): string {
  // Cleaned last, since the cut may leave half of a character.
  const visible = word.slice(0, quotedMaxLength).replace(/[\p{C}\u2028\u2029]/gu, "\ufffd");
  return `"${visible}${word.length > quotedMaxLength ? "…" : ""}"`;
}

function parsePathWords(words: readonly string[]): Target | TargetError {
  const [path = "", second] = words;
  if (second === undefined) return parsePath(path);
  return makeUsageError({ is: "path-then-word", word: second });
}

function parseNothing(defaults: TargetDefaults): Target | TargetError {
  if (defaults.role === "connect") return makeUsageError({ is: "nothing-given" });
  return makeIpTarget(defaults.host, defaults.port, defaults);
}

function parseLoneWord(word: string, defaults: TargetDefaults): Target | TargetError {
  if (/^[+-]?\d+$/.test(word)) return parseHostAndPort(defaults.host, word, defaults);
  const joined = splitHostPort(word);
  if (joined !== undefined) return parseHostAndPort(joined.host, joined.port, defaults);
  const host = parseHost(word, defaults.family);
  if (typeof host !== "string") return host;
  if (defaults.role === "listen") return makeIpTarget(host, defaults.port, defaults);
  return makeUsageError({ is: "port-missing", host });
}

/** Splits `HOST:PORT`, but never a bare IPv6 address: `::1:8080` is one. */
function splitHostPort(word: string): { readonly host: string; readonly port: string } | undefined {
  if (parseIpAddress(word) !== undefined) return undefined;
  const match = /^(\[[^\]]*\]|[^:]*):([^:]*)$/.exec(word);
  return match === null ? undefined : { host: match[1] ?? "", port: match[2] ?? "" };
}

function parseHostAndPort(
  hostText: string,
  portText: string,
  defaults: TargetDefaults,
): Target | TargetError {
  const host = parseHost(hostText, defaults.family);
  if (typeof host !== "string") return host;
  const port = parsePort(portText, defaults.role);
  return typeof port === "number" ? makeIpTarget(host, port, defaults) : port;
}

function makeIpTarget(host: string, port: number, { family }: TargetDefaults): Target {
  return family === undefined ? { kind: "ip", host, port } : { kind: "ip", host, port, family };
}

function parsePort(text: string, role: TargetDefaults["role"]): number | TargetError {
  const least = role === "listen" ? 0 : 1;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port >= least && port <= 65_535) return port;
  return makeUsageError({ is: "no-port", word: text, role });
}

function parseHost(text: string, family: 4 | 6 | undefined): string | TargetError {
  const bracketed = /^\[(.*)\]$/.exec(text)?.[1];
  const host = bracketed ?? text;
  const address = parseIpAddress(host);
  if (address !== undefined && (bracketed === undefined || address.family === "IPv6")) {
    return checkFamily(host, unmapAddress(address).family, family);
  }
  if (/^[/@.~]/.test(text)) return makeUsageError({ is: "path-as-host", word: text });
  if (/^\d+(\.\d+){3}$/.test(host)) return makeUsageError({ is: "no-ipv4", word: text });
  return isHostName(text) ? text : makeUsageError({ is: "no-host", word: text });
}

function checkFamily(host: string, found: "IPv4" | "IPv6", family: 4 | 6 | undefined): string | TargetError {
  if (family === undefined || found === `IPv${family}`) return host;
  return makeUsageError({ is: "other-family", host, family, found });
}

/** Permissive, since resolvers accept more names than RFC 1123 allows. */
export function isHostName(text: string): boolean {
  return (
    text.length > 0 &&
    text.length <= hostMaxLength &&
    !/[\s\p{C}/:@[\]"'\\%?#<>]/u.test(text) &&
    !text.startsWith("-")
  );
}
