/**
 * Looks at what the kernel knows of our TCP connections: those that are open by their descriptors, one that is being made
 * and those that we have closed in the system's list, until they are gone from it. It looks when it is asked to, and keeps
 * only who was there.
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

export class KernelLook {
  readonly #open = new Map<ConnectionId, StreamEndpoints>();
  /** Closed by us or by them, the newest last. */
  readonly #closed = new Map<ConnectionId, StreamEndpoints>();
  #isConnecting = false;

  /** Learns who is there from a TCP transport's events, the rest of which it passes over. */
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
    this.#closed.set(connection, ends);
    const [oldest] = this.#closed.keys();
    if (this.#closed.size > closedConnectionsMax && oldest !== undefined) this.#closed.delete(oldest);
  }

  /** At most connectionsLookedAtMax open ones, then the others. Where the system does not tell: nothing. */
  look(transport: Transport | undefined): readonly TcpObservation[] {
    const libc = loadLibc();
    const seen: TcpObservation[] = [];
    for (const connection of this.#open.keys()) {
      if (libc === undefined || transport === undefined || seen.length >= connectionsLookedAtMax) break;
      const facts = readTcpInfo(libc, transport.getDescriptor(connection));
      if (facts !== undefined) seen.push({ connection, facts });
    }
    if (!this.#isConnecting && this.#closed.size === 0) return seen;
    const table = readTcpTable();
    return [...seen, ...this.#connecting(table), ...this.#leaving(table)];
  }

  #connecting(table: readonly TableRow[]): readonly TcpObservation[] {
    const waiting = this.#isConnecting ? table.filter(({ facts }) => facts.state === "SYN-SENT") : [];
    if (waiting.length === 0) return [];
    const ours = ownSockets();
    const row = waiting.find(({ inode }) => ours.has(`socket:[${inode}]`));
    return row === undefined ? [] : [{ connection: undefined, facts: row.facts }];
  }

  /** One that is in the list no more is gone for good. */
  #leaving(table: readonly TableRow[]): readonly TcpObservation[] {
    const seen: TcpObservation[] = [];
    for (const [connection, { local, peer }] of this.#closed) {
      const row = table.find((one) => isRowBetween(one, local, peer));
      if (row === undefined) this.#closed.delete(connection);
      else seen.push({ connection, facts: row.facts });
    }
    return seen;
  }
}

function ownSockets(): ReadonlySet<string> {
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
