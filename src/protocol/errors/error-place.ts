/** Where a network error happened: its target taken apart, safe to show and to be typed into a shell. Facts only. */

import type { NetworkError } from "../sockets/network-error.ts";

/** Ports below this one are the administrator's. */
export const privilegedPortsEnd = 1024;

export interface ErrorPlace {
  /** The target as a person wrote it, without control characters. */
  readonly text: string;
  readonly isPath: boolean;
  /** The host, or the path where it is one, quoted for a shell. */
  readonly host: string;
  readonly port: number | undefined;
}

/** A target taken apart. */
export function readPlace({ target, call }: NetworkError): ErrorPlace {
  const text = cleanWords(target);
  const joined = /^[/@.~]/.test(text) ? null : /^(.*):(\d{1,5})$/.exec(text);
  const host = quoteForShell((joined?.[1] ?? text).replace(/^\[(.*)\]$/, "$1"));
  const isPath = joined === null && call !== "resolve";
  return { text, isPath, host, port: joined === null ? undefined : Number(joined[2]) };
}

/** True while a socket is being bound or made to listen. */
export function isOpening({ call }: NetworkError): boolean {
  return call === "bind" || call === "listen";
}

/** Holders and details come from other programs: control characters go. */
export function cleanWords(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, "\ufffd");
}

const detailMaxLength = 200;

/** The runtime's own words as far as they are a sentence, without the class name and the stack; empty if it gave none. */
export function readDetail(detail = ""): string {
  const [firstLine = ""] = detail.split("\n");
  const words = cleanWords(firstLine.replace(/^(\w*Error:\s*)+/, ""))
    .trim()
    .slice(0, detailMaxLength);
  return words.replace(/\.$/, "");
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
