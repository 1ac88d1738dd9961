/** What waits for each member, as it is shown, and who is to blame for it. */

import { expect, test } from "bun:test";
import { isRoomPaused } from "../../src/chat/outbound/backlog.ts";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import {
  outQueueHighBytes,
  roomPauseLoopbackMs,
  stalledPeerMs,
  statsIntervalMs,
} from "../../src/protocol/limits.ts";
import { buildPeerLines } from "../../src/view/bars/peer-lines.ts";
import { type Duet, World } from "../support/chat-world.ts";

const kibibyte = 1024;

/** What the screen's panel and the last `stats` event say of each peer's queue. */
function shown(hub: Duet): { readonly panel: readonly number[]; readonly stats: readonly number[] } {
  const told = hub.outputs.findLast((output) => output.type === "stats");
  return {
    panel: selectScreen(hub.chat).peers.map(({ queuedBytes }) => queuedBytes),
    stats: told?.type === "stats" ? told.queues.map(({ bytes }) => bytes) : [],
  };
}

/** What the kernel answers to a send to the first peer of bytes that wait: it takes none, or what it is offered. */
function sendReturns(hub: Duet, result: "ok" | "would-block"): void {
  const {
    link: { connection },
  } = hub.peer();
  const event = { type: "called", call: "send", result, connection, bytes: 0, ofBytes: 1 } as const;
  hub.dispatch({ type: "socket", transport: "tcp", event });
}

test("what was said in this turn, and the kernel has not been offered yet, is no backlog", () => {
  const world = new World();
  const hub = world.hub();
  const [program] = [world.program().connect().send("hi\n"), world.member("ann")];
  const backlog = (): number => selectScreen(hub.chat).tabs.tcp.backlogBytes;
  program.setReading(false);
  hub.say("hello");
  expect(backlog()).toBe(0);
  sendReturns(hub, "would-block");
  expect(backlog()).toBe("hello\n".length);
  sendReturns(hub, "ok");
  expect(backlog()).toBe(0);
});

test("what waits for each peer is in the stats and in the panel, and is gone once it reads", () => {
  const world = new World();
  const hub = world.hub({ reportCalls: true });
  const [slow, speaker] = [world.program().connect(), world.program().connect()];
  for (const program of [slow, speaker]) program.send("hi\n");
  slow.setReading(false);
  const line = "x".repeat(kibibyte);
  for (let count = 0; count < 100; count += 1) speaker.send(`${line}\n`);
  const prefix = `<127.0.0.1:${speaker.local.port}> `.length;
  const waiting = 100 * (prefix + kibibyte + 1);
  world.pass(statsIntervalMs);
  sendReturns(hub, "would-block");
  expect(shown(hub)).toEqual({ panel: [waiting, 0], stats: [waiting, 0] });
  const rows = buildPeerLines(selectScreen(hub.chat), 40, 20).map((row) =>
    row.map(({ text }) => text).join(" "),
  );
  expect(rows.filter((row) => row.includes("waits"))).toEqual([
    expect.stringMatching(/waits 10\d(\.\d)? KiB/),
  ]);
  slow.setReading(true);
  speaker.send("more\n");
  world.pass(statsIntervalMs);
  expect(shown(hub)).toEqual({ panel: [0, 0], stats: [0, 0] });
});

test("a room waits its moment for who has just taken bytes, and a fifth for who has taken none for as long", () => {
  for (const [idleMs, waitsMs] of [
    [roomPauseLoopbackMs - 1, roomPauseLoopbackMs],
    [roomPauseLoopbackMs, roomPauseLoopbackMs / 5],
  ] as const) {
    const world = new World();
    const hub = world.hub();
    const [slow] = [world.program().connect().send("hi\n"), world.member("ann")];
    hub.say("taken");
    slow.setReading(false);
    world.pass(idleMs);
    hub.say(manyLines());
    expect([hub.peer().outbound.isBacklogged, isRoomPaused(hub.chat)]).toEqual([true, true]);
    world.pass(waitsMs - 1);
    expect([idleMs, isRoomPaused(hub.chat)]).toEqual([idleMs, true]);
    world.pass(1);
    expect([idleMs, isRoomPaused(hub.chat)]).toEqual([idleMs, false]);
  }
});

/** More than may wait for a peer before the room does. */
function manyLines(): string {
  return Array.from({ length: 2 * (outQueueHighBytes / kibibyte) }, () => "x".repeat(kibibyte)).join("\n");
}

test("the time in which we were stopped ourselves is nobody's stall", () => {
  for (const [sleepMs, stays] of [
    [stalledPeerMs, false],
    [60_000, true],
  ] as const) {
    const world = new World();
    const hub = world.hub();
    const [slow] = [world.program().connect().send("hi\n"), world.member("ann")];
    slow.setReading(false);
    hub.say(manyLines());
    expect(hub.peer().outbound.isBacklogged).toBe(true);
    world.nowMs += sleepMs;
    hub.dispatch({ type: "time-reached" });
    expect([sleepMs, hub.memberNames().length]).toEqual([sleepMs, stays ? 2 : 1]);
    world.pass(stalledPeerMs);
    expect(hub.memberNames()).toHaveLength(1);
  }
});
