/**
 * The bytes queued for each member, as the screen and the stats report them, and the room's pause for a slow
 * member.
 */

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

/** The queued bytes of each peer, in the panel and in the last `stats` event. */
function readQueues(hub: Duet): { readonly panel: readonly number[]; readonly stats: readonly number[] } {
  const stats = hub.outputs.findLast((output) => output.type === "stats");
  return {
    panel: selectScreen(hub.chat).peers.map(({ queuedBytes }) => queuedBytes),
    stats: stats?.type === "stats" ? stats.queues.map(({ bytes }) => bytes) : [],
  };
}

/** The kernel's result for a send of queued bytes to the first peer: no byte taken, or all of them. */
function sendReturns(hub: Duet, result: "ok" | "would-block"): void {
  const {
    link: { connection },
  } = hub.peer();
  const event = { type: "called", call: "send", result, connection, bytes: 0, ofBytes: 1 } as const;
  hub.dispatch({ type: "socket", transport: "tcp", event });
}

test("bytes that the kernel has not been offered yet in this turn are no backlog", () => {
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

test("each peer's queued bytes are in the stats and in the panel, and are 0 once it reads again", () => {
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
  expect(readQueues(hub)).toEqual({ panel: [waiting, 0], stats: [waiting, 0] });
  const rows = buildPeerLines(selectScreen(hub.chat), 40, 20).map((row) =>
    row.map(({ text }) => text).join(" "),
  );
  expect(rows.filter((row) => row.includes("waits"))).toEqual([
    expect.stringMatching(/waits 10\d(\.\d)? KiB/),
  ]);
  slow.setReading(true);
  speaker.send("more\n");
  world.pass(statsIntervalMs);
  expect(readQueues(hub)).toEqual({ panel: [0, 0], stats: [0, 0] });
});

test("a room pauses fully for an active member, and a fifth as long for one stalled for a whole pause", () => {
  for (const [idleMs, pauseMs] of [
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
    expect([hub.peer().outbound.isBacklogged, isRoomPaused(hub.chat.timers)]).toEqual([true, true]);
    world.pass(pauseMs - 1);
    expect([idleMs, isRoomPaused(hub.chat.timers)]).toEqual([idleMs, true]);
    world.pass(1);
    expect([idleMs, isRoomPaused(hub.chat.timers)]).toEqual([idleMs, false]);
  }
});

/** More than may be queued for a peer before the room pauses. */
function manyLines(): string {
  return Array.from({ length: 2 * (outQueueHighBytes / kibibyte) }, () => "x".repeat(kibibyte)).join("\n");
}

test("a peer that reads nothing is reset in time, and a sleep of this process is not that time", () => {
  for (const sleepMs of [0, 60_000]) {
    const world = new World();
    const hub = world.hub();
    const [slow] = [world.program().connect().send("hi\n"), world.member("ann")];
    slow.setReading(false);
    hub.say(manyLines());
    expect(hub.peer().outbound.isBacklogged).toBe(true);
    // Nothing ran in it: the next deadline is missed by all of it.
    world.nowMs += sleepMs;
    hub.dispatch({ type: "time-reached" });
    world.pass(stalledPeerMs / 2);
    expect([sleepMs, hub.memberNames().length]).toEqual([sleepMs, 2]);
    world.pass(stalledPeerMs / 2);
    expect([sleepMs, hub.memberNames().length]).toEqual([sleepMs, 1]);
  }
});
