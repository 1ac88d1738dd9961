/**
 * The hosts of --allow and --deny, and of files of them: ranges of addresses, and names whose addresses are looked up
 * before duet starts, as in ncat.
 */

import { type Cidr, parseCidr } from "../../protocol/address/cidr.ts";
import {
  type HostAddresses,
  type HostRange,
  makeRanges,
  parseHostRange,
} from "../../protocol/address/host-range.ts";
import { rangesMax } from "../../protocol/limits.ts";
import { isUsageError, refuse, type UsageRefusal } from "./usage-refusal.ts";

interface HostName extends HostRange {
  /** The option that gave it. */
  readonly flag: string;
}

export interface HostRanges {
  readonly ranges: readonly Cidr[];
  readonly names: readonly HostName[];
}

/** A name's addresses, or why there are none. */
export type FindAddresses = (host: string) => Promise<HostAddresses>;

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
  const name = range === undefined ? parseHostRange(word) : undefined;
  if (range !== undefined) ranges.push(range);
  else if (name !== undefined) names.push({ ...name, flag });
  else return refuse("wrong-range", { flag, word });
  return undefined;
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

function resolveName(name: HostName, found: HostAddresses): readonly Cidr[] | UsageRefusal {
  const { host, prefix, flag } = name;
  if (!found.ok) return refuse("host-unknown", { flag, host, code: found.code });
  const ranges = makeRanges(name, found.addresses);
  return ranges.length > 0 ? ranges : refuse("wrong-range", { flag, word: `${host}${prefix}` });
}
