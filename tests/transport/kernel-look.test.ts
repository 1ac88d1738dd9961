/** What the kernel is said to know of a connection is what ss(8) says of it, from the SYN to TIME-WAIT. */

import { afterAll, describe, expect, test } from "bun:test";
import { until as waitUntil } from "../support/wait.ts";
import { closedConnectionsMax } from "../../src/protocol/limits.ts";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import type { TcpFacts } from "../../src/protocol/sockets/tcp-facts.ts";
import { KernelLook } from "../../src/transport/kernel/kernel-look.ts";
import { parseTcpTable } from "../../src/transport/kernel/tcp-table.ts";
import { bytesOf, type Witness } from "../support/events.ts";
import { openPair } from "./contract.ts";
import { fullListener } from "./full-listener.ts";
import { connectTo, loopback } from "./loopback.ts";

/** A look that has heard all that a transport reported, and hears the rest. */
function lookAt(witness: Witness): { facts(connection?: ConnectionId): Promise<TcpFacts | undefined> } {
  const look = new KernelLook();
  for (const event of witness.events) look.note(event);
  witness.onEvent = (event) => look.note(event);
  return {
    facts: async (connection) =>
      look.look(witness.transport).find((one) => one.connection === connection)?.facts,
  };
}

interface Listed {
  readonly state: string;
  readonly unread: number;
  readonly unacked: number;
  readonly info: string;
}

const stateNames: Readonly<Record<string, string>> = { ESTAB: "ESTABLISHED" };

/** The connection as ss lists it. */
async function listed(from: number, to: number): Promise<Listed | undefined> {
  const ss = Bun.spawn(["ss", "-tinHa", `sport = :${from} and dport = :${to}`], { stdout: "pipe" });
  const [first = "", info = ""] = (await ss.stdout.text()).split("\n");
  const [state = "", unread, unacked] = first.split(/\s+/);
  if (state === "") return undefined;
  return { state: stateNames[state] ?? state, unread: Number(unread), unacked: Number(unacked), info };
}

async function portsOf({ client }: { client: Witness }): Promise<readonly [number, number]> {
  const { local, peer } = await client.event("connected");
  if (local.family === "unix" || peer.family === "unix") throw new Error("TCP has ports");
  return [local.port, peer.port];
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await waitUntil(isSo, what);
}

