/** Behaviour that only TCP has: many clients, floods, resets, refusals, deadlines, and the causes of an end. */

import { describe, expect, test } from "bun:test";
import { outQueueMaxBytes, receivedChunkMaxBytes } from "../../src/protocol/limits.ts";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import { bytesOf } from "../support/events.ts";
import { quietHalfSecond, startProgram } from "../support/processes.ts";
import { openPair, openRoom } from "./contract.ts";
import { connectTo, listenOn, loopback, portOf } from "./loopback.ts";

/** Connects a raw Bun socket to a listener under test; it records what it receives. */
async function connectRaw(port: number, over: Partial<Bun.SocketHandler<undefined>> = {}) {
  const got: Buffer[] = [];
  const closed = Promise.withResolvers<string>();
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    allowHalfOpen: true,
    socket: {
      data: (_socket, bytes) => void got.push(bytes),
      error: () => {},
      close: (_socket, error) => closed.resolve((error as { code?: string } | undefined)?.code ?? "FIN"),
      ...over,
    },
  });
  return { socket, closed: closed.promise, text: () => Buffer.concat(got).toString() };
}

const waitForNextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("load", () => {
  test("1,000 clients at once are all accepted, received from and answered", async () => {
    await using server = listenOn("127.0.0.1", 0, 1000);
    const port = await portOf(server);
    server.onEvent = (event) => {
      if (event.type === "received")
        queueMicrotask(() => server.transport.send(event.connection, bytesOf("pong")));
    };
    const clients = await Promise.all(Array.from({ length: 1000 }, () => connectRaw(port)));
    for (const client of clients) client.socket.write("ping");
    while (clients.some((client) => client.text() !== "pong")) await waitForNextTurn();
    expect(server.all("connected").length).toBe(1000);
    expect(new Set(server.all("connected").map((event) => event.connection)).size).toBe(1000);
    for (const client of clients) client.socket.terminate();
  });

  test("64 MiB reach a slow reader byte for byte", async () => {
    const payloads = 1024;
    const payload = (index: number) => new Uint8Array(64 * 1024).fill(index * 7 + 1);
    let arrived = 0;
    let wrong = 0;
    const finished = Promise.withResolvers<void>();
    using listener = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        data: (socket, bytes) => {
          const expected = new Uint8Array(bytes.length);
          for (let at = 0; at < bytes.length; at += 1) {
            expected[at] = (((arrived + at) >> 16) * 7 + 1) & 255;
          }
          if (Buffer.compare(bytes, expected) !== 0) wrong += 1;
          const before = arrived;
          arrived += bytes.length;
          if (before >> 21 === arrived >> 21) return;
          socket.pause(); // Slow: pauses after each 2 MiB.
          setTimeout(() => socket.resume(), 1);
        },
        close: () => finished.resolve(),
        error: () => {},
      },
    });
    await using client = connectTo({ kind: "ip", host: "127.0.0.1", port: listener.port });
    const { connection } = await client.event("connected");
    let next = 0;
    let waiting = false;
    const pump = () => {
      while (next < payloads && !waiting) {
        expect(client.transport.send(connection, payload(next))).toBe("queued");
        next += 1;
      }
      if (next === payloads) client.transport.close(connection, "flush");
    };
    client.onEvent = (event) => {
      if (event.type === "backlogged") waiting = true;
      if (event.type !== "drained") return;
      waiting = false;
      queueMicrotask(pump);
    };
    pump();
    await finished.promise;
    expect([arrived, wrong]).toEqual([payloads * 64 * 1024, 0]);
    expect(client.calls("send").some((event) => event.result === "partial")).toBe(true);
    const sent = client.calls("send").reduce((sum, event) => sum + (event.bytes ?? 0), 0);
    expect(sent).toBe(payloads * 64 * 1024);
  });

  test("published bytes reach readers of every speed whole, and one that never reads a prefix of whole blocks", async () => {
    await using room = await openRoom(loopback, 4);
    const { server, clients, there } = room;
    const [, resting, sending, never] = there as [ConnectionId, ConnectionId, ConnectionId, ConnectionId];
    const end = (index: number) => clients[index]!.all("connected")[0]!.connection;
    clients[3]!.transport.setReading(end(3), false);
    for (const connection of there) server.transport.fanouts.raw.join(connection);
    const waiting = new Set<ConnectionId>();
    const cutOff = new Set<ConnectionId>();
    server.onEvent = (event) => {
      if (event.type === "backlogged") waiting.add(event.connection);
      if (event.type === "drained") waiting.delete(event.connection);
      if (event.type === "overflowed") cutOff.add(event.connection);
    };
    const expected = there.map((): Uint8Array[] => []);
    for (let turn = 0; turn < 500; turn += 1) {
      const payload = Buffer.alloc(1 + ((turn * 7919) % 60_000), String.fromCharCode(97 + (turn % 26)));
      const but = turn % 4 === 0 ? sending : undefined;
      clients[1]!.transport.setReading(end(1), turn % 50 < 25);
      const before = cutOff.size;
      server.transport.fanouts.raw.publish(payload, but);
      if (turn % 3 === 0) await waitForNextTurn();
      while (waiting.has(resting)) {
        clients[1]!.transport.setReading(end(1), true);
        await waitForNextTurn();
      }
      for (const [index, connection] of there.entries())
        if (connection !== but && (connection !== never || before === 0)) expected[index]!.push(payload);
    }
    clients[1]!.transport.setReading(end(1), true);
    expect([...cutOff]).toEqual([never]);
    for (const index of [0, 1, 2]) {
      const all = Buffer.concat(expected[index]!).toString();
      await clients[index]!.until("all of it", () => clients[index]!.receivedBytes === all.length);
      expect(clients[index]!.text() === all).toBe(true);
    }
    const queued = server.transport.countQueuedBytes(never);
    expect(queued).toBeLessThanOrEqual(outQueueMaxBytes);
    server.transport.close(never, "reset");
    clients[3]!.transport.setReading(end(3), true);
    await clients[3]!.event("disconnected");
    expect(Buffer.concat(expected[3]!).toString().startsWith(clients[3]!.text())).toBe(true);
  });

  test("a payload over the bound is refused as a whole, and a small one after it is queued", async () => {
    await using pair = await openPair(loopback);
    const { client, server, here, there } = pair;
    expect(client.transport.send(here, new Uint8Array(outQueueMaxBytes + 1))).toBe("full");
    expect(client.transport.countQueuedBytes(here)).toBe(0);
    expect(client.transport.send(here, bytesOf("small"))).toBe("queued");
    await server.until("small", () => server.text(there) === "small");
  });

  test("a peer beyond peersMax receives the reason in one line, even after sending, and the others stay", async () => {
    await using server = listenOn("127.0.0.1", 0, 1);
    const port = await portOf(server);
    const first = await connectRaw(port);
    await server.event("connected");
    const second = await connectRaw(port, {
      open: (socket) => void socket.write("hello?"),
      end: (socket) => void socket.end(),
    });
    expect(await second.closed).toBe("FIN");
    expect(second.text()).toBe("Sorry, this room is full (1 peer). Please try again later.\n");
    expect((await server.event("turned-away")).refusal).toEqual({ is: "full", peersMax: 1 });
    first.socket.write("still here");
    await server.until("first", () => server.text() === "still here");
    first.socket.terminate();
    await server.event("disconnected");
    const third = await connectRaw(port);
    await server.until("third", () => server.all("connected").length === 2);
    third.socket.terminate();
  });

  test("nearly out of descriptors, the listener refuses peers, stays responsive and does not spin", async () => {
    const command = `ulimit -n 96; exec "${process.execPath}" "${import.meta.dir}/few-descriptors.ts"`;
    await using child = startProgram(["sh", "-c", command]);
    const report = JSON.parse(await child.waitForLine("{")) as {
      accepted: number;
      turnedAway: number;
      answered: boolean;
    };
    expect(report.accepted).toBeGreaterThan(10);
    expect(report.turnedAway).toBeGreaterThan(0);
    expect(report.answered).toBe(true);
    await quietHalfSecond(child.pid);
    child.end();
    await child.waitForExit();
  });
});

