/** Bytes per second, sampled only while there is traffic. */

import { expect, test } from "bun:test";
import { rateSamplesMax } from "../../src/protocol/limits.ts";
import { World } from "../support/chat-world.ts";

test("each second of traffic is one sample, and a whole window of silence stops the clock", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  const { rates } = hub.chat.sides.tcp.counters;
  const called = { type: "called", call: "recv", bytes: 6, result: "ok" } as const;
  program.send("hello\n");
  hub.dispatch({ type: "socket", transport: "tcp", event: called });
  world.pass(1000);
  expect(rates.samples.at(-1)?.bytesIn).toBe(6);
  program.send("hello again\n");
  world.pass(1000);
  expect(rates.samples.at(-1)?.bytesIn).toBe(12);
  world.pass((rateSamplesMax + 1) * 1000);
  expect(rates.samples).toEqual([]);
  expect(hub.chat.timers.has({ kind: "rate-sample", of: "tcp" })).toBe(false);
});

test("pings keep no clock running, and are not counted in the first second of traffic", () => {
  const world = new World();
  const hub = world.hub();
  const client = world.duet();
  client.pair();
  world.pass(1000);
  client.say("hello");
  world.pass(60_000);
  expect(hub.chat.timers.has({ kind: "rate-sample", of: "tcp" })).toBe(false);
  const before = hub.chat.sides.tcp.counters.bytesIn;
  client.say("again");
  world.pass(1000);
  expect(hub.chat.sides.tcp.counters.rates.samples).toHaveLength(1);
  expect(hub.chat.sides.tcp.counters.rates.samples[0]?.bytesIn).toBe(
    hub.chat.sides.tcp.counters.bytesIn - before,
  );
});

test("without a screen no rate is sampled", () => {
  const world = new World();
  const hub = world.hub({ headless: true });
  world.program().connect().send("hello\n");
  const called = { type: "called", call: "recv", bytes: 6, result: "ok" } as const;
  hub.dispatch({ type: "socket", transport: "tcp", event: called });
  expect(hub.chat.timers.has({ kind: "rate-sample", of: "tcp" })).toBe(false);
});
