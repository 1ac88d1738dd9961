/** Messages of a duet taken as one block are printed, relayed and confirmed like single frames. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Config } from "../../src/chat/config/config.ts";
import { lineModeFor } from "../../src/chat/room/line-mode.ts";
import { formatMessage } from "../../src/cli/output/plain-output.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import type { Frame } from "../../src/protocol/frames/frame.ts";
import { chunkLinesFirst, receivedIdsMax, receiptRoomMax, relayedIdsMax } from "../../src/protocol/limits.ts";
import { World } from "../support/chat-world.ts";
import { hostileText } from "../support/hostile-text.ts";

const plainText = fc.constantFrom("hello", "a, b; c", "<eve> hi", "/quit", "duet/1 {", "#1");
const messageText = fc.oneof(
  { weight: 6, arbitrary: plainText },
  { weight: 2, arbitrary: fc.constantFrom("你好 all", "é", "🎉", 'say "hi"', "C:\\dir", "a\nb", "a\tb", "") },
  hostileText,
  fc.constantFrom("x".repeat(4096), "x".repeat(4097), "y".repeat(9000)),
);
const message = fc
  .record({
    text: messageText,
    flags: fc.constantFrom({}, {}, {}, {}, {}, { action: true }, { to: 1 }, { to: 3 }, { again: 1 }),
  })
  .map(({ text, flags }) => ({ type: "message", id: 0, text, ...flags }) as const);
const other = fc.constantFrom<Frame>(
  { type: "ping", number: 7 },
  { type: "receipt", stage: "read", first: 1, last: 100 },
  { type: "renamed", name: "bob" },
  { type: "renamed", name: "你" },
);
/** Lines that a duet would not send, or no duet of this release. */
const foreign = fc.constantFrom(
  'duet/1 {"id":ID,"type":"message","text":"other order"}',
  'duet/1 {"type":"message","id":ID,"text":"ends early',
  'duet/1 {"type":"message","id":0ID,"text":"no JSON"}',
  'duet/1 {"type":"message","id":ID.0,"text":"a fraction"}',
  'duet/1 {"type":"message","id":ID,"text":"del \u007f"}',
  'duet/1 {"type":"message","id":ID,"text":"unknown","colour":"red"}',
  'duet/1 {"type":"message","id":9999999999999999,"text":"many digits"}',
  "duet/1 bob's room, 3 here. Type a line and press Enter.",
  "plain text",
);
const frame = fc.oneof(
  { weight: 12, arbitrary: message },
  { weight: 2, arbitrary: other },
  { weight: 1, arbitrary: foreign },
);
const invalid = fc
  .uint8Array({ minLength: 1, maxLength: 3 })
  .map((bytes) =>
    Buffer.concat([Buffer.from('duet/1 {"type":"message","id":5,"text":"'), bytes, Buffer.from('"}\n')]),
  );
const reads = fc.array(
  fc.record({
    frames: fc.array(frame, { maxLength: 20 }),
    after: fc.option(invalid, { freq: 8 }),
    cutAt: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    pauseMs: fc.constantFrom(0, 0, 50, 300),
  }),
  { maxLength: 6 },
);
type Reads = typeof reads extends fc.Arbitrary<infer Value> ? Value : never;

const hello = encodeFrame({ type: "hello", name: "eve", session: "s".repeat(24), key: "k" });

/** The host's ids also count what it reports, so that only their order is the same. */
function rankIds(lines: string): string {
  const ids = [...new Set([...lines.matchAll(/"id":(\d+)/g)].map(([, id]) => Number(id)))];
  const ranks = new Map(ids.toSorted((a, b) => a - b).map((id, rank) => [id, rank]));
  return lines.replaceAll(/"id":(\d+)/g, (_, id: string) => `"id":#${ranks.get(Number(id))}`);
}

