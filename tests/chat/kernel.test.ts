/** When the kernel is queried, and how its answer is used. */

import { expect, test } from "bun:test";
import { kernelLookMs, unackedMessagesMax } from "../../src/protocol/limits.ts";
import type { TcpFacts } from "../../src/protocol/sockets/tcp-facts.ts";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import { type Duet, World } from "../support/chat-world.ts";

const facts: TcpFacts = {
  state: "ESTABLISHED",
  source: "socket",
  roundTripMs: 0.021,
  roundTripVarMs: 0.009,
  retransmits: 2,
  unackedBytes: 3,
  unsentBytes: 0,
  unreadBytes: 0,
  sendWindowBytes: 65_536,
};

function countQueries(duet: Duet): number {
  return duet.sent.filter(({ type }) => type === "look-at-kernel").length;
}

/** A room with one raw peer. */
function room(): { readonly world: World; readonly hub: Duet } {
  const world = new World();
  const hub = world.hub({ reportKernel: true });
  world.program().connect().send("hi\n");
  return { world, hub };
}

test("the kernel is not queried while nothing shows or reports it", () => {
  const world = new World();
  const hub = world.hub({ reportCalls: true });
  world.program().connect().send("hi\n".repeat(1000));
  world.pass(60_000);
  expect(countQueries(hub)).toBe(0);
  expect(selectScreen(hub.chat).sockets).toEqual([]);
});

test("the kernel is queried periodically while the panel is open, and not after it closes", () => {
  const { world, hub } = room();
  hub.dispatch({ type: "kernel-watched", watched: true });
  world.pass(kernelLookMs * 4);
  expect(countQueries(hub)).toBe(5);
  hub.dispatch({ type: "kernel-watched", watched: false });
  world.pass(kernelLookMs * 4);
  expect(countQueries(hub)).toBe(5);
});

test("the panel shows the kernel's state of a connection, or without one the state that the events report", () => {
  const { hub } = room();
  const {
    link: { connection },
  } = hub.peer();
  hub.dispatch({ type: "kernel-watched", watched: true });
  const seen = [{ connection, facts: { ...facts, state: "CLOSE-WAIT" } }] as const;
  hub.dispatch({ type: "kernel-looked", purpose: "panel", seen });
  expect(selectScreen(hub.chat).sockets).toMatchObject([{ connection, state: "CLOSE-WAIT" }]);
  hub.dispatch({ type: "kernel-looked", purpose: "panel", seen: [] });
  expect(selectScreen(hub.chat).sockets).toMatchObject([
    { connection, state: "ESTABLISHED", facts: undefined },
  ]);
});

test("a connection that left the room but not the kernel is shown with its name", () => {
  const { hub } = room();
  const {
    link: { connection, address },
  } = hub.peer();
  hub.chat.sides.tcp.calls?.push(
    {
      atMs: 0,
      call: "close",
      result: "ok",
      connection,
      peer: address,
      address,
      bytes: undefined,
      ofBytes: undefined,
      offset: 0,
    },
    undefined,
  );
  hub.command("/close");
  hub.dispatch({ type: "kernel-watched", watched: true });
  const seen = [{ connection, facts: { ...facts, state: "TIME-WAIT", source: "table" } }] as const;
  hub.dispatch({ type: "kernel-looked", purpose: "panel", seen });
  expect(selectScreen(hub.chat).sockets).toMatchObject([{ name: address, state: "TIME-WAIT" }]);
});

test("/stats queries the kernel once and reports bytes and each connection", () => {
  const { hub } = room();
  hub.command("/stats");
  expect(hub.sent.at(-1)).toEqual({ type: "look-at-kernel", purpose: "command" });
  hub.dispatch({
    type: "kernel-looked",
    purpose: "command",
    seen: [{ connection: hub.peer().link.connection, facts }],
  });
  expect(hub.lines().slice(-3)).toEqual([
    "TCP: 3 B in, 0 B out, 1 peer",
    `${hub.peer().link.address}: ESTABLISHED, rtt 21 µs, 2 retransmits, unacked 3 B, unsent 0 B, unread 0 B, their window 64 KiB`,
    "  3 B in, 0 B out",
  ]);
});

