/** The target of a network error, split into host and port, safe to display and to use in a shell. */

import type { NetworkError } from "../sockets/network-error.ts";

/** Ports below this one are reserved for the administrator. */
export const privilegedPortsEnd = 1024;

export interface ErrorPlace {
  /** The target as a person wrote it, without control characters. */
  readonly text: string;
  readonly isPath: boolean;
  /** The host or path, quoted for a shell. */
  readonly host: string;
  readonly port: number | undefined;
}

/** Splits the target of an error. */
export function readPlace({ target, call }: NetworkError): ErrorPlace {
  const text = cleanWords(target);
  const joined = /^[/@.~]/.test(text) ? null : /^(.*):(\d{1,5})$/.exec(text);
  const host = quoteForShell((joined?.[1] ?? text).replace(/^\[(.*)\]$/, "$1"));
  const isPath = joined === null && call !== "resolve";
  return { text, isPath, host, port: joined === null ? undefined : Number(joined[2]) };
}

/** True if the error is of bind or listen. */
export function isBindOrListen({ call }: NetworkError): boolean {
  return call === "bind" || call === "listen";
}

/** Replaces control characters, since holders and details are text of other programs. */
export function cleanWords(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, "\ufffd");
}

const detailMaxLength = 200;

/** The runtime's message without class name and stack; empty if there is none. */
export function readDetail(detail = ""): string {
  const [firstLine = ""] = detail.split("\n");
  const words = firstLine
    .replace(/^(\w*Error:\s*)+/, "")
    .trim()
    .slice(0, detailMaxLength);
  // Cleaned last, since the cut may leave half of a character.
  return cleanWords(words).replace(/\.$/, "");
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
