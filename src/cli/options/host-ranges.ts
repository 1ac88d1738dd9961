/**
 * The hosts of --allow and --deny, and of files of them: ranges of addresses, and names whose addresses are looked up
 * before duet starts, as in ncat.
 */

import { type Cidr, parseCidr } from "../../protocol/address/cidr.ts";
import { isHostName } from "../../protocol/address/target.ts";
import { rangesMax } from "../../protocol/limits.ts";
import { isUsageError, refuse, type UsageRefusal } from "./usage-refusal.ts";

/** A name for the ranges around each of its addresses. */
interface HostName {
  readonly host: string;
  /** `/24`, or empty for the addresses alone. */
  readonly prefix: string;
  /** The option that gave it. */
  readonly flag: string;
}

export interface HostRanges {
  readonly ranges: readonly Cidr[];
  readonly names: readonly HostName[];
}

/** A name's addresses, or why there are none. */
export type FindAddresses = (host: string) => Promise<HostAddresses>;

type HostAddresses =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly code: string };

/** The text of the file at a path, or a refusal that names `flag`. */
export type ReadHostsFile = (flag: string, path: string) => string | UsageRefusal;

/** Reads an option that may repeat. Each value may be a list with commas, as in ncat. */
export function readHosts(flag: string, values: readonly string[] = []): HostRanges | UsageRefusal {
  const hosts: Hosts = { ranges: [], names: [] };
  for (const word of values.flatMap((value) => value.split(","))) {
    const refusal = addHost(hosts, flag, word.trim());
    if (refusal !== undefined) return refusal;
  }
  return hosts;
}

/** Reads files with one host a line, or several with blanks between them; `#` begins a comment. */
export function readHostsFiles(
  flag: string,
  paths: readonly string[] = [],
  readFile: ReadHostsFile,
): HostRanges | UsageRefusal {
  const hosts: Hosts = { ranges: [], names: [] };
  for (const path of paths) {
    const text = readFile(flag, path);
    if (isUsageError(text)) return text;
    const before = hosts.ranges.length + hosts.names.length;
    const refusal = addLines(hosts, flag, path, text);
    if (refusal !== undefined) return refusal;
    // An empty list would allow everybody, where the person wanted to allow somebody.
    if (flag === allowFileFlag && hosts.ranges.length + hosts.names.length === before)
      return refuse("hosts-file-empty", { flag, path });
  }
  return hosts;
}

export const allowFileFlag = "--allowfile";
export const denyFileFlag = "--denyfile";

interface Hosts {
  readonly ranges: Cidr[];
  readonly names: HostName[];
}

function addLines(hosts: Hosts, flag: string, path: string, text: string): UsageRefusal | undefined {
  for (const [index, line] of text.split("\n").entries()) {
    const [listed = ""] = line.split("#");
    for (const word of listed.split(/[\s,]+/).filter((each) => each !== "")) {
      const refusal = addHost(hosts, flag, word);
      if (refusal !== undefined)
        return refuse("settings-line", { path, line: index + 1, problem: refusal.problem });
    }
  }
  return undefined;
}

function addHost({ ranges, names }: Hosts, flag: string, word: string): UsageRefusal | undefined {
  if (ranges.length + names.length >= rangesMax) return refuse("hosts-full", { flag, ranges: rangesMax });
  const range = parseCidr(word);
  const name = range === undefined ? parseName(flag, word) : undefined;
  if (range !== undefined) ranges.push(range);
  else if (name !== undefined) names.push(name);
  else return refuse("wrong-range", { flag, word });
  return undefined;
}

/** Undefined for what is neither: `10.0.0.1-20`, `10.0.0.256`, `10.0.0.0/33`. */
function parseName(flag: string, word: string): HostName | undefined {
  const [, host = "", prefix = ""] = /^([^/]*)(\/\d{1,3})?$/.exec(word) ?? [];
  const lastLabel = host.replace(/\.$/, "").split(".").at(-1) ?? "";
  if (!isHostName(host) || host.includes("*") || /^\d[\d-]*$/.test(lastLabel)) return undefined;
  return { host, prefix, flag };
}

export function joinHosts(one: HostRanges, other: HostRanges): HostRanges {
  return { ranges: [...one.ranges, ...other.ranges], names: [...one.names, ...other.names] };
}

/** Looks the names up: all ranges, or a refusal that names the first name without an address. */
export async function resolveHosts(
  { ranges, names }: HostRanges,
  find: FindAddresses,
): Promise<readonly Cidr[] | UsageRefusal> {
  const found = await Promise.all(names.map(async (name) => resolveName(name, await find(name.host))));
  const all = [...ranges];
  for (const each of found) {
    if (isUsageError(each)) return each;
    all.push(...each);
  }
  return all;
}

function resolveName({ host, prefix, flag }: HostName, found: HostAddresses): readonly Cidr[] | UsageRefusal {
  if (!found.ok) return refuse("host-unknown", { flag, host, code: found.code });
  const ranges = found.addresses.flatMap((address) => parseCidr(`${address}${prefix}`) ?? []);
  return ranges.length > 0 ? ranges : refuse("wrong-range", { flag, word: `${host}${prefix}` });
}
