/**
 * Reads the kernel's state of our TCP connections: of open ones by their descriptors, of one in SYN-SENT and of closed
 * ones in the system's list of sockets, until they disappear from it.
 */

import { readdirSync, readlinkSync } from "node:fs";
import { closedConnectionsMax, connectionsLookedAtMax } from "../../protocol/limits.ts";
import type { ConnectionId, SocketEvent } from "../../protocol/sockets/socket-event.ts";
import type { TcpObservation } from "../../protocol/sockets/tcp-facts.ts";
import type { Transport } from "../contract.ts";
import { loadLibc } from "./socket-options.ts";
import type { StreamEndpoints } from "./stream-endpoints.ts";
import { readTcpInfo } from "./tcp-info.ts";
import { isRowBetween, readTcpTable, type TableRow } from "./tcp-table.ts";
import { setBounded } from "../../protocol/bounded-map.ts";

/** A connection that has ended, and how many looks in a row did not find it. */
interface Closed extends StreamEndpoints {
  missed: number;
}

/** The system's list is not read at one instant, so that it may lack a connection that is still there. */
const missedMax = 3;

export class KernelLook {
  readonly #readTable: () => readonly TableRow[];
  readonly #open = new Map<ConnectionId, StreamEndpoints>();
  /** Connections that have ended, the newest last. */
  readonly #closed = new Map<ConnectionId, Closed>();
  #isConnecting = false;

  /** `readTable`: reads the system's list of TCP sockets. */
  constructor(readTable: () => readonly TableRow[] = readTcpTable) {
    this.#readTable = readTable;
  }

  /** Learns of connections from the events of a TCP transport; ignores other events. */
  note(event: SocketEvent): void {
    if (event.type === "connecting") this.#isConnecting = true;
    else if (event.type === "failed" || event.type === "stopped") this.#isConnecting = false;
    else if (event.type === "connected") {
      this.#isConnecting = false;
      this.#open.set(event.connection, { local: event.local, peer: event.peer });
    } else if (event.type === "disconnected") this.#close(event.connection);
  }

  #close(connection: ConnectionId): void {
    const ends = this.#open.get(connection);
    if (ends === undefined) return;
    this.#open.delete(connection);
    setBounded(this.#closed, connection, { ...ends, missed: 0 }, closedConnectionsMax);
  }

  /**
   * Observes at most connectionsLookedAtMax open connections, then the others. Empty where the system has no such
   * interface.
   */
  look(transport: Transport | undefined): readonly TcpObservation[] {
    const libc = loadLibc();
    const seen: TcpObservation[] = [];
    for (const connection of this.#open.keys()) {
      if (libc === undefined || transport === undefined || seen.length >= connectionsLookedAtMax) break;
      const facts = readTcpInfo(libc, transport.getDescriptor(connection));
      if (facts !== undefined) seen.push({ connection, facts });
    }
    if (!this.#isConnecting && this.#closed.size === 0) return seen;
    const table = this.#readTable();
    return [...seen, ...this.#findConnecting(table), ...this.#findClosed(table)];
  }

  #findConnecting(table: readonly TableRow[]): readonly TcpObservation[] {
    const waiting = this.#isConnecting ? table.filter(({ facts }) => facts.state === "SYN-SENT") : [];
    if (waiting.length === 0) return [];
    const ownLinks = listOwnSockets();
    const row = waiting.find(({ inode }) => ownLinks.has(`socket:[${inode}]`));
    return row === undefined ? [] : [{ connection: undefined, facts: row.facts }];
  }

  /** A closed connection that has left the list is forgotten. */
  #findClosed(table: readonly TableRow[]): readonly TcpObservation[] {
    const seen: TcpObservation[] = [];
    for (const [connection, closed] of this.#closed) {
      const row = table.find((one) => isRowBetween(one, closed.local, closed.peer));
      closed.missed = row === undefined ? closed.missed + 1 : 0;
      if (row !== undefined) seen.push({ connection, facts: row.facts });
      else if (closed.missed === missedMax) this.#closed.delete(connection);
    }
    return seen;
  }
}

function listOwnSockets(): ReadonlySet<string> {
  const folder = "/proc/self/fd";
  const links = new Set<string>();
  for (const name of readdirSync(folder)) {
    try {
      links.add(readlinkSync(`${folder}/${name}`));
    } catch {
      continue; // Closed since it was listed.
    }
  }
  return links;
}
