/** Sealed datagrams over real sockets: what is opened, what is dropped, and a peer that moves. */

import { expect, test } from "bun:test";
import { copyBytes } from "../../src/protocol/borrowed-bytes.ts";
import { DatagramSession } from "../../src/protocol/sealed/datagram-session.ts";
import type { NewSession } from "../../src/protocol/sealed/session-keys.ts";
import { bytesOf } from "../support/events.ts";
import { openBound, openUdp } from "./datagram-contract.ts";

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const rest = new Uint8Array(0);
const ofHost = (): NewSession => ({
  ...{ sendKey: key(1), receiveKey: key(2), rest },
  indices: { ours: 7, theirs: 9 },
});
const ofClient = (): NewSession => ({
  ...{ sendKey: key(2), receiveKey: key(1), rest },
  indices: { ours: 9, theirs: 7 },
});
const loopback = (port: number) => ({ family: "IPv4", address: "127.0.0.1", port }) as const;

/** A host and a client that have exchanged a datagram, and then both seal. */
async function openSealed() {
  const { socket: host, port } = await openBound("127.0.0.1");
  const client = openUdp({ peer: { kind: "ip", host: "127.0.0.1", port } });
  const here = (await client.event("connected")).connection;
  client.transport.send(here, bytesOf('duet/1 {"type":"hello"}'));
  const there = (await host.event("connected")).connection;
  await host.event("received");
  host.transport.seal(there, ofHost());
  client.transport.seal(here, ofClient());
  return {
    ...{ host, port, client, here, there },
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
    },
  };
}

type Witnessed = Awaited<ReturnType<typeof openSealed>>["host"];
const opened = (witness: Witnessed): readonly string[] =>
  witness
    .all("received")
    .flatMap(({ bytes, isOpened }) => (isOpened === true ? [Buffer.from(copyBytes(bytes)).toString()] : []));

test("each datagram arrives opened, and its calls have both what crossed and what was sealed", async () => {
  await using pair = await openSealed();
  const { host, client, here, there } = pair;
  for (let count = 0; count < 100; count += 1) client.transport.send(here, bytesOf(`line ${count}`));
  host.transport.send(there, bytesOf(""));
  await host.until("100", () => opened(host).length === 100);
  await client.until("the empty one", () => opened(client).length === 1);
  expect(opened(host)).toEqual(Array.from({ length: 100 }, (_, count) => `line ${count}`));
  const sent = client.calls("sendto").filter(({ sealed }) => sealed !== undefined);
  const received = host.calls("recvfrom").filter(({ sealed }) => sealed !== undefined);
  for (const calls of [sent, received]) {
    expect(calls).toHaveLength(100);
    for (const { bytes = 0, sealed } of calls) expect(sealed!.bytes).toBe(bytes + 29);
  }
});

test("what is not of the session is dropped and reported, but for hellos and handshakes, and a repeated one is", async () => {
  await using pair = await openSealed();
  const { host, client, here } = pair;
  const known = host.all("received").length;
  client.transport.send(here, bytesOf("in the clear"), true);
  client.transport.send(here, Buffer.alloc(80, 0x90), true);
  const sealed = new DatagramSession(ofClient(), ofClient().indices).seal(bytesOf("once"));
  client.transport.send(here, sealed, true);
  client.transport.send(here, sealed, true);
  client.transport.send(here, bytesOf('duet/1 {"type":"hello","again":1}'), true);
  client.transport.send(here, Buffer.alloc(53, 0x92), true);
  await host.until("all", () => host.all("received").length === known + 3);
  expect(opened(host)).toEqual(["once"]);
  expect(host.all("unopened")).toHaveLength(3);
});

