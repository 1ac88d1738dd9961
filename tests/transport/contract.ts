/** The contract of every stream transport. A test file for each address family runs it. */

import { describe, expect, test } from "bun:test";
import { lendBytes } from "../../src/protocol/borrowed-bytes.ts";
import { outQueueMaxBytes, receivedLongChunkMaxBytes } from "../../src/protocol/limits.ts";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import type { Target } from "../../src/protocol/address/target.ts";
import { connectTcp } from "../../src/transport/tcp/tcp-connector.ts";
import { listenTcp } from "../../src/transport/tcp/tcp-listener.ts";
import { bytesOf, Witness } from "../support/events.ts";

export interface StreamFamily {
  readonly name: string;
  /** Where to listen: a new path each time, or port 0. */
  listenAt(): Target;
  /** Where to connect to reach a listener at `listening`. */
  connectTo(listening: Target, port: number): Target;
}

/** A listener and a connected client. */
export async function openPair(family: StreamFamily, peersMax = 16) {
  const target = family.listenAt();
  const server = new Witness((onEvent) => listenTcp({ target, peersMax }, onEvent));
  const { local } = await server.event("listening");
  const connectAt = family.connectTo(target, local.family === "unix" ? 0 : local.port);
  const client = new Witness((onEvent) => connectTcp({ target: connectAt, timeoutMs: 2000 }, onEvent));
  const here = (await client.event("connected")).connection;
  const there = (await server.event("connected")).connection;
  return {
    server,
    client,
    here,
    there,
    connectAt,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** A listener and several connected clients, in order. */
export async function openRoom(family: StreamFamily, count: number) {
  const target = family.listenAt();
  const server = new Witness((onEvent) => listenTcp({ target, peersMax: count }, onEvent));
  const { local } = await server.event("listening");
  const connectAt = family.connectTo(target, local.family === "unix" ? 0 : local.port);
  const clients: Witness[] = [];
  for (let index = 0; index < count; index += 1) {
    const client = new Witness((onEvent) => connectTcp({ target: connectAt, timeoutMs: 2000 }, onEvent));
    clients.push(client);
    await client.event("connected");
    await server.until("another peer", () => server.all("connected").length === index + 1);
  }
  return {
    server,
    clients,
    /** The server's ends. */
    there: server.all("connected").map(({ connection }) => connection),
    async [Symbol.asyncDispose]() {
      for (const client of clients) await client[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

function received(witness: Witness, connection: ConnectionId): number {
  let sum = 0;
  for (const event of witness.all("received")) if (event.connection === connection) sum += event.bytes.length;
  return sum;
}

export function testStreamContract(family: StreamFamily): void {
  describe(`${family.name}: the stream contract`, () => {
    test("bind, listen, accept and connect are reported in order, with both ends", async () => {
      await using pair = await openPair(family);
      const { server, client } = pair;
      const calls = server.all("called").map((event) => `${event.call} ${event.result}`);
      expect(calls).toEqual(["bind ok", "listen ok", "accept ok"]);
      expect(client.events.map((event) => event.type)).toEqual(["connecting", "called", "connected"]);
      const accepted = await server.event("connected");
      const connected = await client.event("connected");
      expect([accepted.isInbound, connected.isInbound]).toEqual([true, false]);
      const namesAgree = Bun.deepEquals(accepted.peer, connected.local);
      expect(namesAgree || accepted.peer.family === "unix").toBe(true);
      expect(connected.peer).toEqual(accepted.local);
    });

    test("bytes reach the other side, in one write a turn", async () => {
      await using pair = await openPair(family);
      const { server, client, here, there } = pair;
      for (const word of ["你", "好", "\n"])
        expect(client.transport.send(here, bytesOf(word))).toBe("queued");
      expect(client.transport.countQueuedBytes(here)).toBe(7);
      await server.until("你好", () => server.text(there) === "你好\n");
      expect(client.calls("send").map((event) => [event.bytes, event.ofBytes, event.result])).toEqual([
        [7, 7, "ok"],
      ]);
      expect(client.transport.countQueuedBytes(here)).toBe(0);
      server.transport.send(there, bytesOf("hello"));
      await client.until("hello", () => client.text(here) === "hello");
    });

    test("FIN from the peer is reported, and we can still send", async () => {
      await using pair = await openPair(family);
      const { server, client, here, there } = pair;
      client.transport.send(here, bytesOf("question"));
      client.transport.shutdown(here);
      await server.event("peer-shut-down");
      await client.event("shut-down");
      expect(server.text(there)).toBe("question");
      expect(client.transport.send(here, bytesOf("more"))).toBe("closed");
      server.transport.send(there, bytesOf("answer"));
      await client.until("answer", () => client.text(here) === "answer");
      server.transport.shutdown(there);
      for (const side of [server, client]) expect((await side.event("disconnected")).cause).toBe("fin");
      await client.event("peer-shut-down");
      expect(client.calls("close").length).toBe(1);
    });

    test("close with flush sends the queue, then FIN", async () => {
      await using pair = await openPair(family);
      const { server, client, here, there } = pair;
      const payload = new Uint8Array(outQueueMaxBytes).fill(7);
      server.transport.setReading(there, false);
      client.transport.send(here, payload);
      client.transport.close(here, "flush");
      expect(client.transport.send(here, bytesOf("late"))).toBe("closed");
      server.transport.setReading(there, true);
      await server.event("peer-shut-down");
      expect(received(server, there)).toBe(payload.length);
      server.transport.shutdown(there);
      expect(await client.event("disconnected")).toEqual({
        type: "disconnected",
        connection: here,
        cause: "ours",
      });
      expect((await server.event("disconnected")).cause).toBe("fin");
    });

    test("after close nothing more is received, even if the peer keeps sending", async () => {
      await using pair = await openPair(family);
      const { server, client, here, there } = pair;
      client.transport.close(here, "flush");
      await server.event("peer-shut-down");
      server.transport.send(there, bytesOf("too late"));
      server.transport.shutdown(there);
      await client.event("disconnected");
      expect(client.all("received")).toEqual([]);
      expect((await server.event("disconnected")).cause).toBe("fin");
    });

    test("a paused reader slows the sender by flow control, and loses nothing", async () => {
      await using pair = await openPair(family);
      const { server, client, here, there } = pair;
      server.transport.setReading(there, false);
      const payload = new Uint8Array(64 * 1024).fill(1);
      let taken = 0;
      while (client.transport.send(here, payload) !== "full") {
        taken += payload.length;
        await new Promise(setImmediate);
      }
      await client.event("backlogged");
      expect(client.transport.countQueuedBytes(here)).toBeLessThanOrEqual(outQueueMaxBytes);
      server.transport.setReading(there, true);
      await client.event("drained");
      await server.until("all", () => received(server, there) === taken);
      expect(client.transport.countQueuedBytes(here)).toBe(0);
    });

    test("a limited receive buffer pauses reading, whatever setReading asks for, and loses nothing", async () => {
      await using pair = await openPair(family);
      const { server, client, here, there } = pair;
      server.transport.limitReceiveBuffer(there, 4096);
      const set = await server.event("called", ({ call }) => call === "setsockopt");
      expect(set.result).toMatch(/^SO_RCVBUF \d+ B$/);
      server.transport.setReading(there, true);
      const payload = new Uint8Array(64 * 1024).fill(1);
      let taken = 0;
      while (client.transport.send(here, payload) !== "full") {
        taken += payload.length;
        await new Promise(setImmediate);
      }
      expect(received(server, there)).toBe(0);
      server.transport.limitReceiveBuffer(there, undefined);
      await server.until("all", () => received(server, there) === taken);
      const again = server.calls("setsockopt").at(-1)?.result;
      expect(again).not.toBe(set.result);
    });

    test("nothing is received while reading is paused, even within one recv; then everything in order", async () => {
      await using pair = await openPair(family);
      const { server, client, here, there } = pair;
      // Reading is paused after each chunk.
      let chunks = 0;
      server.onEvent = (event) => {
        if (event.type !== "received") return;
        expect(event.bytes.length).toBeLessThanOrEqual(receivedLongChunkMaxBytes);
        chunks += 1;
        server.transport.setReading(there, false);
      };
      const sent = Uint8Array.from({ length: 2 * receivedLongChunkMaxBytes + 1 }, (_, at) => at % 251);
      client.transport.send(here, sent);
      client.transport.shutdown(here);
      for (let goOn = 1; received(server, there) < sent.length; goOn += 1) {
        await server.until(`chunk ${goOn}`, () => chunks === goOn);
        await new Promise(setImmediate);
        expect([chunks, server.all("peer-shut-down").length]).toEqual([goOn, 0]);
        server.transport.setReading(there, true);
      }
      await server.event("peer-shut-down");
      const got = server.all("received").map(({ bytes }) => lendBytes(bytes));
      expect(Buffer.compare(Buffer.concat(got), sent)).toBe(0);
    });

    test("published bytes reach all but one, in order with what each is sent, and in one write a turn", async () => {
      await using room = await openRoom(family, 3);
      const { server, clients, there } = room;
      const { transport } = server;
      const { raw } = transport.fanouts;
      const publish = (text: string, except?: ConnectionId) => raw.publish(bytesOf(text), except);
      for (const connection of there) raw.join(connection);
      publish("1 ", there[0]);
      publish("2 ", there[1]);
      transport.send(there[2]!, bytesOf("for you "));
      publish("3 ");
      transport.send(there[0]!, bytesOf("and you "));
      publish("4 ", there[0]);
      publish("end");
      const expected = ["2 3 and you end", "1 3 4 end", "1 2 for you 3 4 end"];
      for (const [index, client] of clients.entries())
        await client.until(`"${expected[index]}"`, () => client.text() === expected[index]);
      const writes = server.calls("send").filter(({ connection }) => connection === there[1]);
      expect(writes.map(({ bytes }) => bytes)).toEqual([expected[1]!.length]);
    });

    test("a connection receives what is published between its join and its leave, in the same turn or not", async () => {
      await using room = await openRoom(family, 3);
      const { server, clients, there } = room;
      const { raw } = server.transport.fanouts;
      const [one, two, three] = there as [ConnectionId, ConnectionId, ConnectionId];
      const publish = (text: string) => raw.publish(bytesOf(text), undefined);
      for (const connection of [one, two, two]) raw.join(connection);
      publish("a");
      raw.leave(one);
      raw.leave(one);
      raw.join(three);
      publish("b");
      await new Promise(setImmediate);
      raw.leave(two);
      raw.join(one);
      expect(raw.connections).toEqual([three, one]);
      publish("c");
      for (const [index, text] of ["ac", "ab", "bc"].entries())
        await clients[index]!.until(text, () => clients[index]!.text() === text);
    });

    test("a connection that moves to another group receives the bytes of both in order", async () => {
      await using room = await openRoom(family, 2);
      const { server, clients, there } = room;
      const { raw, duets } = server.transport.fanouts;
      const [mover, other] = there as [ConnectionId, ConnectionId];
      for (const connection of there) raw.join(connection);
      raw.publish(bytesOf("1 "), undefined);
      raw.leave(mover);
      duets.join(mover);
      duets.publish(bytesOf("2 "), undefined);
      raw.publish(bytesOf("3 "), undefined);
      server.transport.send(mover, bytesOf("for you "));
      duets.publish(bytesOf("4"), other);
      for (const [index, text] of ["1 2 for you 4", "1 3 "].entries())
        await clients[index]!.until(text, () => clients[index]!.text() === text);
    });

    test("a connection that has ended is in no group", async () => {
      await using room = await openRoom(family, 2);
      const { server, clients, there } = room;
      const { raw } = server.transport.fanouts;
      for (const connection of there) raw.join(connection);
      server.transport.close(there[0]!, "reset");
      await server.event("disconnected");
      raw.join(there[0]!);
      expect(raw.connections).toEqual([there[1]!]);
      raw.publish(bytesOf("a"), undefined);
      raw.leave(there[0]!);
      await clients[1]!.until("a", () => clients[1]!.text() === "a");
    });

    test("published bytes and then FIN, or a close: all of them are received before", async () => {
      await using room = await openRoom(family, 2);
      const { server, clients, there } = room;
      const { raw } = server.transport.fanouts;
      for (const connection of there) raw.join(connection);
      raw.publish(bytesOf("last words"), undefined);
      server.transport.shutdown(there[0]!);
      server.transport.close(there[1]!, "flush");
      for (const client of clients) {
        await client.event("peer-shut-down");
        expect(client.text()).toBe("last words");
      }
    });

    test("what an overflow leads to is sent after the published bytes, to everybody", async () => {
      await using room = await openRoom(family, 2);
      const { server, clients, there } = room;
      const [stalled, lively] = there as [ConnectionId, ConnectionId];
      clients[0]!.transport.setReading(clients[0]!.all("connected")[0]!.connection, false);
      const block = new Uint8Array(64 * 1024).fill(120);
      const { raw } = server.transport.fanouts;
      for (const connection of there) raw.join(connection);
      let said = 0;
      let answered = false;
      server.onEvent = (event) => {
        if (event.type !== "overflowed" || answered) return;
        answered = true;
        expect(event.connection).toBe(stalled);
        server.transport.send(lively, bytesOf("answer"));
      };
      for (; !answered; said += 1) {
        raw.publish(block, undefined);
        await new Promise(setImmediate);
      }
      await clients[1]!.until("the answer", () => clients[1]!.text().endsWith("answer"));
      expect(clients[1]!.text().indexOf("a")).toBe(said * block.length);
    });

    test("stop ends with stopped, once, and the peer sees FIN", async () => {
      await using pair = await openPair(family);
      const { server, client, here } = pair;
      client.transport.send(here, bytesOf("bye"));
      client.transport.stop(1000);
      client.transport.stop(1000);
      await server.event("peer-shut-down");
      expect(server.text()).toBe("bye");
      await client.event("stopped");
      expect(client.events.at(-1)?.type).toBe("stopped");
      expect(client.all("stopped").length).toBe(1);
    });

    test("stop waits for a peer that takes what is left, and counts what another one leaves", async () => {
      for (const isReading of [true, false]) {
        await using pair = await openPair(family);
        const { server, client, here, there } = pair;
        server.transport.setReading(there, false);
        const payload = new Uint8Array(64 * 1024).fill(97);
        let sentBytes = 0;
        for (let result = ""; result !== "full"; sentBytes += result === "full" ? 0 : payload.length)
          result = client.transport.send(here, payload);
        client.transport.stop(isReading ? 10_000 : 50);
        if (isReading) server.transport.setReading(there, true);
        const { lostBytes } = await client.event("disconnected");
        if (isReading) await server.until("all bytes", () => server.receivedBytes === sentBytes);
        expect(lostBytes === undefined).toBe(isReading);
        expect(lostBytes ?? 1).toBeGreaterThan(0);
      }
    });

    test("stop takes effect even before anything was opened", async () => {
      const target = family.listenAt();
      const server = new Witness((onEvent) => listenTcp({ target, peersMax: 1 }, onEvent));
      server.transport.stop(0);
      await server.event("stopped");
      const client = new Witness((onEvent) => connectTcp({ target, timeoutMs: 1000 }, onEvent));
      client.transport.stop(0);
      await client.event("stopped");
      expect(server.events.concat(client.events).map((event) => event.type)).toEqual(["stopped", "stopped"]);
    });

    test("connecting where nobody listens is a refusal, and ends the transport", async () => {
      const pair = await openPair(family);
      await pair[Symbol.asyncDispose]();
      const { connectAt } = pair;
      const client = new Witness((onEvent) => connectTcp({ target: connectAt, timeoutMs: 1000 }, onEvent));
      await client.event("stopped");
      const [failed] = client.all("failed");
      expect(failed?.error.code).toBe(
        connectAt.kind === "unix" && !connectAt.path.startsWith("@") ? "ENOENT" : "ECONNREFUSED",
      );
      expect(failed?.error.call).toBe("connect");
      expect(client.calls("connect").length).toBe(1);
    });
  });
}
