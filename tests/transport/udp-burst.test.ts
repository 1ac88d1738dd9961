/** A burst of datagrams faster than the reader, and one from forged addresses. */

import { expect, test } from "bun:test";
import type { DatagramHandlers } from "../../src/transport/udp/datagram-socket.ts";
import { bindUdp } from "../../src/transport/udp/udp-socket.ts";
import { Witness } from "../support/events.ts";
import { until } from "../support/wait.ts";

const count = 50_000;
const burst = new URL("../support/fixtures/burst.ts", import.meta.url).pathname;

test("50,000 datagrams in a burst are received in order, each once, or counted as dropped", async () => {
  const texts: string[] = [];
  let dropped = 0;
  const { promise: bound, resolve } = Promise.withResolvers<number>();
  const bind = { kind: "ip", host: "127.0.0.1", port: 0 } as const;
  const socket = bindUdp({ bind, peer: undefined, peersMax: 4 }, (event) => {
    if (event.type === "listening" && event.local.family !== "unix") resolve(event.local.port);
    if (event.type === "overrun") dropped += event.count;
    if (event.type === "received") texts.push(Buffer.from(event.bytes).toString());
  });
  // This process does not read until the sender has ended, so the buffer must have room for all.
  const sender = Bun.spawnSync([process.execPath, burst, String(await bound), String(count)]);
  expect(sender.exitCode).toBe(0);
  expect(texts).toEqual([]);
  // A slow machine drops some on purpose, by the receive budget, and counts them.
  await until(() => texts.length + dropped >= count, "all datagrams");
  expect(texts.length + dropped).toBe(count);
  const numbers = texts.map((text) => Number(/^line (\d+)$/.exec(text)?.[1]));
  expect(numbers.every((number, index) => index === 0 || number > numbers[index - 1]!)).toBe(true);
  socket.stop(0);
});

/** Sends numbered datagrams until it is killed: `bun udp-rain.ts PORT`. */
const rain = new URL("../support/fixtures/udp-rain.ts", import.meta.url).pathname;

test("under a flood timers still run, and dropped datagrams are counted", async () => {
  const { promise: bound, resolve } = Promise.withResolvers<number>();
  const bind = { kind: "ip", host: "127.0.0.1", port: 0 } as const;
  let received = 0;
  let dropped = 0;
  const socket = bindUdp({ bind, peer: undefined, peersMax: 4 }, (event) => {
    if (event.type === "listening" && event.local.family !== "unix") resolve(event.local.port);
    if (event.type === "overrun") dropped += event.count;
    if (event.type !== "received") return;
    received += 1;
    // A reader that is slower than any sender.
    for (const endMs = performance.now() + 0.1; performance.now() < endMs;);
  });
  const sender = Bun.spawn([process.execPath, rain, String(await bound)]);
  try {
    await until(() => dropped > 0, "an overrun");
    const before = received;
    await until(() => received > before + 100, "more, in turns with the smaller budget");
  } finally {
    sender.kill();
    await sender.exited;
  }
  socket.stop(0);
  expect(dropped).toBeGreaterThan(0);
});

test("100,000 forged endpoints make at most peersMax associations, and displace no active peer", async () => {
  const peersMax = 64;
  const { promise: opened, resolve } = Promise.withResolvers<DatagramHandlers>();
  const sent: number[] = [];
  await using socket = new Witness((onEvent) =>
    bindUdp(
      { bind: { kind: "ip", host: "127.0.0.1", port: 9 }, peer: undefined, peersMax },
      onEvent,
      async (_bind, handlers) => {
        resolve(handlers);
        return { port: 9, send: (_payload, port) => sent.push(port) > 0, close: () => {} };
      },
    ),
  );
  const handlers = await opened;
  await socket.event("listening");
  handlers.onData(Buffer.from("first"), 4000, "127.0.0.1");
  for (let index = 0; index < 100_000; index += 1)
    handlers.onData(
      Buffer.from("x"),
      1024 + (index % 60_000),
      `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    );
  await socket.until("all associations", () => socket.all("turned-away").length > 0);
  const connected = socket.all("connected");
  expect(connected).toHaveLength(peersMax);
  expect(socket.all("disconnected")).toEqual([]);
  const turnedAway = socket.all("turned-away").reduce((sum, { count: some }) => sum + some, 0);
  expect(turnedAway).toBeGreaterThan(0);
  expect(socket.transport.send(connected[0]!.connection, Buffer.from("still here"))).toBe("sent");
  expect(sent).toEqual([4000]);
});
