/** The reported kernel state of a connection equals what ss(8) prints, from SYN-SENT to TIME-WAIT. */

import { afterAll, describe, expect, test } from "bun:test";
import { until as waitUntil } from "../support/wait.ts";
import { closedConnectionsMax } from "../../src/protocol/limits.ts";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import type { TcpFacts } from "../../src/protocol/sockets/tcp-facts.ts";
import { KernelLook } from "../../src/transport/kernel/kernel-look.ts";
import { parseTcpTable, readTcpTable } from "../../src/transport/kernel/tcp-table.ts";
import { bytesOf, type Witness } from "../support/events.ts";
import { openPair } from "./contract.ts";
import { fullListener } from "./full-listener.ts";
import { connectTo, loopback } from "./loopback.ts";

/** A KernelLook that receives all events of a transport, including those reported before. */
function observe(witness: Witness): { facts(connection?: ConnectionId): Promise<TcpFacts | undefined> } {
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
async function readSsLine(from: number, to: number): Promise<Listed | undefined> {
  const ss = Bun.spawn(["ss", "-tinHa", `sport = :${from} and dport = :${to}`], { stdout: "pipe" });
  const [first = "", info = ""] = (await ss.stdout.text()).split("\n");
  const [state = "", unread, unacked] = first.split(/\s+/);
  if (state === "") return undefined;
  return { state: stateNames[state] ?? state, unread: Number(unread), unacked: Number(unacked), info };
}

async function findPorts({ client }: { client: Witness }): Promise<readonly [number, number]> {
  const { local, peer } = await client.event("connected");
  if (local.family === "unix" || peer.family === "unix") throw new Error("TCP has ports");
  return [local.port, peer.port];
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await waitUntil(isSo, what);
}

describe("compared with ss", () => {
  test("an open connection has its state, round trip and window", async () => {
    await using pair = await openPair(loopback);
    const [from, to] = await findPorts(pair);
    pair.client.transport.send(pair.here, bytesOf("hello"));
    await pair.server.until("hello", () => pair.server.text() === "hello");
    const look = observe(pair.client);
    await until("acknowledged", async () => (await look.facts(pair.here))?.unackedBytes === 0);
    const facts = await look.facts(pair.here);
    const ss = await readSsLine(from, to);
    expect(facts).toMatchObject({ state: "ESTABLISHED", source: "socket", unsentBytes: 0, retransmits: 0 });
    expect(ss?.state).toBe("ESTABLISHED");
    const [, rtt = "", deviation = ""] = /rtt:([\d.]+)\/([\d.]+)/.exec(ss?.info ?? "") ?? [];
    expect(facts?.roundTripMs).toBeCloseTo(Number(rtt), 2);
    expect(facts?.roundTripVarMs).toBeCloseTo(Number(deviation), 2);
    const window = /snd_wnd:(\d+)/.exec(ss?.info ?? "")?.[1];
    if (window !== undefined) expect(facts?.sendWindowBytes).toBe(Number(window));
  });

  test("queued bytes are unread at the receiver, unacknowledged and unsent at the sender", async () => {
    await using pair = await openPair(loopback);
    const { server, client, here, there } = pair;
    const [from, to] = await findPorts(pair);
    server.transport.setReading(there, false);
    while (client.transport.send(here, new Uint8Array(64 * 1024)) !== "full") await new Promise(setImmediate);
    const atServer = observe(server);
    const atClient = observe(client);
    const agree = async (): Promise<boolean> => {
      const sent = await atClient.facts(here);
      const received = await atServer.facts(there);
      const [clients, servers] = [await readSsLine(from, to), await readSsLine(to, from)];
      return sent?.unackedBytes === clients?.unacked && received?.unreadBytes === servers?.unread;
    };
    await until("of one mind with ss", agree);
    const sent = await atClient.facts(here);
    expect(sent?.unackedBytes).toBeGreaterThan(0);
    expect(sent?.unsentBytes).toBeLessThanOrEqual(sent?.unackedBytes ?? 0);
    expect((await atServer.facts(there))?.unreadBytes).toBeGreaterThan(0);
    server.transport.close(there, "reset");
  });

  test("a half-close is followed by its states, up to TIME-WAIT without a descriptor", async () => {
    await using pair = await openPair(loopback);
    const { server, client, here, there } = pair;
    const [from, to] = await findPorts(pair);
    const atServer = observe(server);
    const atClient = observe(client);
    client.transport.shutdown(here);
    await server.event("peer-shut-down");
    await until("FIN-WAIT-2", async () => (await atClient.facts(here))?.state === "FIN-WAIT-2");
    expect((await atServer.facts(there))?.state).toBe("CLOSE-WAIT");
    expect([(await readSsLine(from, to))?.state, (await readSsLine(to, from))?.state]).toEqual([
      "FIN-WAIT-2",
      "CLOSE-WAIT",
    ]);
    server.transport.shutdown(there);
    await client.event("disconnected");
    await until("TIME-WAIT", async () => (await atClient.facts(here))?.state === "TIME-WAIT");
    expect((await atClient.facts(here))?.source).toBe("table");
    expect((await readSsLine(from, to))?.state).toBe("TIME-WAIT");
    expect(await atServer.facts(there)).toBeUndefined();
  });

  test("a connection that is not established yet is in SYN-SENT", async () => {
    using full = await fullListener();
    await using client = connectTo({ kind: "ip", host: "127.0.0.1", port: full.port });
    const look = observe(client);
    await client.event("connecting");
    await until("SYN-SENT", async () => (await look.facts(undefined))?.state === "SYN-SENT");
    expect(full.pendingConnects()).toBe(1);
  });
});

test("only the newest closed connections are looked up, up to the bound", async () => {
  const look = new KernelLook();
  // They stay in TIME-WAIT for a minute, so that all of them can be found.
  await using witness = await closePairs(closedConnectionsMax + 1, look);
  let found = 0;
  // The list may lack one of them for a moment.
  await waitUntil(() => {
    const seen = look.look(witness.transport);
    found = Math.max(found, seen.filter(({ facts }) => facts.state === "TIME-WAIT").length);
    return found >= closedConnectionsMax;
  }, "all of them in TIME-WAIT");
  expect(found).toBe(closedConnectionsMax);
});

test("a closed connection that the list lacks twice is still looked up, and after three times no longer", async () => {
  let isListed = true;
  const look = new KernelLook(() => (isListed ? readTcpTable() : []));
  await using witness = await closePairs(1, look);
  const isSeen = () => look.look(witness.transport).length === 1;
  await waitUntil(isSeen, "TIME-WAIT");
  isListed = false;
  expect([isSeen(), isSeen()]).toEqual([false, false]);
  isListed = true;
  await waitUntil(isSeen, "TIME-WAIT again");
  isListed = false;
  expect([isSeen(), isSeen(), isSeen()]).toEqual([false, false, false]);
  isListed = true;
  expect(isSeen()).toBe(false);
});

const servers: { stop(force: boolean): void }[] = [];
afterAll(() => servers.forEach((server) => server.stop(true)));

/** Opens `count` connections and closes each from our side first. */
async function closePairs(count: number, look: KernelLook): Promise<Witness> {
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

test("the system's list is parsed as in proc(5), and malformed lines are ignored", () => {
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
