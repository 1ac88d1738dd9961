/** Each bound of the chat, at it and one past it. */

import { expect, test } from "bun:test";
import type { Frame, MessageFrame } from "../../src/protocol/frames/frame.ts";
import {
  addressMaxUnits,
  remoteMembersMax,
  malformedFramesMax,
  messageMaxBytes,
  partsMax,
  peerNoticesBurst,
  peersShownMax,
  splitLineMaxUnits,
  probeDatagramsMax,
  reasonMaxUnits,
  whoRowsMax,
} from "../../src/protocol/limits.ts";
import { encodeMessage, PartJoiner, UnfinishedMessages } from "../../src/protocol/frames/message-parts.ts";
import { InputQueue } from "../../src/chat/input-queue.ts";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import { type Duet, type Program, World } from "../support/chat-world.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";

/** A member of a hub whose frames the test writes. */
function hubByHand(): { readonly duet: Duet; readonly say: (...frames: readonly Frame[]) => void } {
  const world = new World();
  const server: Program = world.program().listen();
  const duet = world.member("ann");
  const say = (...frames: readonly Frame[]): void =>
    void server.send(frames.map((frame) => `${encodeFrame(frame)}\n`).join(""));
  say(
    { type: "hello", name: "hub", session: "s", key: "k" },
    { type: "welcome", you: 2, key: "k", members: [] },
  );
  return { duet, say };
}

test(`at most ${remoteMembersMax} members of a hub's room are kept, from welcome and joined together`, () => {
  const { duet, say } = hubByHand();
  for (let number = 3; number < 3 + remoteMembersMax; number += 1)
    say({ type: "joined", number, name: `n${number}` });
  expect(duet.peer().hostRoom.members.size).toBe(remoteMembersMax);
  say({ type: "joined", number: 9999, name: "late" });
  say({ type: "welcome", you: 2, key: "k", members: [{ number: 9998, name: "late" }] });
  expect(duet.peer().hostRoom.members.size).toBe(remoteMembersMax);
  say({ type: "left", number: 3, reason: "" }, { type: "joined", number: 9999, name: "late" });
  expect(duet.peer().hostRoom.members.get(9999)?.name).toBe("late");
});

test(`a presence resync remembers ${remoteMembersMax} names; one more ends it, and no member is removed`, () => {
  const { duet, say } = hubByHand();
  say({ type: "joined", number: 3, name: "stays" });
  say({ type: "welcome", you: 2, key: "k", members: [], rest: Number.MAX_SAFE_INTEGER });
  const joinAndLeave = (number: number): void =>
    say({ type: "joined", number, name: "n" }, { type: "left", number, reason: "" });
  for (let count = 0; count < remoteMembersMax; count += 1) joinAndLeave(10 + count);
  expect(duet.peer().hostRoom.resync?.named.size).toBe(remoteMembersMax);
  joinAndLeave(9999);
  expect(duet.peer().hostRoom.resync).toBeUndefined();
  expect([...duet.peer().hostRoom.members.keys()]).toEqual([3]);
});

test("an address and a reason from a hub are cut at their bounds", () => {
  const { duet, say } = hubByHand();
  say({ type: "joined", number: 3, name: "x", address: "a".repeat(addressMaxUnits + 1) });
  expect(duet.peer().hostRoom.members.get(3)?.address).toBe("a".repeat(addressMaxUnits));
  say({ type: "left", number: 3, reason: "r".repeat(reasonMaxUnits + 1) });
  expect(duet.notices().at(-1)).toBe(`x left: ${"r".repeat(reasonMaxUnits)}`);
});

test(`${peerNoticesBurst} notices about peers are shown at once, and one more is left out`, () => {
  const { duet, say } = hubByHand();
  say({ type: "joined", number: 3, name: "n" });
  const countNotices = () => duet.notices().filter((text) => / joined$| is now /.test(text)).length;
  for (let count = 2; count <= peerNoticesBurst; count += 1)
    say({ type: "renamed", number: 3, name: `n${count}` });
  expect(countNotices()).toBe(peerNoticesBurst);
  say({ type: "renamed", number: 3, name: "late" });
  expect(countNotices()).toBe(peerNoticesBurst);
});

test("connections that open and half-close cost no more notices than joins do", () => {
  const world = new World();
  const hub = world.hub();
  for (let count = 0; count < 3 * peerNoticesBurst; count += 1) {
    const program = world.program().connect();
    program.send("x\n");
    program.fin();
  }
  const states = hub.lines().filter((line) => line.includes("HALF-CLOSED"));
  expect(states.length).toBeGreaterThan(0);
  expect(states.length).toBeLessThanOrEqual(peerNoticesBurst);
  world.pass(1100);
  expect(hub.notices().at(-1)).toContain("more lines were left out");
});

test(`/who shows ${whoRowsMax} lines and counts the rest; the panel shows ${peersShownMax} peers`, () => {
  const { duet, say } = hubByHand();
  for (let number = 3; number < 1 + whoRowsMax; number += 1)
    say({ type: "joined", number, name: `n${number}` });
  const block = () => {
    const before = duet.notices().length;
    duet.command("/who");
    return duet.notices().slice(before);
  };
  expect(block()).toHaveLength(whoRowsMax);
  say({ type: "joined", number: 5000, name: "late" });
  expect(block()).toHaveLength(whoRowsMax + 1);
  expect(block().at(-1)).toBe("and 1 more");
  say({ type: "joined", number: 5001, name: "later" }, { type: "joined", number: 5002, name: "latest" });
  expect(selectScreen(duet.chat).peers).toHaveLength(peersShownMax);
});

