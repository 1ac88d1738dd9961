/** Finds what is an address in a text: URLs, e-mail addresses, hosts with and without a port, IP addresses. */

import { findLinks } from "./links.ts";

interface AddressSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * A letter, digit or mark. Scripts written without spaces have no word boundaries here, so that a name or an address is
 * found anywhere among them.
 */
export const letter = String.raw`[[\p{L}\p{N}\p{M}]--[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}]]`;

/** What may be in an address without a scheme; classified once, so that the cost is that of the text's length. */
const runs = new RegExp(String.raw`[${letter}._%+@:\/\?=\&\#~\[\]\-]+`, "gv");
const leadingSigns = /^[^\p{L}\p{N}[:]+/u;
const trailingSigns = /[^\p{L}\p{N}\p{M}\]/]+$/u;

const withScheme = /^[a-z][a-z\d+.-]*:\/\/./i;
const mailAddress = /^(?:[a-z]+:)?[^@:/[\]]+@[^@/]+/i;
const ipv6Address = /^\[?[\da-f]*(?::[\da-f]*){2,}(?:\]:\d+|\])?(?:\/|$)/i;
const hostAndPort = /^[^@:/[\]]+:\d{2,5}(?:\/|$)/;
const labels = /^[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)+$/u;
/** A name of two labels is a host only with one of these: people also write `thanks ann.see you`. */
const hostEndings = new Set(
  (
    "com org net edu gov info io dev app ai co uk de cn eu fr jp " +
    "local lan home internal localhost test example invalid"
  ).split(" "),
);

/** The addresses of a line, in order; `start` and `end` in UTF-16 units. */
export function findAddresses(line: string): readonly AddressSpan[] {
  const found: AddressSpan[] = Array.from(findLinks(line), ({ start, end }) => ({ start, end }));
  for (const { index, 0: run } of line.matchAll(runs)) {
    const lead = leadingSigns.exec(run)?.[0].length ?? 0;
    const address = run.slice(lead).replace(trailingSigns, "");
    const start = index + lead;
    if (isAddress(address)) found.push({ start, end: start + address.length });
  }
  return found.toSorted((one, other) => one.end - other.end);
}

function isAddress(run: string): boolean {
  if (withScheme.test(run) || mailAddress.test(run) || ipv6Address.test(run) || hostAndPort.test(run))
    return true;
  const [host = ""] = run.split("/", 1);
  if (!labels.test(host)) return false;
  const parts = host.split(".");
  return parts.length > 2 || hostEndings.has(parts.at(-1)?.toLowerCase() ?? "");
}
