/** Parses and formats IP address literals, as numbers that can be compared. */

/** `value` has 32 bits for IPv4 and 128 for IPv6. A zone (`%eth0`) is checked and omitted. */
interface IpAddress {
  readonly family: "IPv4" | "IPv6";
  readonly value: bigint;
}

/** Parses dotted decimal without leading zeros (RFC 6943 §3.1.1 explains why), or any form of RFC 4291 §2.2. */
export function parseIpAddress(text: string): IpAddress | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/**
 * The one spelling of an address: RFC 5952, mapped IPv4 (RFC 4291 §2.5.5.2) as IPv4, and a zone only where the kernel
 * reports one (RFC 4007 §6). Undefined if `text` is no address.
 */
export function canonicalizeAddress(text: string): string | undefined {
  const dotted = mappedDotted.exec(text)?.[1] ?? text;
  if (!dotted.includes(":")) return parseIpv4(dotted) === undefined ? undefined : dotted;
  const parsed = parseIpAddress(text);
  if (parsed === undefined) return undefined;
  const zone = readZone(text);
  const address = formatIpAddress(unmapAddress(parsed));
  return zone !== undefined && isLinkLocal(parsed) ? `${address}%${zone}` : address;
}

/** As the kernel prints a mapped address: every IPv4 peer of a dual-stack socket has one. */
const mappedDotted = /^::ffff:([\d.]+)$/i;

/** The zone of an address, without `%`. */
export function readZone(address: string): string | undefined {
  const at = address.indexOf("%");
  return at < 0 ? undefined : address.slice(at + 1);
}

/** fe80::/10, and multicast of interface-local and link-local scope: the same address exists on every link. */
export function isLinkLocal({ family, value }: IpAddress): boolean {
  if (family === "IPv4") return false;
  const scope = (value >> 112n) & 0xfn;
  return value >> 118n === 0x3fan || (value >> 120n === 0xffn && (scope === 1n || scope === 2n));
}

/** The 4 or 16 bytes of an address in network order; four zeros if `text` is no address. */
export function toAddressBytes(text: string): Uint8Array {
  const { family, value } = parseIpAddress(text) ?? { family: "IPv4", value: 0n };
  const length = family === "IPv4" ? 4 : 16;
  return Uint8Array.from({ length }, (_, index) =>
    Number((value >> BigInt((length - 1 - index) * 8)) & 0xffn),
  );
}

/** Converts a mapped IPv4 address (RFC 4291 §2.5.5.2) to IPv4; returns any other address unchanged. */
export function unmapAddress(address: IpAddress): IpAddress {
  const isMapped = address.family === "IPv6" && address.value >> 32n === 0xffffn;
  return isMapped ? { family: "IPv4", value: address.value & 0xffff_ffffn } : address;
}

/** Formats dotted decimal, or RFC 5952's form: lower case, the longest run of two zeros or more as `::`. */
export function formatIpAddress({ family, value }: IpAddress): string {
  if (family === "IPv4") return splitInto(value, 4, 8n).join(".");
  const groups = splitInto(value, 8, 16n).map((group) => group.toString(16));
  const zeros = findLongestZeros(groups);
  if (zeros.length < 2) return groups.join(":");
  const [before, after] = [groups.slice(0, zeros.start), groups.slice(zeros.start + zeros.length)];
  return `${before.join(":")}::${after.join(":")}`;
}

/** Splits a value, the highest part first. */
function splitInto(value: bigint, parts: number, bits: bigint): readonly number[] {
  return Array.from({ length: parts }, (_, index) =>
    Number((value >> (BigInt(parts - 1 - index) * bits)) & ((1n << bits) - 1n)),
  );
}

function findLongestZeros(groups: readonly string[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === "0" ? length + 1 : 0;
    if (length > longest.length) longest = { start: index + 1 - length, length };
  }
  return longest;
}

function parseIpv4(text: string): IpAddress | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return { family: "IPv4", value };
}

function parseIpv6(text: string): IpAddress | undefined {
  const [literal = "", zone, ...rest] = text.split("%");
  if (rest.length > 0 || (zone !== undefined && !/^[^\s\p{C}/\]]{1,32}$/u.test(zone))) return undefined;
  const [head = "", tail, ...more] = literal.split("::");
  if (more.length > 0) return undefined;
  const before = parseGroups(head, tail === undefined);
  const after = parseGroups(tail ?? "", true);
  if (before === undefined || after === undefined) return undefined;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array.from({ length: missing }, () => 0), ...after];
  return { family: "IPv6", value: groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n) };
}

/** Parses the 16-bit groups between colons. If `endsAddress`, the last may be an IPv4 address. */
function parseGroups(text: string, endsAddress: boolean): readonly number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const embedded = endsAddress && index === parts.length - 1 ? parseIpv4(part) : undefined;
    if (embedded !== undefined) groups.push(Number(embedded.value >> 16n), Number(embedded.value & 0xffffn));
    else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups.length > 8 ? undefined : groups;
}