describe("the end of a connection", () => {
  test("an RST found by a read is a reset", async () => {
    await using pair = await openPair(loopback);
    pair.server.transport.close(pair.there, "reset");
    const ended = await pair.client.event("disconnected");
    expect(ended).toMatchObject({ cause: "reset", error: { code: "ECONNRESET", call: "recv" } });
    expect(pair.client.calls("recv").map((event) => event.result)).toEqual(["RST"]);
    expect(await pair.server.event("disconnected")).toEqual({
      type: "disconnected",
      connection: pair.there,
      cause: "ours",
    });
    expect(pair.server.calls("close").map((event) => event.result)).toEqual(["RST"]);
  });

  test("an RST found by a write is a reset, reported after the bytes received before it", async () => {
    await using pair = await openPair(loopback);
    const { client, server, here, there } = pair;
    server.transport.send(there, bytesOf("last words"));
    client.transport.setReading(here, false);
    await server.until("sent", () => server.calls("send").length === 1);
    server.transport.close(there, "reset");
    client.transport.send(here, bytesOf("to nobody"));
    client.transport.shutdown(here);
    const ended = await client.event("disconnected");
    expect(ended.cause).toBe("reset");
    expect(ended.error?.code).toBe("ECONNRESET");
    expect(client.text(here)).toBe("last words");
    expect(client.all("peer-shut-down")).toEqual([]);
    expect(client.transport.send(here, bytesOf("x"))).toBe("closed");
  });

  test("bytes before an RST are received before it is reported, even while reading is paused", async () => {
    await using pair = await openPair(loopback);
    const { server, client, here, there } = pair;
    server.onEvent = (event) => {
      if (event.type === "received") server.transport.setReading(there, false);
    };
    const sent = new Uint8Array(4 * receivedChunkMaxBytes).fill(7);
    client.transport.send(here, sent);
    await server.event("received");
    const read = server.calls("recv").reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
    client.transport.close(here, "reset");
    await server.event("disconnected");
    expect(server.text(there).length).toBeGreaterThanOrEqual(read);
    expect(server.events.at(-1)?.type).toBe("disconnected");
  });

  test("writing to a peer that has closed both ways is broken, as EPIPE", async () => {
    await using server = listenOn("127.0.0.1");
    const raw = await connectRaw(await portOf(server));
    const { connection } = await server.event("connected");
    raw.socket.end();
    await server.event("peer-shut-down");
    server.transport.send(connection, bytesOf("anybody?"));
    const ended = await server.event("disconnected");
    expect(ended).toMatchObject({ cause: "broken", error: { code: "EPIPE" } });
  });

  test("close ends in bounded time if the peer never closes", async () => {
    await using pair = await openPair(loopback);
    pair.client.transport.close(pair.here, "flush");
    await pair.server.event("peer-shut-down");
    expect((await pair.client.event("disconnected")).cause).toBe("ours");
    expect(pair.server.all("disconnected")).toEqual([]);
  });

  test("stop ends in time even if a peer reads nothing, and reports the loss", async () => {
    await using pair = await openPair(loopback);
    const { client, server, here, there } = pair;
    server.transport.setReading(there, false);
    while (client.transport.send(here, new Uint8Array(64 * 1024)) !== "full") await waitForNextTurn();
    client.transport.stop(100);
    await client.event("stopped");
    expect(client.all("disconnected")).toMatchObject([
      { cause: "ours", error: { code: "ETIMEDOUT", call: "send" } },
    ]);
  });

  test("nothing keeps the process alive once stopped", async () => {
    const script = `
      const { listenTcp } = await import("${import.meta.dir}/../../src/transport/tcp/tcp-listener.ts");
      const { connectTcp } = await import("${import.meta.dir}/../../src/transport/tcp/tcp-connector.ts");
      const { bindUdp } = await import("${import.meta.dir}/../../src/transport/udp/udp-socket.ts");
      const target = { kind: "ip", host: "127.0.0.1", port: 0 };
      bindUdp({ bind: target, peer: undefined, peersMax: 1 }, function (e) { if (e.type === "listening") this.stop?.(0) });
      const udp = bindUdp({ bind: target, peer: undefined, peersMax: 1 }, (e) => e.type === "listening" && udp.stop(0));
      const server = listenTcp({ target, peersMax: 9 }, (e) => {
        if (e.type !== "listening") return;
        const to = { kind: "ip", host: "127.0.0.1", port: e.local.port };
        const client = connectTcp({ target: to, timeoutMs: 60000 }, (e) => {
          if (e.type === "connected") { client.close(e.connection, "flush"); server.stop(50); }
          if (e.type === "stopped") console.log("stopped");
        });
      });
    `.replace(/^.*this\.stop.*$/m, "");
    const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", timeout: 120_000 });
    expect(await child.exited).toBe(0);
    expect(await child.stdout.text()).toBe("stopped\n");
  });
});
