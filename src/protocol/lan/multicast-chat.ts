/**
 * A serverless chat on a multicast group: everybody there sends one datagram a line, `<name> text` and a newline, so that
 * a program that prints what comes (socat) is a full member. Text ↔ name and text; nobody's name is checked.
 */

import { parseIpAddress } from "../address/address.ts";
import { cleanName } from "../text/nicknames.ts";
import type { Target } from "../address/target.ts";

/** Where a group is when none is named: of the local scope (RFC 2365 §6.1), `d` and `g` in ASCII. */
export const groupHostDefault = "239.255.100.103";

/** 224.0.0.0/4 and ff00::/8. */
export function isGroupAddress(host: string): boolean {
  const parsed = parseIpAddress(host);
  if (parsed === undefined) return false;
  return parsed.family === "IPv4" ? parsed.value >> 28n === 0xen : parsed.value >> 120n === 0xffn;
}

export function isGroupTarget(target: Target): boolean {
  return target.kind === "ip" && isGroupAddress(target.host);
}

/** What one datagram says. `isPrivate`: it is sent to one member alone. */
interface GroupMessage {
  readonly name: string;
  readonly text: string;
  readonly isAction?: boolean;
  readonly isPrivate?: boolean;
}

/** The datagram's text. `name` must be clean. */
export function encodeGroupLine({ name, text, isAction, isPrivate }: GroupMessage): string {
  if (isAction === true) return `* ${name} ${text}\n`;
  return `<${name}${isPrivate === true ? " → you" : ""}> ${text}\n`;
}

/** As somebody sent it, duet or not: without a `<name> ` at its start, the name is undefined. */
export function parseGroupLine(datagram: string): {
  readonly name: string | undefined;
  readonly text: string;
} {
  const whole = datagram.replace(/\r?\n$/, "");
  const [start = "", claimed] = /^<([^<>\n]{1,64})> /.exec(whole) ?? [];
  if (claimed === undefined) return { name: undefined, text: whole };
  return { name: cleanName(claimed), text: whole.slice(start.length) };
}
