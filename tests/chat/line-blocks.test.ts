/** Lines taken as one block are reported and relayed byte for byte like single lines. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Config } from "../../src/chat/config/config.ts";
import { getName } from "../../src/chat/model/chat.ts";
import { lineModeFor } from "../../src/chat/room/line-mode.ts";
import { formatMessage } from "../../src/cli/output/plain-output.ts";
import { chunkLinesFirst } from "../../src/protocol/limits.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { type Duet, homeTarget, type Program, World } from "../support/chat-world.ts";
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

/** A duet that receives lines, the program that sends them, and what the others have received in the end. */
interface Reader {
  readonly duet: Duet;
  readonly sender: Program;
  readonly received: () => unknown;
}

type OpenReader = (world: World, over: Partial<Config>) => Reader;

const openHub: OpenReader = (world, over) => {
  const hub = world.hub({ headless: true, ...over });
  const [sender, raw] = [world.program().connect(), world.program().connect()];
  const ann = world.member("ann");
  sender.send("hello\n");
  raw.send("hello\n");
  return { duet: hub, sender, received: () => [raw.received, ann.receivedLines()] };
};

/** Bytes are relayed as they are, and shown as lines. */
const openRawHub: OpenReader = (world, over) => openHub(world, { raw: true, ...over });

/** A client of a raw server. */
const openClient: OpenReader = (world, over) => {
  const server = world.program().listen();
  const duet = world.duet({ headless: true, ...over });
  duet.open({ role: "connect", target: homeTarget });
  return { duet, sender: server, received: () => server.received };
};

/** The duet's printed output, and what its peers received. */
function receive(open: OpenReader, taken: readonly Read[], over: Partial<Config>) {
  const world = new World();
  const { duet, sender, received } = open(world, over);
  const checkModes = (): void => {
    for (const peer of duet.chat.peers.values())
      expect(peer.inbound.lineMode).toEqual(lineModeFor(duet.chat, peer));
  };
  for (const { bytes, cutAt, pauseMs, command } of taken) {
    const cut = Math.round((cutAt ?? 0) * bytes.length);
    for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)])
      if (piece.length > 0) sender.send(piece);
    world.pass(pauseMs);
    checkModes();
    const [peer] = duet.chat.peers.values();
    if (command !== "" && peer !== undefined) duet.command(command.replace("SPEAKER", getName(peer)));
    checkModes();
  }
  sender.fin();
  world.pass(5000);
  const printed = duet.outputs.map((output) =>
    output.type === "lines" ? Buffer.from(output.bytes).toString() : (formatMessage(output) ?? ""),
  );
  const blocks = duet.outputs.filter(({ type }) => type === "lines").length;
  return { printed: printed.join(""), received: received(), blocks };
}

test.each([
  ["a hub", openHub],
  ["a hub with --raw", openRawHub],
  ["a client of a raw server", openClient],
] as const)("%s prints and relays blocks as single lines, however the reads are cut", (_name, open) => {
  let blocks = 0;
  fc.assert(
    fc.property(reads, (taken) => {
      const fast = receive(open, taken, { reportLines: true });
      const slow = receive(open, taken, { reportLines: false });
      blocks += fast.blocks;
      expect(slow.blocks).toBe(0);
      expect({ ...fast, blocks: 0 }).toEqual(slow);
    }),
    { numRuns: 300 },
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
