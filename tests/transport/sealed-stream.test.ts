/** Sealed streams: the writer against a kernel with little room, and two real ends. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { type BorrowedBytes, copyBytes } from "../../src/protocol/borrowed-bytes.ts";
import { recordPlainMaxBytes } from "../../src/protocol/limits.ts";
import { type NewSession, SealingKey, type SessionKeys } from "../../src/protocol/sealed/session-keys.ts";
import { StreamSession } from "../../src/protocol/sealed/stream-session.ts";
import type { Called, ConnectionId, SocketEvent } from "../../src/protocol/sockets/socket-event.ts";
import { shareBytes } from "../../src/transport/fanout/shared-block.ts";
import { StreamWriter } from "../../src/transport/tcp/stream-writer.ts";
import { openPair, openRoom } from "./contract.ts";
import { loopback } from "./loopback.ts";

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const ours = () => ({ sendKey: key(1), receiveKey: key(2) });
const theirs = () => ({ sendKey: key(2), receiveKey: key(1) });

const start = (keys: SessionKeys, rest: Uint8Array = new Uint8Array(0)): NewSession => ({
  ...keys,
  ...{ indices: { ours: 1, theirs: 2 }, rest },
});

/** A writer whose kernel takes as much as it has room for. */
function openWriter() {
  const taken: Uint8Array[] = [];
  const events: SocketEvent[] = [];
  const kernel = { room: 0 };
  const writer = new StreamWriter({
    id: 1 as ConnectionId,
    emit: (event) => {
      // The payload of a call is borrowed.
      if (event.type === "called" && event.payload !== undefined)
        events.push({ ...event, payload: copyBytes(event.payload) });
      else events.push(event);
    },
    write: (block: BorrowedBytes) => {
      const bytes = Math.min(kernel.room, block.length);
      kernel.room -= bytes;
      taken.push(copyBytes(block.subarray(0, bytes)));
      return bytes;
    },
    onReset: () => {},
    onWritten: () => {},
  });
  return { writer, kernel, events, wire: () => Buffer.concat(taken) };
}

const step = fc.oneof(
  fc.record({ is: fc.constant("send" as const), bytes: fc.integer({ min: 1, max: 90_000 }) }),
  fc.record({ is: fc.constant("block" as const), bytes: fc.integer({ min: 1, max: 70_000 }) }),
  fc.record({ is: fc.constant("lent" as const), bytes: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({ is: fc.constant("room" as const), bytes: fc.integer({ min: 1, max: 100_000 }) }),
);

test("what is sent, published or lent is sealed in order, however little the kernel takes, and the end mark is last", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), fc.nat(3000), (steps, unsealed) => {
      const { writer, kernel, events, wire } = openWriter();
      const expected: Uint8Array[] = [];
      writer.send(Buffer.alloc(unsealed, "u"));
      writer.seal(new StreamSession(ours()));
      for (const [index, { is, bytes }] of steps.entries()) {
        const payload = Buffer.alloc(bytes, String.fromCharCode(97 + (index % 26)));
        if (is === "room") {
          kernel.room += bytes;
          writer.drain();
        } else if (is === "block") {
          const before = events.length;
          expect(writer.sendBlock(shareBytes(payload))).toBe(false);
          const isDropped = events.slice(before).some(({ type }) => type === "overflowed");
          if (!isDropped) expected.push(Buffer.from(payload));
          // The block is lent for the call alone.
          payload.fill("!");
        } else if (is === "lent") {
          if (writer.sendLent(payload) === "queued") expected.push(Buffer.from(payload));
          payload.fill("!");
        } else if (writer.send(payload) === "queued") expected.push(payload);
      }
      writer.finish();
      kernel.room = Number.POSITIVE_INFINITY;
      writer.drain();
      expect(writer.isFlushed).toBe(true);
      const bytes = wire();
      expect(bytes.subarray(0, unsealed).toString()).toBe("u".repeat(unsealed));
      const session = new StreamSession(theirs());
      const opened = session.open(bytes.subarray(unsealed));
      expect(opened.fault).toBeUndefined();
      expect(Buffer.compare(opened.plain, Buffer.concat(expected))).toBe(0);
      expect(session.isEnded).toBe(true);
      checkCalls(events, bytes.length, unsealed + opened.plain.length);
      writer.end();
    }),
    { numRuns: 120 },
  );
});

/** The calls account for each byte on the wire, and for each byte of plain text once. */
function checkCalls(events: readonly SocketEvent[], wireBytes: number, plainBytes: number): void {
  const calls = events.filter((event): event is Called => event.type === "called");
  const sum = (count: (call: Called) => number) => calls.reduce((all, call) => all + count(call), 0);
  expect(sum(({ bytes, sealed }) => sealed?.bytes ?? bytes ?? 0)).toBe(wireBytes);
  expect(sum(({ bytes }) => bytes ?? 0)).toBe(plainBytes);
}

