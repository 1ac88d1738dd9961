/** Lines taken as one block are reported and relayed byte for byte like single lines. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Config } from "../../src/chat/config/config.ts";
import { getName } from "../../src/chat/model/chat.ts";
import { lineModeFor } from "../../src/chat/room/line-mode.ts";
import { formatMessage } from "../../src/cli/output/plain-output.ts";
import { chunkLinesFirst } from "../../src/protocol/limits.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { World } from "../support/chat-world.ts";
import { hostileText } from "../support/hostile-text.ts";

const line = fc.oneof(
  { weight: 5, arbitrary: fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/\p{Cc}/gu, "")) },
  { weight: 2, arbitrary: hostileText },
  fc.constantFrom(
    "",
    "你好",
    "X",
    "/quit",
    "<eve> hi",
    "duet/1 ",
    "duet/1 {oops",
    encodeFrame({ type: "hello", name: "eve", session: "s", key: "k" }),
    encodeFrame({ type: "message", id: 1, text: "forged" }),
    "x".repeat(16 * 1024),
    "x".repeat(16 * 1024 + 1),
  ),
);
const end = fc.constantFrom("\n", "\n", "\n", "\r\n", "\r", "");
const text = fc
  .array(fc.tuple(line, end), { maxLength: 30 })
  .map((lines) => Buffer.from(lines.flat().join("")));
/** Ordinary text. */
const ordinary = fc
  .array(fc.constantFrom("hello", "你好 all", "é", "a, b; c", "🎉", "<eve> hi", "#1"), {
    minLength: 1,
    maxLength: 30,
  })
  .map((lines) => Buffer.from(lines.map((one) => `${one}\n`).join("")));
const invalid = fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes));
/** Commands of the host that change how the speaker's lines are received, or what is put before them. */
const command = fc.constantFrom(
  "",
  "",
  "",
  "",
  "/nick SPEAKER bob",
  "/nick SPEAKER 你",
  "/raw on",
  "/raw off",
  "/upgrade SPEAKER",
);
/** What comes together, in one read or cut into two somewhere, how long a pause follows, and a command. */
const reads = fc.array(
  fc.record({
    bytes: fc.oneof({ weight: 4, arbitrary: ordinary }, { weight: 2, arbitrary: text }, invalid),
    cutAt: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    pauseMs: fc.constantFrom(0, 0, 0, 300, 1500),
    command,
  }),
  { maxLength: 8 },
);

interface Read {
  readonly bytes: Buffer;
  readonly cutAt: number | null;
  readonly pauseMs: number;
  readonly command: string;
}

/** The hub's printed output, and the bytes and lines that the other members received. */
function runHub(taken: readonly Read[], over: Partial<Config>) {
  const world = new World();
  const hub = world.hub({ headless: true, ...over });
  const [sender, raw] = [world.program().connect(), world.program().connect()];
  const duet = world.member("ann");
  sender.send("hello\n");
  raw.send("hello\n");
  const checkModes = (): void => {
    for (const peer of hub.chat.peers.values())
      expect(peer.inbound.lineMode).toEqual(lineModeFor(hub.chat, peer));
  };
  for (const { bytes, cutAt, pauseMs, command } of taken) {
    const cut = Math.round((cutAt ?? 0) * bytes.length);
    for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)])
      if (piece.length > 0) sender.send(piece);
    world.pass(pauseMs);
    checkModes();
    const [peer] = hub.chat.peers.values();
    if (command !== "" && peer !== undefined) hub.command(command.replace("SPEAKER", getName(peer)));
    checkModes();
  }
  sender.fin();
  world.pass(5000);
  const printed = hub.outputs.map((output) =>
    output.type === "lines" ? Buffer.from(output.bytes).toString() : (formatMessage(output) ?? ""),
  );
  const blocks = hub.outputs.filter(({ type }) => type === "lines").length;
  return { printed: printed.join(""), raw: raw.received, duet: duet.receivedLines(), blocks };
}

test("blocks and single lines print the same and relay the same bytes, however the reads are cut", () => {
  let blocks = 0;
  fc.assert(
    fc.property(reads, (taken) => {
      const fast = runHub(taken, { reportLines: true });
      const slow = runHub(taken, { reportLines: false });
      blocks += fast.blocks;
      expect(slow.blocks).toBe(0);
      expect({ ...fast, blocks: 0 }).toEqual(slow);
    }),
    { numRuns: 400 },
  );
  expect(blocks).toBeGreaterThan(100);
});

test("a block of many lines is one output, and one payload for each kind of peer", () => {
  const lines = Array.from({ length: chunkLinesFirst - 1 }, (_, number) => `line ${number}\n`).join("");
  const world = new World();
  const hub = world.hub({ headless: true, reportLines: true });
  const [sender, raw] = [world.program().connect(), world.program().connect()];
  for (const one of [sender, raw]) one.send("hello\n");
  world.member("ann");
  const before = hub.sent.length;
  sender.send(lines);
  const effects = hub.sent.slice(before).map((effect) => effect.type);
  expect(effects.toSorted()).toEqual(["publish", "publish", "report"]);
});
