/** What waits for a slow member of the room, and for how long: much input does, a line now and then does not. */

import { describe, expect, test } from "bun:test";
import { countWrittenBytes, createSendingPace, isHeavy } from "../../src/chat/records/sending-pace.ts";
import { isRoomPaused } from "../../src/chat/outbound/backlog.ts";
import {
  lightSenderMaxBytes,
  lightSenderMs,
  outQueueHighBytes,
  roomPauseMs,
  stalledPeerMs,
} from "../../src/protocol/limits.ts";
import { type Duet, type Program, World } from "../support/chat-world.ts";
import { roughRoom, udpPort } from "../support/rough-room.ts";

describe("the pace of a sender", () => {
  test("is heavy one byte past its bound, for as long as its time", () => {
    const pace = createSendingPace();
    expect(countWrittenBytes(pace, 0, lightSenderMaxBytes)).toBe(false);
    expect(countWrittenBytes(pace, lightSenderMs - 1, 1)).toBe(true);
    expect(isHeavy(pace, 2 * lightSenderMs - 2)).toBe(true);
    expect(isHeavy(pace, 2 * lightSenderMs - 1)).toBe(false);
  });

  test("begins anew after its time", () => {
    const pace = createSendingPace();
    for (let nowMs = 0; nowMs < 10 * lightSenderMs; nowMs += lightSenderMs)
      expect(countWrittenBytes(pace, nowMs, lightSenderMaxBytes)).toBe(false);
  });
});

const line = "x".repeat(1023);

/** A host and raw members, of which the first reads nothing and has a full queue. */
function openRoom(members: number): {
  readonly world: World;
  readonly hub: Duet;
  readonly rest: readonly Program[];
} {
  const world = new World();
  const hub = world.hub();
  const [slow, ...rest] = Array.from({ length: members }, () => world.program().connect().send("hi\n"));
  slow!.setReading(false);
  hub.sayAll(Array.from({ length: outQueueHighBytes / line.length + 1 }, () => line));
  world.pass(lightSenderMs);
  expect(hub.peer().outbound.isBacklogged).toBe(true);
  return { world, hub, rest };
}

describe("what the person at a host writes", () => {
  test("reaches the others at once while a member's queue is full", () => {
    const { hub, rest } = openRoom(2);
    hub.say("honest");
    expect(rest[0]!.received).toEndWith("honest\n");
  });

  test("waits once it is much", () => {
    const { hub } = openRoom(2);
    for (let bytes = 0; bytes <= lightSenderMaxBytes; bytes += line.length) hub.say(line);
    expect(hub.chat.input.waitingLines).toBe(0);
    hub.say("much");
    expect(hub.chat.input.waitingLines).toBe(1);
  });

  test("waits for the only member", () => {
    const { hub } = openRoom(1);
    hub.say("honest");
    expect(hub.chat.input.waitingLines).toBe(1);
  });
});

test("a room waits for a member that acknowledges a frame each 200 ms no longer than for a stalled one", () => {
  const { world, hub, members } = roughRoom(["bob", "eve"]);
  const port = udpPort(members[1])!;
  let freeAtMs = 0;
  world.network.forward = (from, to, bytes) => {
    if (to.port === port) freeAtMs = Math.max(world.nowMs, freeAtMs) + 200;
    const atMs = to.port === port ? freeAtMs : world.nowMs + 2;
    world.after(atMs - world.nowMs, () => world.network.datagram(from, to, bytes));
  };
  members[0].sayAll(Array.from({ length: (2 * outQueueHighBytes) / line.length }, () => line));
  const isPaused = (): boolean => isRoomPaused(hub.chat.timers);
  while (!isPaused()) world.pass(1);
  const fromMs = world.nowMs;
  while (isPaused()) world.pass(1);
  expect(world.nowMs - fromMs).toBeGreaterThan(roomPauseMs);
  expect(world.nowMs - fromMs).toBeLessThanOrEqual(stalledPeerMs + roomPauseMs);
});
