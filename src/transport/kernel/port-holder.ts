/**
 * Finds what holds a port, for the error "in use": a program, or the kernel for a connection that has ended. Linux only,
 * by /proc; undefined elsewhere and for programs of other users. Never throws, and the search is limited in time.
 */

import { readdir, readFile, readlink } from "node:fs/promises";
import { parseIpAddress, unmapAddress } from "../../protocol/address/address.ts";
import type { PortHolder } from "../../protocol/sockets/network-error.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";

const processesMax = 4096;
const descriptorsMax = 50_000;
const searchMs = 300;
/** TCP_LISTEN in the kernel's tcp_states.h. */
const listenState = "0A";
/** States in which a connection may outlive its program, in the kernel's order. */
const orphanStates = new Map([
  ["06", "TIME-WAIT"],
  ["05", "FIN-WAIT-2"],
  ["04", "FIN-WAIT-1"],
  ["0B", "CLOSING"],
  ["09", "LAST-ACK"],
] as const);
/** The kernel's TCP_TIMEWAIT_LEN, and its default for FIN-WAIT-2. */
const keptMs = 60_000;
/** The unit of the timers in /proc/net/tcp (USER_HZ). */
const ticksPerSecond = 100;

/** One socket of /proc/net/tcp or udp. */
interface TableRow {
  readonly state: string;
  /** 0: no program has it. */
  readonly inode: string;
  /** How long the kernel keeps the row, if it says so. */
  readonly leftMs: number | undefined;
}

/**
 * What has a port at an address, or at any address if `host` is a name: `nc (pid 4711)`, or the kernel, for a connection
 * that has ended. Undefined if the system does not show it.
 */
export async function findPortHolder(
  transport: TransportName,
  host: string,
  port: number,
): Promise<PortHolder | undefined> {
  const tables = await Promise.all([readText(`/proc/net/${transport}`), readText(`/proc/net/${transport}6`)]);
  const rows = tables.flatMap((table) => selectRows(table, formatConflicts(host), port));
  const listeners = rows.filter(({ state }) => transport === "udp" || state === listenState);
  for (const candidates of [listeners, rows]) {
    const holder = await nameOwner(candidates);
    if (holder !== undefined) return { holder };
  }
  return listeners.length > 0 ? undefined : findKept(rows);
}

/** The program that has one of the sockets. */
async function nameOwner(rows: readonly TableRow[]): Promise<string | undefined> {
  const owned = rows.filter(({ inode }) => inode !== "0");
  if (owned.length === 0) return undefined;
  const pid = await findOwner(new Set(owned.map(({ inode }) => `socket:[${inode}]`)));
  if (pid === undefined) return undefined;
  const name = (await readText(`/proc/${pid}/comm`)).replace(/\p{C}/gu, "").trim();
  return name === "" ? `pid ${pid}` : `${name} (pid ${pid})`;
}

/** The state that the kernel keeps the port in, and the longest time for which it does. */
function findKept(rows: readonly TableRow[]): PortHolder | undefined {
  if (rows.some(({ inode }) => inode !== "0")) return undefined;
  for (const [number, state] of orphanStates) {
    const kept = rows.filter((row) => row.state === number);
    if (kept.length === 0) continue;
    return {
      holder: "the kernel",
      kept: { state, ms: Math.max(...kept.map(({ leftMs = keptMs }) => leftMs)) },
    };
  }
  return undefined;
}

/** The sockets that are bound to a port (proc_net_tcp: columns 2, 4, 6 and 10), at one of these addresses or any. */
function selectRows(
  table: string,
  addresses: ReadonlySet<string> | undefined,
  port: number,
): readonly TableRow[] {
  const portText = port.toString(16).toUpperCase().padStart(4, "0");
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state = "", , timer = "", , , , inode = "0"] = line.trim().split(/\s+/);
    const [address = "", localPort] = local.split(":");
    if (localPort !== portText || (addresses !== undefined && !addresses.has(address))) return [];
    const [kind, ticks = ""] = timer.split(":");
    const leftMs = kind === "03" ? (Number.parseInt(ticks, 16) * 1000) / ticksPerSecond : undefined;
    return [{ state, inode, leftMs }];
  });
}

const everyIpv4 = "00000000";
const everyIpv6 = "0".repeat(32);

/** The local addresses that exclude listening at `host`, as /proc/net writes them; undefined: all. */
function formatConflicts(host: string): ReadonlySet<string> | undefined {
  const parsed = parseIpAddress(host.replace(/^\[(.*)\]$/, "$1"));
  if (parsed === undefined) return undefined;
  const { family, value } = unmapAddress(parsed);
  if (value === 0n) return undefined;
  if (family === "IPv6") return new Set([formatWords(value, 4), everyIpv6]);
  const mapped = formatWords((0xffffn << 32n) | value, 4);
  return new Set([formatWords(value, 1), mapped, everyIpv4, everyIpv6]);
}

/** An address in words of 32 bits, each with its lowest byte first. */
function formatWords(value: bigint, words: number): string {
  const hex = value
    .toString(16)
    .toUpperCase()
    .padStart(words * 8, "0");
  return hex.replace(/(..)(..)(..)(..)/g, "$4$3$2$1");
}

async function findOwner(sockets: ReadonlySet<string>): Promise<string | undefined> {
  const deadline = performance.now() + searchMs;
  let descriptorsLeft = descriptorsMax;
  for (const pid of await listProcesses()) {
    const descriptors = (await listNames(`/proc/${pid}/fd`)).slice(0, descriptorsLeft);
    descriptorsLeft -= descriptors.length;
    const links = await Promise.all(
      descriptors.map((descriptor) => readLinkTarget(`/proc/${pid}/fd/${descriptor}`)),
    );
    if (links.some((link) => sockets.has(link))) return pid;
    if (descriptorsLeft <= 0 || performance.now() > deadline) return undefined;
  }
  return undefined;
}

async function listProcesses(): Promise<readonly string[]> {
  return (await listNames("/proc")).filter((name) => /^\d+$/.test(name)).slice(0, processesMax);
}

/** Empty if the process has ended or belongs to another user, as in the functions below. */
function listNames(path: string): Promise<readonly string[]> {
  return readdir(path).catch(() => []);
}

function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

function readLinkTarget(path: string): Promise<string> {
  return readlink(path).catch(() => "");
}
