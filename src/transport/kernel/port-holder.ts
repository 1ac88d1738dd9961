/**
 * Finds the program that holds a port, for the error "in use". Linux only, by /proc; undefined elsewhere and for
 * programs of other users. Never throws, and the search is limited in time.
 */

import { readdir, readFile, readlink } from "node:fs/promises";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";

const processesMax = 4096;
const descriptorsMax = 50_000;
const searchMs = 300;
/** TCP_LISTEN in the kernel's tcp_states.h. */
const listenState = "0A";

/** `nc (pid 4711)`, or undefined if the program cannot be found. */
export async function findPortHolder(transport: TransportName, port: number): Promise<string | undefined> {
  const tables = await Promise.all([readText(`/proc/net/${transport}`), readText(`/proc/net/${transport}6`)]);
  const sockets = new Set(tables.flatMap((table) => selectSockets(table, transport, port)));
  if (sockets.size === 0) return undefined;
  const pid = await findOwner(sockets);
  if (pid === undefined) return undefined;
  const name = (await readText(`/proc/${pid}/comm`)).replace(/\p{C}/gu, "").trim();
  return name === "" ? `pid ${pid}` : `${name} (pid ${pid})`;
}

/** The sockets bound to a port, as links in /proc/PID/fd name them (proc_net_tcp's columns 2, 4 and 10). */
function selectSockets(table: string, transport: TransportName, port: number): readonly string[] {
  const portText = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , , , inode = "0"] = line.trim().split(/\s+/);
    const isHolder = local.endsWith(portText) && (transport === "udp" || state === listenState);
    return isHolder && inode !== "0" ? [`socket:[${inode}]`] : [];
  });
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
