/** Messages in parts whose rest never arrives: one bound for all peers, and a time after which they are freed. */

import { expect, test } from "bun:test";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { PartJoiner, UnfinishedMessages } from "../../src/protocol/frames/message-parts.ts";
import {
  messageMaxBytes,
  partsMax,
  unfinishedMessageMs,
  unfinishedMessagesMax,
  unfinishedPartsMaxBytes,
} from "../../src/protocol/limits.ts";
import { type Program, World } from "../support/chat-world.ts";

const parts = 8;
const partText = "x".repeat(messageMaxBytes / parts);

function sendPart(program: Program, id: number, part: number, text = partText): void {
  program.send(`${encodeFrame({ type: "message", id, text, part, parts })}\n`);
}

/** A duet that sends all parts but the last of as many messages as may be unfinished. */
function joinWithUnfinished(world: World, number: number): Program {
  const program = world.program().connect();
  program.send(`${encodeFrame({ type: "hello", name: `d${number}`, session: `s${number}`, key: "k" })}\n`);
  for (let id = 1; id <= unfinishedMessagesMax; id += 1)
    for (let part = 1; part < parts; part += 1) sendPart(program, id, part);
  return program;
}

/** Three times as many as the bound has room for. */
const peersCount = 250;

test(`the unfinished messages of ${peersCount} peers take ${unfinishedPartsMaxBytes} bytes at most`, () => {
  const world = new World();
  const hub = world.hub();
  const { unfinishedMessages } = hub.chat;
  const programs = Array.from({ length: peersCount }, (_, number) => joinWithUnfinished(world, number));
  expect(unfinishedMessages.cost).toBeLessThanOrEqual(unfinishedPartsMaxBytes);
  expect(unfinishedMessages.cost).toBeGreaterThan(unfinishedPartsMaxBytes / 2);
  // The newest are kept, and a message that all send at once is still joined.
  sendPart(programs[peersCount - 1]!, unfinishedMessagesMax, parts, "end");
  sendPart(programs[0]!, 1, parts, "end");
  expect(hub.receivedLines()).toEqual([`<d${peersCount - 1}> ${partText.repeat(parts - 1)}end`]);
});

test(`an unfinished message is given up ${unfinishedMessageMs} ms after its last part, and frees its memory`, () => {
  const world = new World();
  const hub = world.hub();
  const program = joinWithUnfinished(world, 1);
  const ping = () => program.send(`${encodeFrame({ type: "ping", number: 1 })}\n`);
  const passAlive = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 10_000) {
      ping();
      world.pass(Math.min(10_000, ms - passed));
    }
  };
  passAlive(unfinishedMessageMs / 2);
  sendPart(program, 9, 1);
  passAlive(unfinishedMessageMs / 2 - 1);
  expect(hub.chat.unfinishedMessages.cost).toBeGreaterThan(2 * messageMaxBytes);
  passAlive(1);
  expect(hub.chat.unfinishedMessages.cost).toBeGreaterThan(0);
  expect(hub.chat.unfinishedMessages.cost).toBeLessThan(messageMaxBytes);
  passAlive(unfinishedMessageMs / 2);
  expect(hub.chat.unfinishedMessages.cost).toBe(0);
  expect(hub.chat.timers.has({ kind: "unfinished-messages", of: hub.peer().link.connection })).toBe(false);
  expect(hub.memberNames()).toEqual(["d1"]);
});

test("a peer that leaves frees its unfinished messages", () => {
  const world = new World();
  const hub = world.hub();
  const programs = [1, 2, 3].map((number) => joinWithUnfinished(world, number));
  expect(hub.chat.unfinishedMessages.cost).toBeGreaterThan(0);
  for (const program of programs) program.close("reset");
  expect(hub.chat.unfinishedMessages.cost).toBe(0);
});

test("many parts without text cost memory too; at the bound nothing is dropped, and one part more drops the oldest", () => {
  const all = new UnfinishedMessages();
  const joiners: PartJoiner[] = [];
  const begin = (): void => {
    joiners.push(new PartJoiner(all));
    joiners.at(-1)!.join({ type: "message", id: 1, text: "", part: 1, parts: partsMax }, 0);
  };
  begin();
  const each = all.cost;
  expect(each).toBeGreaterThan(8 * partsMax);
  while (all.cost + each <= unfinishedPartsMaxBytes) begin();
  expect(joiners.every((joiner) => joiner.staleMs !== undefined)).toBe(true);
  begin();
  expect(all.cost).toBeLessThanOrEqual(unfinishedPartsMaxBytes);
  expect(joiners.filter((joiner) => joiner.staleMs === undefined)).toEqual([joiners[0]!]);
});
