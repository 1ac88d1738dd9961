/**
 * Reading is paused while any reason remains: a slow room, unread standard output, a throttled stranger,
 * /buffer.
 */

import { expect, test } from "bun:test";
import { isReadPaused } from "../../src/chat/outbound/read-pause.ts";
import { outQueueHighBytes, roomPauseLoopbackMs } from "../../src/protocol/limits.ts";
import { type Duet, World } from "../support/chat-world.ts";

/** Effects that pause or resume reading, from `start` on. */
function readEffects(duet: Duet, start = 0): readonly string[] {
  return duet.sent.slice(start).flatMap(({ type }) => (type.startsWith("read-peer") ? [type] : []));
}

/** A hub with a member that does not read, and enough lines to pause the room for it. */
function pausedRoom(): { readonly world: World; readonly hub: Duet } {
  const world = new World();
  const hub = world.hub();
  const [slow] = [world.program().connect().send("hi\n"), world.member("ann")];
  slow.setReading(false);
  const line = "x".repeat(1024);
  hub.say(Array.from({ length: (2 * outQueueHighBytes) / line.length }, () => line).join("\n"));
  return { world, hub };
}

test("a room paused for a slow member stays paused when standard output drains", () => {
  const { world, hub } = pausedRoom();
  expect([...hub.chat.pausedBy]).toEqual(["room"]);
  hub.dispatch({ type: "output-paused", paused: true });
  const before = hub.sent.length;
  hub.dispatch({ type: "output-paused", paused: false });
  expect(readEffects(hub, before)).toEqual([]);
  expect(isReadPaused(hub.chat, hub.peer())).toBe(true);
  world.pass(roomPauseLoopbackMs);
  expect([isReadPaused(hub.chat, hub.peer()), readEffects(hub, before)]).toEqual([false, ["read-peers"]]);
});

test("unread standard output keeps reading paused when the room's pause is over", () => {
  const { world, hub } = pausedRoom();
  hub.dispatch({ type: "output-paused", paused: true });
  const before = hub.sent.length;
  world.pass(roomPauseLoopbackMs);
  expect([...hub.chat.pausedBy]).toEqual(["stdout"]);
  expect(readEffects(hub, before)).toEqual([]);
  hub.dispatch({ type: "output-paused", paused: false });
  expect(readEffects(hub, before)).toEqual(["read-peers"]);
});

test("/buffer keeps one peer paused while reading from the others pauses and resumes", () => {
  const world = new World();
  const hub = world.hub();
  world.program().connect().send("hi\n");
  const [peer] = [hub.peer(), world.program().connect().send("hi\n")];
  hub.command(`/buffer 4096 ${peer.link.address}`);
  hub.dispatch({ type: "output-paused", paused: true });
  hub.dispatch({ type: "output-paused", paused: false });
  expect([...hub.chat.peers.values()].map((each) => isReadPaused(hub.chat, each))).toEqual([true, false]);
  hub.command(`/buffer off ${peer.link.address}`);
  expect(isReadPaused(hub.chat, peer)).toBe(false);
});

test("a peer that connects while reading is paused is not read until it resumes", () => {
  const world = new World();
  const hub = world.hub();
  hub.dispatch({ type: "output-paused", paused: true });
  const before = hub.sent.length;
  world.program().connect();
  expect(readEffects(hub, before)).toEqual(["read-peer"]);
  hub.dispatch({ type: "output-paused", paused: false });
  expect(readEffects(hub, before)).toEqual(["read-peer", "read-peers"]);
});
