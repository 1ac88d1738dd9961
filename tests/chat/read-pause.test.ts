/**
 * Reading is paused while any reason remains: unread standard output, a throttled stranger, /buffer, and for members
 * that send much a slow room.
 */

import { expect, test } from "bun:test";
import { isReadPaused } from "../../src/chat/outbound/read-pause.ts";
import { lightSenderMaxBytes, outQueueHighBytes, roomPauseLoopbackMs } from "../../src/protocol/limits.ts";
import { type Duet, World } from "../support/chat-world.ts";

/** Effects that pause or resume reading, from `start` on. */
function readEffects(duet: Duet, start = 0): readonly string[] {
  return duet.sent.slice(start).flatMap(({ type }) => (type.startsWith("read-peer") ? [type] : []));
}

/**
 * A hub with a member that does not read, enough lines to pause the room for it, a member that sends much, and one that
 * sends little.
 */
function pausedRoom() {
  const world = new World();
  const hub = world.hub();
  const [slow, busy, light] = [world.program(), world.program(), world.program()];
  for (const program of [slow, busy, light]) program.connect().send("hi\n");
  slow.setReading(false);
  const line = "x".repeat(1024);
  busy.send(`${line}\n`.repeat(lightSenderMaxBytes / line.length));
  hub.sayAll(Array.from({ length: (2 * outQueueHighBytes) / line.length }, () => line));
  const [, busyPeer, lightPeer] = [...hub.chat.peers.values()];
  const arePaused = () => [busyPeer!, lightPeer!].map((peer) => isReadPaused(hub.chat, peer));
  return { world, hub, light, arePaused };
}

test("a room paused for a slow member stays paused when standard output drains", () => {
  const { world, hub, arePaused } = pausedRoom();
  expect([...hub.chat.pausedBy]).toEqual(["room"]);
  hub.dispatch({ type: "output-paused", paused: true });
  expect(arePaused()).toEqual([true, true]);
  const before = hub.sent.length;
  hub.dispatch({ type: "output-paused", paused: false });
  expect(readEffects(hub, before)).toEqual(["read-peers"]);
  expect(arePaused()).toEqual([true, false]);
  world.pass(roomPauseLoopbackMs);
  expect([arePaused(), readEffects(hub, before)]).toEqual([
    [false, false],
    ["read-peers", "read-peer"],
  ]);
});

test("a paused room reads a member that sends little, up to its bound, and its lines are shown at once", () => {
  const { hub, light, arePaused } = pausedRoom();
  light.send("honest\n");
  expect(hub.receivedLines().at(-1)).toContain("honest");
  light.send("x".repeat(lightSenderMaxBytes - "hi\nhonest\n".length));
  expect(arePaused()).toEqual([true, false]);
  light.send("\n");
  expect(arePaused()).toEqual([true, true]);
});

test("unread standard output keeps reading paused when the room's pause is over", () => {
  const { world, hub, arePaused } = pausedRoom();
  hub.dispatch({ type: "output-paused", paused: true });
  const before = hub.sent.length;
  world.pass(roomPauseLoopbackMs);
  expect([...hub.chat.pausedBy]).toEqual(["stdout"]);
  expect(arePaused()).toEqual([true, true]);
  hub.dispatch({ type: "output-paused", paused: false });
  expect(readEffects(hub, before)).toEqual(["read-peer", "read-peers"]);
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