test("much in one turn leaves in records as long as they can be", () => {
  const { writer, kernel, events } = openWriter();
  kernel.room = Number.POSITIVE_INFINITY;
  writer.seal(new StreamSession(ours()));
  for (let count = 0; count < 100; count += 1) writer.send(Buffer.alloc(1000, "x"));
  writer.flush();
  const records = events.filter((event) => event.type === "called");
  expect(records.map(({ bytes }) => bytes)).toEqual([recordPlainMaxBytes, 100_000 - recordPlainMaxBytes]);
  writer.end();
});

/** Two real ends of one connection, both sealed. */
async function openSealedPair() {
  const pair = await openPair(loopback);
  pair.client.transport.seal(pair.here, start(ours()));
  pair.server.transport.seal(pair.there, start(theirs()));
  return pair;
}

test("4 MiB each way between real sockets arrive as they were sent, and each FIN with its end mark", async () => {
  await using pair = await openSealedPair();
  const { client, server, here, there } = pair;
  const payload = Buffer.from(Array.from({ length: 64 * 1024 }, (_, index) => (index * 7) % 251));
  for (const [from, connection] of [
    [client, here],
    [server, there],
  ] as const) {
    let left = 64;
    const pump = (): void => {
      while (left > 0 && from.transport.send(connection, payload) === "queued") left -= 1;
      if (left === 0) from.transport.shutdown(connection);
    };
    from.onEvent = (event) => {
      if (event.type === "drained") queueMicrotask(pump);
    };
    pump();
  }
  for (const to of [client, server]) {
    await to.event("peer-shut-down");
    const received = Buffer.concat(to.all("received").map(({ bytes }) => copyBytes(bytes)));
    expect(received.length).toBe(64 * payload.length);
    for (let at = 0; at < received.length; at += payload.length)
      expect(Buffer.compare(received.subarray(at, at + payload.length), payload)).toBe(0);
    expect(to.all("received").every(({ isOpened }) => isOpened === true)).toBe(true);
    expect(to.all("seal-broken")).toEqual([]);
  }
});

test("bytes that no session sealed are reported as such, once, and never as received", async () => {
  await using pair = await openPair(loopback);
  const { client, server, here, there } = pair;
  server.transport.seal(there, start(theirs()));
  client.transport.send(here, Buffer.from("GET / HTTP/1.1\r\n\r\n".repeat(4000)));
  const broken = await server.event("seal-broken");
  expect(broken.why).not.toBe("cut");
  client.transport.send(here, Buffer.from("more"));
  expect(server.all("received")).toEqual([]);
  server.transport.close(there, "reset");
});

test("a FIN without an end mark is reported as a cut", async () => {
  await using pair = await openPair(loopback);
  const { client, server, here, there } = pair;
  server.transport.seal(there, start(theirs()));
  const session = new StreamSession(ours());
  client.transport.send(here, session.seal(Buffer.from("last words")));
  client.transport.shutdown(here);
  const broken = await server.event("seal-broken");
  expect(broken.why).toBe("cut");
  expect(server.all("received").map(({ bytes }) => Buffer.from(copyBytes(bytes)).toString())).toEqual([
    "last words",
  ]);
  expect(server.all("peer-shut-down")).toEqual([]);
});

test("what followed the handshake in the same bytes is opened first", async () => {
  await using pair = await openPair(loopback);
  const { client, server, here, there } = pair;
  const session = new StreamSession(ours());
  const [first, second] = [session.seal(Buffer.from("first ")), session.seal(Buffer.from("second"))] as const;
  server.transport.seal(there, start(theirs(), first.subarray(0, 9)));
  client.transport.send(here, Buffer.concat([first.subarray(9), second]));
  await server.until("both", () => server.receivedBytes === 12);
  expect(Buffer.concat(server.all("received").map(({ bytes }) => copyBytes(bytes))).toString()).toBe(
    "first second",
  );
});