/** What a host prints, and what its members receive, of a duet that sends these bytes. */
function receive(taken: Reads, over: Partial<Config>) {
  const world = new World();
  const hub = world.hub({ headless: true, ...over });
  const [sender, other, raw] = [
    world.program().connect(),
    world.program().connect(),
    world.program().connect(),
  ];
  sender.send(`${hello}\n`);
  other.send(`${hello.replace("ssss", "tttt").replace("eve", "ann")}\n`);
  raw.send("hello\n");
  const zoe = world.member("zoe");
  let id = 0;
  for (const { frames, after, cutAt, pauseMs } of taken) {
    const lines = frames.map((one) => {
      id += 1;
      if (typeof one === "string") return one.replaceAll("ID", String(id));
      return encodeFrame(one.type === "message" ? { ...one, id } : one);
    });
    const bytes = Buffer.concat([
      Buffer.from(lines.map((line) => `${line}\n`).join("")),
      after ?? Buffer.alloc(0),
    ]);
    const cut = Math.round((cutAt ?? 0) * bytes.length);
    for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)])
      if (piece.length > 0) sender.send(piece);
    world.pass(pauseMs);
    for (const peer of hub.chat.peers.values())
      expect(peer.inbound.lineMode).toEqual(lineModeFor(hub.chat, peer));
  }
  world.pass(5000);
  const printed = hub.outputs.map((output) =>
    output.type === "lines" ? Buffer.from(output.bytes).toString() : (formatMessage(output) ?? ""),
  );
  return {
    blocks: hub.outputs.filter(({ type }) => type === "lines").length,
    printed: printed.join(""),
    sender: sender.received,
    other: rankIds(other.received),
    raw: raw.received,
    zoe: zoe.receivedLines(),
    receivedIds: [...hub.chat.room.receivedIds.values()].map(({ ids }) => [...ids]),
    originalIds: hub.chat.room.relayedIds.map(({ author, originalId }) => [author, originalId]),
  };
}

test("a host prints, relays and confirms blocks of messages as single ones, however the reads are cut", () => {
  let blocks = 0;
  fc.assert(
    fc.property(reads, (taken) => {
      const fast = receive(taken, { reportLines: true });
      const slow = receive(taken, { reportLines: false });
      blocks += fast.blocks;
      expect(slow.blocks).toBe(0);
      expect({ ...fast, blocks: 0 }).toEqual(slow);
    }),
    { numRuns: 150 },
  );
  expect(blocks).toBeGreaterThan(50);
});

function encodeMessages(count: number, firstId = 1): string {
  const frames = Array.from({ length: count }, (_, index) =>
    encodeFrame({ type: "message", id: firstId + index, text: `line ${index}` }),
  );
  return `${frames.join("\n")}\n`;
}

test("a block of many messages is one output, and one payload for each kind of peer", () => {
  const world = new World();
  const hub = world.hub({ headless: true, reportLines: true });
  const [sender, raw] = [world.program().connect(), world.program().connect()];
  sender.send(`${hello}\n`);
  raw.send("hello\n");
  world.member("ann");
  const before = hub.sent.length;
  sender.send(encodeMessages(chunkLinesFirst - 1));
  const effects = hub.sent.slice(before).map((effect) => effect.type);
  expect(effects.toSorted()).toEqual(["publish", "publish", "report"]);
});

test("a block reaches a member over UDP as the same messages", () => {
  const world = new World();
  const hub = world.hub({ headless: true, reportLines: true });
  hub.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, "udp");
  const sender = world.program().connect();
  sender.send(`${hello}\n`);
  const [overUdp, overTcp] = [world.member("ann", "udp"), world.member("zoe")];
  world.pass(1000);
  sender.send(encodeMessages(3));
  world.pass(1000);
  const expected = ["<eve> line 0", "<eve> line 1", "<eve> line 2"];
  expect(overTcp.receivedLines()).toEqual(expected);
  expect(overUdp.receivedLines()).toEqual(expected);
});

test.each([
  [0, "a message that was sent again is known by its id in a block"],
  [1, "an id is forgotten after the last receivedIdsMax"],
])("%p later ids: %s", (later) => {
  const world = new World();
  const hub = world.hub({ headless: true, reportLines: true });
  const sender = world.program().connect();
  sender.send(`${hello}\n`);
  sender.send(encodeMessages(receivedIdsMax + later));
  const id = receivedIdsMax + 2;
  sender.send(`${encodeFrame({ type: "message", id, text: "once more", again: 1 })}\n`);
  expect(hub.receivedLines().filter((line) => line.endsWith("once more"))).toHaveLength(later);
});

test("the ids of a relayed block are bounded, and kept only in a room that sends receipts", () => {
  const world = new World();
  const hub = world.hub({ headless: true, reportLines: true });
  const sender = world.program().connect();
  sender.send(`${hello}\n`);
  world.member("ann");
  sender.send(encodeMessages(relayedIdsMax + 1));
  expect(hub.chat.room.relayedIds).toHaveLength(relayedIdsMax);
  expect(hub.chat.room.relayedIds.at(-1)?.originalId).toBe(relayedIdsMax + 1);
  while (hub.chat.room.members.size < receiptRoomMax) world.member("more");
  sender.send(encodeMessages(2, relayedIdsMax + 2));
  expect(hub.chat.room.relayedIds.at(-1)?.originalId).toBe(relayedIdsMax + 1);
});
