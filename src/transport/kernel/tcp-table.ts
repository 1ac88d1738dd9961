/**
 * The system's list of TCP sockets, /proc/net/tcp and tcp6 (proc(5)), for connections without a known descriptor in
 * this process. Empty on systems other than Linux.
 */

import { readFileSync } from "node:fs";
import { toAddressBytes } from "../../protocol/address/address.ts";
import type { Endpoint } from "../../protocol/address/endpoint.ts";
import { type TcpFacts, nameTcpState } from "../../protocol/sockets/tcp-facts.ts";

/** One line of the list, with the endpoints as they are written there. */
export interface TableRow {
  readonly local: string;
  readonly remote: string;
  readonly inode: string;
  readonly facts: TcpFacts;
}

/** Reads both lists. */
export function readTcpTable(): readonly TableRow[] {
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((path) => parseTcpTable(readText(path)));
}

/** Parses the lines of one list; ignores malformed ones. */
export function parseTcpTable(text: string): readonly TableRow[] {
  return text.split("\n").flatMap((line) => {
    const [, local, remote, state, queues, , retransmits, , , inode] = line.trim().split(/\s+/);
    if (local === undefined || remote === undefined || inode === undefined || local === "local_address")
      return [];
    const [unacked = "0", unread = "0"] = (queues ?? "").split(":");
    const facts: TcpFacts = {
      state: nameTcpState(Number.parseInt(state ?? "", 16)),
      source: "table",
      roundTripMs: undefined,
      roundTripVarMs: undefined,
      retransmits: Number.parseInt(retransmits ?? "0", 16),
      unackedBytes: Number.parseInt(unacked, 16),
      unsentBytes: undefined,
      unreadBytes: Number.parseInt(unread, 16),
      sendWindowBytes: undefined,
    };
    return [{ local, remote, inode, facts }];
  });
}

/**
 * Whether a line describes the connection between these endpoints. IPv4 may be listed as mapped IPv6 (RFC 4291
 * §2.5.5.2).
 */
export function isRowBetween(row: TableRow, local: Endpoint, remote: Endpoint): boolean {
  return isSameEndpoint(row.local, local) && isSameEndpoint(row.remote, remote);
}

function isSameEndpoint(written: string, endpoint: Endpoint): boolean {
  if (endpoint.family === "unix") return false;
  const port = endpoint.port.toString(16).toUpperCase().padStart(4, "0");
  const address = formatTableAddress(endpoint.address);
  return written === `${address}:${port}` || written === `${mappedPrefix}${address}:${port}`;
}

const mappedPrefix = "0000000000000000FFFF0000";

/** An address as the list prints it: each 32-bit word in the byte order of the machine, here little-endian. */
export function formatTableAddress(address: string): string {
  const bytes = toAddressBytes(address);
  let text = "";
  for (let word = 0; word < bytes.length; word += 4) {
    text += Buffer.from(bytes.subarray(word, word + 4))
      .reverse()
      .toString("hex");
  }
  return text.toUpperCase();
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // No /proc: not Linux.
  }
}