test("however bytes before a session were read and cut, the session opens all that follow them, once", async () => {
  for (const isPaused of [false, true])
    for (const [before, lines] of [
      [100, 0],
      [70_000, 0],
      [70_000, 3000],
      [300, 250],
    ] as const) {
      await using pair = await openPair(loopback);
      const { client, server, here, there } = pair;
      const session = new StreamSession(ours());
      const text = Buffer.from(`${"line\n".repeat(2000)}the end`);
      const plain = Buffer.alloc(before, "p").fill("\n", before - lines);
      let seen = 0;
      server.onEvent = (event) => {
        if (event.type !== "received" || event.isOpened === true || seen === before) return;
        const bytes = copyBytes(event.bytes);
        const part = Math.min(before - seen, bytes.length);
        seen += part;
        if (seen === before) server.transport.seal(there, start(theirs(), bytes.subarray(part)));
      };
      server.transport.setReading(there, !isPaused);
      const sealed = session.seal(text);
      client.transport.send(here, plain);
      client.transport.send(here, sealed);
      const sent = (): number =>
        client.all("called").reduce((sum, { call, bytes = 0 }) => sum + (call === "send" ? bytes : 0), 0);
      if (isPaused) await client.until("the kernel has all", () => sent() === plain.length + sealed.length);
      server.transport.setReading(there, true);
      const opened = () =>
        Buffer.concat(
          server
            .all("received")
            .flatMap(({ bytes, isOpened }) => (isOpened === true ? [copyBytes(bytes)] : [])),
        );
      await server.until("what was sealed", () => opened().length >= text.length);
      expect(Buffer.compare(opened(), text)).toBe(0);
      client.transport.send(here, session.seal(Buffer.from("more")));
      client.transport.send(here, session.sealEnd());
      client.transport.shutdown(here);
      await server.event("peer-shut-down");
      expect(opened().length).toBe(text.length + 4);
      expect(server.all("seal-broken")).toEqual([]);
    }
});

test("what is published reaches sealed and plain connections of one group alike", async () => {
  await using room = await openRoom(loopback, 3);
  const { server, clients, there } = room;
  const ends = clients.map((client) => client.all("connected")[0]!.connection);
  for (const index of [0, 1]) {
    server.transport.seal(there[index]!, start(theirs()));
    clients[index]!.transport.seal(ends[index]!, start(ours()));
  }
  for (const connection of there) server.transport.fanouts.duets.join(connection);
  for (let count = 0; count < 50; count += 1)
    server.transport.fanouts.duets.publish(
      Buffer.from(`line ${count}\n`),
      count % 5 === 0 ? there[1] : undefined,
    );
  const lines = (index: number) =>
    Buffer.concat(clients[index]!.all("received").map(({ bytes }) => copyBytes(bytes)))
      .toString()
      .split("\n");
  const all = Array.from({ length: 50 }, (_, count) => `line ${count}`);
  for (const index of [0, 2])
    await clients[index]!.until(
      "all lines",
      () => lines(index).length === 51 && lines(index)[49] === "line 49",
    );
  await clients[1]!.until("its lines", () => lines(1).length === 41);
  expect(lines(0).slice(0, -1)).toEqual(all);
  expect(lines(2).slice(0, -1)).toEqual(all);
  expect(lines(1).slice(0, -1)).toEqual(all.filter((_, count) => count % 5 !== 0));
});

test("keys are renewed while both ends send, and nothing is lost; worn ones are reported, once for each key", async () => {
  await using pair = await openSealedPair();
  const { client, server, here, there } = pair;
  for (let phase = 0; phase < 6; phase += 1) {
    const isWorn = phase % 2 === 0;
    const restore = isWorn ? wear("isDue") : () => {};
    const keys = () => [key(10 + phase), key(20 + phase)] as const;
    const [sendKey, receiveKey] = keys();
    const [theirReceiveKey, theirSendKey] = keys();
    client.transport.send(here, Buffer.alloc(200_000, `${phase}`));
    client.transport.renew(here, { sendKey, receiveKey }, false);
    server.transport.send(there, Buffer.alloc(200_000, `${phase}`));
    client.transport.send(here, Buffer.alloc(1000, "x"));
    await server.until("sent with the keys before", () => server.receivedBytes === (phase + 1) * 201_000);
    server.transport.renew(there, { sendKey: theirSendKey, receiveKey: theirReceiveKey }, true);
    server.transport.send(there, Buffer.alloc(1000, "x"));
    await client.until("the new keys", () => client.receivedBytes === (phase + 1) * 201_000);
    restore();
  }
  for (const end of [client, server]) {
    expect(end.all("seal-broken")).toEqual([]);
    expect(end.all("keys-due").length).toBeGreaterThan(2);
    expect(end.all("keys-due").length).toBeLessThan(8);
  }
  const restore = wear("isSpent");
  client.transport.send(here, Buffer.from("too much"));
  expect((await client.event("seal-broken")).why).toBe("spent");
  restore();
});

/** All sealing keys are worn until the returned function is called. */
function wear(how: "isDue" | "isSpent"): () => void {
  const { prototype } = SealingKey;
  const before = Object.getOwnPropertyDescriptor(prototype, how)!;
  Object.defineProperty(prototype, how, { get: () => true, configurable: true });
  return () => Object.defineProperty(prototype, how, before);
}