test(`the first ${probeDatagramsMax} datagrams X are labelled as probes, and the next one is text`, () => {
  const world = new World();
  const hub = world.hub({}, "udp");
  const program = world.program("udp").connect();
  for (let count = 0; count <= probeDatagramsMax; count += 1) program.send("X");
  const { scrollback } = hub.chat.sides.udp.conversation;
  const last = scrollback.at(scrollback.length - 1);
  const before = scrollback.at(scrollback.length - 2);
  expect(before?.kind === "message" && before.note).toEqual(sentence("nc-probe"));
  expect(last?.kind === "message" && last.note).toBeUndefined();
});

test(`a text is joined from ${partsMax} parts, but not from ${partsMax + 1}`, () => {
  for (const [parts, whole] of [
    [partsMax, "x".repeat(partsMax)],
    [partsMax + 1, undefined],
  ] as const) {
    const joiner = new PartJoiner(new UnfinishedMessages());
    let joined: string | undefined;
    for (let part = 1; part <= parts; part += 1)
      joined = joiner.join({ type: "message", id: 1, text: "x", part, parts }, 0);
    expect(joined).toBe(whole);
  }
});

test("parts join in any order and interleaved, and duplicate or contradictory parts are ignored", () => {
  const joiner = new PartJoiner(new UnfinishedMessages());
  const part = (id: number, number: number, text: string, parts = 2): MessageFrame => ({
    type: "message",
    id,
    text,
    part: number,
    parts,
  });
  expect(joiner.join(part(1, 2, "b"), 0)).toBeUndefined();
  expect(joiner.join(part(2, 1, "c"), 0)).toBeUndefined();
  expect(joiner.join(part(1, 2, "B"), 0)).toBeUndefined();
  expect(joiner.join(part(1, 1, "a", 3), 0)).toBeUndefined();
  expect(joiner.join(part(1, 1, "a"), 0)).toBe("ab");
  expect(joiner.join(part(2, 2, "d"), 0)).toBe("cd");
});

test("the oldest of five unfinished texts is given up", () => {
  const joiner = new PartJoiner(new UnfinishedMessages());
  for (let id = 1; id <= 5; id += 1) joiner.join({ type: "message", id, text: "a", part: 1, parts: 2 }, 0);
  const end = (id: number) => joiner.join({ type: "message", id, text: "b", part: 2, parts: 2 }, 0);
  expect([end(2), end(3), end(4), end(5)]).toEqual(["ab", "ab", "ab", "ab"]);
  expect(end(1)).toBeUndefined();
});

test(`a joined text may have ${messageMaxBytes} bytes, and not one more`, () => {
  for (const extra of [0, 1]) {
    const joiner = new PartJoiner(new UnfinishedMessages());
    joiner.join({ type: "message", id: 1, text: "x".repeat(messageMaxBytes - 1), part: 1, parts: 2 }, 0);
    const joined = joiner.join({ type: "message", id: 1, text: "x".repeat(1 + extra), part: 2, parts: 2 }, 0);
    expect(joined?.length).toBe(extra === 0 ? messageMaxBytes : undefined);
  }
});

test(`the longest message in its longest encoding fits into ${partsMax} parts of 1,200 bytes`, () => {
  const text = "\u0001".repeat(messageMaxBytes);
  const frame: MessageFrame = { type: "message", id: 2 ** 52, from: 1024, text };
  const lines = encodeMessage(frame, 1200, "k".repeat(16));
  expect(lines.length).toBeLessThanOrEqual(partsMax);
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(1200);
});

test(`a line of ${splitLineMaxUnits} units is sent whole, a longer one is split, and no character is cut`, () => {
  const pieces = (text: string): readonly string[] => {
    const queue = new InputQueue();
    queue.addText(text);
    const found: string[] = [];
    for (let next = queue.next(true); next?.type === "typed"; next = queue.next(true)) found.push(next.text);
    return found;
  };
  expect(pieces("x".repeat(splitLineMaxUnits))).toHaveLength(1);
  expect(pieces("x".repeat(splitLineMaxUnits + 1)).map((text) => text.length)).toEqual([
    splitLineMaxUnits,
    1,
  ]);
  expect(pieces(`${"x".repeat(splitLineMaxUnits - 1)}🎉`).map((text) => text.length)).toEqual([
    splitLineMaxUnits - 1,
    2,
  ]);
});

test(`a peer is disconnected after more than ${malformedFramesMax} malformed frames`, () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  program.send(`${encodeFrame({ type: "hello", name: "eve", session: "s", key: "k" })}\n`);
  program.send("duet/1 {\n".repeat(malformedFramesMax));
  expect(hub.memberNames()).toEqual(["eve"]);
  program.send("duet/1 {\n");
  expect(hub.memberNames()).toEqual([]);
});
