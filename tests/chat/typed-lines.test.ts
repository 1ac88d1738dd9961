/** Much input of the person that waits at once: a turn of the event loop sends some, and the next turns the rest. */

import { expect, test } from "bun:test";
import { acceptSilenceMs, typedLinesPerTurn } from "../../src/protocol/limits.ts";
import { World } from "../support/chat-world.ts";

const counts = [typedLinesPerTurn, typedLinesPerTurn + 1, 5 * typedLinesPerTurn];

/** `count` numbered lines. */
function listLines(count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => `line ${number}\n`);
}

// In both tests the only peer sends nothing more, so no event of the network makes the session go on.

test.each(counts)("%i lines that were typed at once are all sent, in order", (count) => {
  const world = new World();
  const hub = world.hub();
  const peer = world.program().connect().send("hi\n");
  const { length } = peer.received;
  const lines = listLines(count);
  const text = lines.join("");
  hub.sayAll(lines.map((line) => line.slice(0, -1)));
  expect(peer.received.slice(length)).toBe(text);
  expect(hub.chat.input.waitingLines).toBe(0);
});

test.each(counts)("%i pieces of standard input that waited for a peer are all sent, in order", (count) => {
  const world = new World();
  const hub = world.hub({ raw: true, headless: true });
  const pieces = listLines(count);
  for (const piece of pieces) hub.pipe(piece);
  const peer = world.program().connect();
  world.pass(acceptSilenceMs);
  expect(peer.received).toBe(pieces.join(""));
  expect(hub.chat.input.waitingLines).toBe(0);
});