test("the newest datagram of a session moves its peer, and an answer goes there; an older one does not", async () => {
  await using pair = await openSealed();
  const { host, client, here, there, port } = pair;
  const session = new DatagramSession(ofClient(), ofClient().indices);
  const [old, newer] = [session.seal(bytesOf("older")), session.seal(bytesOf("newer"))] as const;
  await using elsewhere = openUdp({ peer: { kind: "ip", host: "127.0.0.1", port } });
  const third = (await elsewhere.event("connected")).connection;
  elsewhere.transport.send(third, newer);
  const moved = await host.event("moved");
  client.transport.send(here, old, true);
  await host.until("both", () => opened(host).length === 2);
  host.transport.send(there, bytesOf("where are you?"));
  await elsewhere.event("received");
  expect(moved).toMatchObject({
    connection: there,
    peer: loopback(elsewhere.transport.local!.family === "unix" ? 0 : elsewhere.transport.local!.port),
  });
  expect(host.all("moved")).toHaveLength(1);
  expect(host.all("connected")).toHaveLength(1);
  expect(opened(client)).toEqual([]);
});

test("a member that forges the address of another one moves nobody, and is opened all the same", async () => {
  await using pair = await openSealed();
  const { host, client, here, there, port } = pair;
  await using mallory = openUdp({ peer: { kind: "ip", host: "127.0.0.1", port } });
  const third = (await mallory.event("connected")).connection;
  mallory.transport.send(third, bytesOf('duet/1 {"type":"hello"}'));
  await host.until("both", () => host.all("connected").length === 2);
  const other = host.all("connected")[1]!.connection;
  host.transport.seal(other, {
    sendKey: key(3),
    receiveKey: key(4),
    rest,
    indices: { ours: 70, theirs: 90 },
  });
  const session = new DatagramSession({ sendKey: key(4), receiveKey: key(3) }, { ours: 90, theirs: 70 });
  // From the client's own socket, as a forged source address would be.
  client.transport.send(here, session.seal(bytesOf("as the other")), true);
  await host.until("the words", () => opened(host).includes("as the other"));
  host.transport.send(there, bytesOf("still for you"));
  await client.until("its own", () => opened(client).length === 1);
  expect(host.all("moved")).toEqual([]);
  expect(host.all("disconnected")).toEqual([]);
});

test("a client follows nobody: a datagram of its session from another endpoint than its host's is not opened", async () => {
  await using pair = await openSealed();
  const { host, client, there } = pair;
  const session = new DatagramSession(ofHost(), ofHost().indices);
  const clientPort = client.transport.local!.family === "unix" ? 0 : client.transport.local!.port;
  await using elsewhere = openUdp({ peer: { kind: "ip", host: "127.0.0.1", port: clientPort } });
  const third = (await elsewhere.event("connected")).connection;
  elsewhere.transport.send(third, session.seal(bytesOf("from elsewhere")));
  await client.event("unopened");
  host.transport.send(there, bytesOf("from the host"));
  await client.until("the host's", () => opened(client).length === 1);
  expect(client.all("moved")).toEqual([]);
});

test("a record of a session that is not known makes nobody a peer", async () => {
  const { socket: host, port } = await openBound("127.0.0.1");
  await using _host = host;
  await using client = openUdp({ peer: { kind: "ip", host: "127.0.0.1", port } });
  const { connection } = await client.event("connected");
  client.transport.send(
    connection,
    new DatagramSession(ofClient(), ofClient().indices).seal(bytesOf("hello?")),
  );
  await host.event("unopened");
  client.transport.send(connection, bytesOf("text"));
  await host.event("received");
  expect(host.all("connected")).toHaveLength(1);
});

test("keys are renewed while both ends send", async () => {
  await using pair = await openSealed();
  const { host, client, here, there } = pair;
  for (let phase = 0; phase < 4; phase += 1) {
    client.transport.renew(here, { sendKey: key(10 + phase), receiveKey: key(20 + phase) }, false);
    client.transport.send(here, bytesOf(`old ${phase}`));
    host.transport.renew(there, { sendKey: key(20 + phase), receiveKey: key(10 + phase) }, true);
    host.transport.send(there, bytesOf(`new ${phase}`));
    await client.until("the new keys", () => opened(client).includes(`new ${phase}`));
    client.transport.send(here, bytesOf(`then ${phase}`));
    await host.until("the new keys", () => opened(host).includes(`then ${phase}`));
  }
  expect(opened(host)).toHaveLength(8);
  expect([...host.all("unopened"), ...client.all("unopened")]).toEqual([]);
});
