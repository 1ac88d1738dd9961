/**
 * The datagrams of a chat on a multicast group without a host: each is one line, `<name> text` and a newline, so that
 * a program such as socat can take part. Names are not authenticated.
 */

import { parseIpAddress, unmapAddress } from "../address/address.ts";
import { cleanName, formatActor } from "../text/nicknames.ts";
import type { Target } from "../address/target.ts";

/** The default group, in the local scope (RFC 2365 §6.1): `d` and `g` in ASCII are 100 and 103. */
export const groupHostDefault = "239.255.100.103";

/** 224.0.0.0/4 and ff00::/8. */
export function isGroupAddress(host: string): boolean {
  const written = parseIpAddress(host);
  if (written === undefined) return false;
  const parsed = unmapAddress(written);
  return parsed.family === "IPv4" ? parsed.value >> 28n === 0xen : parsed.value >> 120n === 0xffn;
}

export function isGroupTarget(target: Target): boolean {
  return target.kind === "ip" && isGroupAddress(target.host);
}

/** The content of one datagram. `isPrivate`: it is sent to one member alone. */
interface GroupMessage {
  readonly name: string;
  readonly text: string;
  readonly isAction?: boolean;
  readonly isPrivate?: boolean;
}

/** The datagram's text. `name` must be clean. */
export function encodeGroupLine({ name, text, isAction, isPrivate }: GroupMessage): string {
  if (isAction === true) return `* ${formatActor(name)} ${text}\n`;
  return `<${name}${isPrivate === true ? " → you" : ""}> ${text}\n`;
}

/** Parses a datagram of any program: without `<name> ` at its start the name is undefined. */
export function parseGroupLine(datagram: string): {
  readonly name: string | undefined;
  readonly text: string;
} {
  const whole = datagram.replace(/\r?\n$/, "");
  const [start = "", claimed] = /^<([^<>\n]{1,64})> /.exec(whole) ?? [];
  if (claimed === undefined) return { name: undefined, text: whole };
  return { name: cleanName(claimed), text: whole.slice(start.length) };
}