describe("as ss lists it", () => {
  test("an open connection: its state, round trip and window", async () => {
    await using pair = await openPair(loopback);
    const [from, to] = await portsOf(pair);
    pair.client.transport.send(pair.here, bytesOf("hello"));
    await pair.server.until("hello", () => pair.server.text() === "hello");
    const look = lookAt(pair.client);
    await until("acknowledged", async () => (await look.facts(pair.here))?.unackedBytes === 0);
    const facts = await look.facts(pair.here);
    const ss = await listed(from, to);
    expect(facts).toMatchObject({ state: "ESTABLISHED", source: "socket", unsentBytes: 0, retransmits: 0 });
    expect(ss?.state).toBe("ESTABLISHED");
    const [, rtt = "", deviation = ""] = /rtt:([\d.]+)\/([\d.]+)/.exec(ss?.info ?? "") ?? [];
    expect(facts?.roundTripMs).toBeCloseTo(Number(rtt), 2);
    expect(facts?.roundTripVarMs).toBeCloseTo(Number(deviation), 2);
    const window = /snd_wnd:(\d+)/.exec(ss?.info ?? "")?.[1];
    if (window !== undefined) expect(facts?.sendWindowBytes).toBe(Number(window));
  });

  test("what waits: unread here, unacknowledged and unsent there", async () => {
    await using pair = await openPair(loopback);
    const { server, client, here, there } = pair;
    const [from, to] = await portsOf(pair);
    server.transport.setReading(there, false);
    while (client.transport.send(here, new Uint8Array(64 * 1024)) !== "full") await new Promise(setImmediate);
    const atServer = lookAt(server);
    const atClient = lookAt(client);
    const agree = async (): Promise<boolean> => {
      const sent = await atClient.facts(here);
      const came = await atServer.facts(there);
      const [clients, servers] = [await listed(from, to), await listed(to, from)];
      return sent?.unackedBytes === clients?.unacked && came?.unreadBytes === servers?.unread;
    };
    await until("of one mind with ss", agree);
    const sent = await atClient.facts(here);
    expect(sent?.unackedBytes).toBeGreaterThan(0);
    expect(sent?.unsentBytes).toBeLessThanOrEqual(sent?.unackedBytes ?? 0);
    expect((await atServer.facts(there))?.unreadBytes).toBeGreaterThan(0);
    server.transport.close(there, "reset");
  });

  test("a half-close and the rest of the way, to TIME-WAIT without a descriptor", async () => {
    await using pair = await openPair(loopback);
    const { server, client, here, there } = pair;
    const [from, to] = await portsOf(pair);
    const atServer = lookAt(server);
    const atClient = lookAt(client);
    client.transport.shutdown(here);
    await server.event("peer-shut-down");
    await until("FIN-WAIT-2", async () => (await atClient.facts(here))?.state === "FIN-WAIT-2");
    expect((await atServer.facts(there))?.state).toBe("CLOSE-WAIT");
    expect([(await listed(from, to))?.state, (await listed(to, from))?.state]).toEqual([
      "FIN-WAIT-2",
      "CLOSE-WAIT",
    ]);
    server.transport.shutdown(there);
    await client.event("disconnected");
    await until("TIME-WAIT", async () => (await atClient.facts(here))?.state === "TIME-WAIT");
    expect((await atClient.facts(here))?.source).toBe("table");
    expect((await listed(from, to))?.state).toBe("TIME-WAIT");
    expect(await atServer.facts(there)).toBeUndefined();
  });

  test("a connection that is being made is in SYN-SENT", async () => {
    using full = await fullListener();
    await using client = connectTo({ kind: "ip", host: "127.0.0.1", port: full.port });
    const look = lookAt(client);
    await client.event("connecting");
    await until("SYN-SENT", async () => (await look.facts(undefined))?.state === "SYN-SENT");
    expect(full.pendingConnects()).toBe(1);
  });
});

test("of closed connections the newest are looked for, as many as the bound", async () => {
  const look = new KernelLook();
  // In TIME-WAIT for a minute, so that all of them are to be found.
  await using witness = await closedPairs(closedConnectionsMax + 1, look);
  const seen = look.look(witness.transport);
  expect(seen.filter(({ facts }) => facts.state === "TIME-WAIT").length).toBe(closedConnectionsMax);
});

const servers: { stop(force: boolean): void }[] = [];
afterAll(() => servers.forEach((server) => server.stop(true)));

/** So many connections that we closed first. */
async function closedPairs(count: number, look: KernelLook): Promise<Witness> {
  const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {}, error() {} } });
  servers.push(server);
  let last: Witness | undefined;
  for (let index = 0; index < count; index += 1) {
    await last?.[Symbol.asyncDispose]();
    last = connectTo({ kind: "ip", host: "127.0.0.1", port: server.port });
    last.onEvent = (event) => look.note(event);
    const { connection } = await last.event("connected");
    last.transport.close(connection, "flush");
    await last.event("disconnected");
  }
  if (last === undefined) throw new Error("none was asked for");
  return last;
}

test("the system's list is read as proc(5) tells, and what is no line of it is passed over", () => {
  const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 0100007F:C822 01 0000000A:0000000B 01:00000019 00000002     0        0 4711 2 0 20 4 30 10 -1
   1: nonsense
`;
  const rows = parseTcpTable(text);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    local: "0100007F:1F90",
    remote: "0100007F:C822",
    inode: "4711",
    facts: { state: "ESTABLISHED", source: "table", unackedBytes: 10, unreadBytes: 11, retransmits: 2 },
  });
});
