/** Timers: their order, a handler for each kind, and none that outlives its owner. */

import { expect, test } from "bun:test";
import { type Timer, Timers, timerKinds } from "../../src/chat/records/timers.ts";
import { lanAnswerIntervalMs, lanEchoMs } from "../../src/protocol/limits.ts";
import type { ConnectionId, TransportName } from "../../src/protocol/sockets/socket-event.ts";
import { World } from "../support/chat-world.ts";
import { findOrphanTimers } from "../support/timer-owners.ts";

const first = 1 as ConnectionId;
const second = 2 as ConnectionId;

/** A hub with discovery on and one peer over each transport. */
function hubWithPeers() {
  const world = new World();
  const hub = world.hub({ lan: true });
  const program = world.program().connect();
  hub.command("/udp");
  const datagrams = world.program("udp").connect();
  datagrams.send("hello");
  return { world, hub, program };
}

function timersOf(connection: ConnectionId, transport: TransportName): readonly Timer[] {
  return [
    ...timerKinds.connection.map((kind): Timer => ({ kind, of: connection })),
    ...[...timerKinds.socket, ...timerKinds.side].map((kind): Timer => ({ kind, of: transport })),
    ...[...timerKinds.lan, ...timerKinds.chat].map((kind): Timer => ({ kind })),
  ];
}

test("due timers are taken earliest first and once, and later ones stay", () => {
  const timers = new Timers();
  timers.set({ kind: "stall", of: first }, 30);
  timers.set({ kind: "stall", of: second }, 10);
  timers.set({ kind: "watch", of: "udp" }, 20);
  timers.set({ kind: "linger" }, 31);
  expect(timers.earliestMs).toBe(10);
  expect(timers.takeDue(30)).toEqual([
    { kind: "stall", of: second },
    { kind: "watch", of: "udp" },
    { kind: "stall", of: first },
  ]);
  expect(timers.takeDue(30)).toEqual([]);
  expect([timers.all().length, timers.earliestMs]).toEqual([1, 31]);
});

test("a timer that is set again moves, and a cleared one is not taken", () => {
  const timers = new Timers();
  const line: Timer = { kind: "unfinished-line", of: first };
  timers.set(line, 10);
  timers.set(line, 40);
  expect([timers.takeDue(39), timers.dueMs(line), timers.all().length]).toEqual([[], 40, 1]);
  timers.set(line, 20);
  expect([timers.earliestMs, timers.takeDue(20)]).toEqual([20, [line]]);
  timers.set(line, 50);
  timers.clear(line);
  expect([timers.has(line), timers.all().length, timers.earliestMs, timers.takeDue(60)]).toEqual([
    false,
    0,
    undefined,
    [],
  ]);
});

test("after any order of sets and clears the due timers are taken, and the earliest is known", () => {
  const timers = new Timers();
  const model = new Map<ConnectionId, number>();
  for (let step = 0, nowMs = 0; step < 5000; step += 1) {
    const of = ((step * 7919) % 17) as ConnectionId;
    const atMs = nowMs + ((step * 104_729) % 97);
    if (step % 5 === 0) {
      timers.clear({ kind: "delivery", of });
      model.delete(of);
    } else {
      timers.set({ kind: "delivery", of }, atMs);
      model.set(of, atMs);
    }
    if (step % 3 === 0) nowMs += 11;
    const due = [...model].filter(([, dueMs]) => dueMs <= nowMs).map(([connection]) => connection);
    for (const connection of due) model.delete(connection);
    const taken = timers.takeDue(nowMs).map((timer) => ("of" in timer ? timer.of : undefined));
    expect(new Set<unknown>(taken)).toEqual(new Set<unknown>(due));
    expect(timers.all().length).toBe(model.size);
    expect(timers.earliestMs).toBe(model.size === 0 ? undefined : Math.min(...model.values()));
  }
});

test.each(["tcp", "udp"] as const)("each kind of timer has a handler, over %s", (transport) => {
  const [connection = first] = hubWithPeers().hub.chat.sides[transport].peers.keys();
  for (const timer of timersOf(connection, transport)) {
    const { world, hub } = hubWithPeers();
    hub.chat.timers.set(timer, world.nowMs);
    hub.dispatch({ type: "time-reached" });
    expect([timer.kind, (hub.chat.timers.dueMs(timer) ?? Infinity) > world.nowMs]).toEqual([
      timer.kind,
      true,
    ]);
  }
});

test("the doctor is redrawn once our announcements had time to return", () => {
  const world = new World();
  const hub = world.hub({ lan: true });
  world.pass(lanAnswerIntervalMs);
  hub.command("/lan");
  const before = hub.chat.focus.shownChanges;
  world.pass(lanEchoMs - 1);
  expect(hub.chat.focus.shownChanges).toBe(before);
  world.pass(1);
  expect(hub.chat.focus.shownChanges).toBe(before + 1);
});

test("no timer of a connection outlives it", () => {
  const { world, hub, program } = hubWithPeers();
  const [tcp = first] = hub.chat.sides.tcp.peers.keys();
  const [udp = second] = hub.chat.sides.udp.peers.keys();
  for (const of of [tcp, udp])
    for (const kind of timerKinds.connection) hub.chat.timers.set({ kind, of }, world.nowMs + 1000);
  program.close("reset");
  expect(hub.chat.peers.has(tcp)).toBe(false);
  expect(findOrphanTimers(hub.chat)).toEqual([]);
  expect(timerKinds.connection.filter((kind) => !hub.chat.timers.has({ kind, of: udp }))).toEqual([]);
});

test("no timer of a socket outlives it", () => {
  const { world, hub } = hubWithPeers();
  for (const of of ["tcp", "udp"] as const)
    for (const kind of timerKinds.socket) hub.chat.timers.set({ kind, of }, world.nowMs + 1000);
  hub.command("/close");
  expect(hub.chat.sides.udp.socket.isOpen).toBe(false);
  expect(findOrphanTimers(hub.chat)).toEqual([]);
  for (const kind of timerKinds.socket) expect(hub.chat.timers.has({ kind, of: "tcp" })).toBe(true);
});

test("no timer of discovery outlives it, and no kernel query outlives the panel", () => {
  const { world, hub } = hubWithPeers();
  for (const kind of timerKinds.lan) hub.chat.timers.set({ kind }, world.nowMs + 1000);
  hub.command("/lan off");
  expect(findOrphanTimers(hub.chat)).toEqual([]);
  hub.dispatch({ type: "kernel-watched", watched: true });
  expect(hub.chat.timers.has({ kind: "kernel-look" })).toBe(true);
  hub.dispatch({ type: "kernel-watched", watched: false });
  expect(hub.chat.timers.has({ kind: "kernel-look" })).toBe(false);
});

test("no timer outlives the chat", () => {
  const { world, hub } = hubWithPeers();
  const [tcp = first] = hub.chat.sides.tcp.peers.keys();
  for (const timer of timersOf(tcp, "tcp")) hub.chat.timers.set(timer, world.nowMs + 1000);
  hub.quit();
  expect([hub.exitCode, hub.chat.timers.all().length, hub.chat.timers.earliestMs]).toEqual([0, 0, undefined]);
});