test("with -v the stats include the kernel's figures", () => {
  const { hub } = room();
  const {
    link: { connection, address },
  } = hub.peer();
  hub.dispatch({ type: "kernel-looked", purpose: "output", seen: [{ connection, facts }] });
  expect(hub.outputs.at(-1)).toMatchObject({ type: "stats", connections: [{ peer: address, ...facts }] });
});

test("the acknowledged bytes are the sent bytes less the unacknowledged ones, and never decrease", () => {
  const { hub } = room();
  const peer = hub.peer();
  peer.outbound.bytesOut = 10;
  hub.dispatch({
    type: "kernel-looked",
    purpose: "panel",
    seen: [{ connection: peer.link.connection, facts }],
  });
  expect(peer.outbound.bytesAcked).toBe(7);
  const more = { ...facts, unackedBytes: 9 };
  hub.dispatch({
    type: "kernel-looked",
    purpose: "panel",
    seen: [{ connection: peer.link.connection, facts: more }],
  });
  expect(peer.outbound.bytesAcked).toBe(7);
});

function stages(duet: Duet): readonly string[] {
  return duet.outputs.flatMap((output) => (output.type === "receipt" ? [output.stage] : []));
}

test("a line is acked once every peer's kernel has acknowledged all of it", () => {
  const { world, hub } = room();
  world.program().connect().send("me too\n");
  const [one, other] = [hub.peer(0), hub.peer(1)];
  hub.say("hello");
  expect(stages(hub)).toEqual(["sent"]);
  const reportUnacked = (unacked: readonly [number, number]): void => {
    const seen = [one, other].map(({ link: { connection } }, index) => ({
      connection,
      facts: { ...facts, unackedBytes: unacked[index]! },
    }));
    hub.dispatch({ type: "kernel-looked", purpose: "output", seen });
  };
  reportUnacked([0, 1]);
  expect(stages(hub)).toEqual(["sent"]);
  reportUnacked([0, 0]);
  expect(stages(hub)).toEqual(["sent", "acked"]);
  reportUnacked([0, 0]);
  expect(stages(hub)).toEqual(["sent", "acked"]);
});

test(`at most ${unackedMessagesMax} lines are followed until they are acked`, () => {
  const { hub } = room();
  for (let line = 0; line <= unackedMessagesMax; line += 1) hub.say("x");
  expect(hub.peer().receipts.unacked.length).toBe(unackedMessagesMax);
});

test("no line waits to be acked where the kernel is not queried", () => {
  const world = new World();
  const hub = world.hub();
  world.program().connect().send("hi\n");
  hub.say("hello");
  expect(stages(hub)).toEqual(["sent"]);
  expect(hub.peer().receipts.unacked).toEqual([]);
});

test("a call redraws the screen only while the panel is open", () => {
  const { hub } = room();
  const {
    link: { connection },
  } = hub.peer();
  const draws = (): number => {
    const before = hub.chat.focus.shownChanges;
    hub.onEvent("tcp", { type: "called", call: "recv", result: "ok", connection, bytes: 1 });
    return hub.chat.focus.shownChanges - before;
  };
  expect(draws()).toBe(0);
  hub.dispatch({ type: "kernel-watched", watched: true });
  expect(draws()).toBe(1);
});

test("discovery's datagrams are among UDP's calls, and are not counted as traffic", () => {
  const hub = new World().hub({ lan: true }, "udp");
  const from = { family: "IPv4", address: "192.0.2.7", port: 8081 } as const;
  hub.dispatch({ type: "lan", event: { type: "received", from, bytes: Buffer.from("anything") } });
  const {
    calls: wire,
    counters: { bytesIn },
  } = hub.chat.sides.udp;
  const row = wire?.at(wire.length - 1);
  expect(row).toMatchObject({ call: "recvfrom", address: "192.0.2.7:8081", bytes: 8 });
  expect(Buffer.from(wire?.payloadOf(row!) ?? []).toString()).toBe("anything");
  expect(bytesIn).toBe(0);
});
