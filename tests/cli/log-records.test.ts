/** Logs that end within a record, as after kill -9 or on a full disk: the next run cuts them back, and reports it once. */

import { beforeAll, describe, expect, test } from "bun:test";
import fs from "node:fs";
import type { FindLogEnd, LogEnd } from "../../src/cli/files/log-end.ts";
import { RotatedFile } from "../../src/cli/files/rotated-file.ts";
import { formatHex } from "../../src/cli/logs/hex-log.ts";
import { findEventsEnd, findHexEnd, findTextEnd } from "../../src/cli/logs/log-records.ts";
import { findPacketsEnd } from "../../src/cli/logs/packet-blocks.ts";
import { encodePacketBlock, encodeSectionStart } from "../../src/protocol/capture/pcapng.ts";
import { logSearchChunkBytes, packetBlockMaxBytes } from "../../src/protocol/limits.ts";
import { isSentence, type Sentence } from "../../src/words/sentences/sentence.ts";
import { Folder, startDuet } from "../support/duet.ts";
import { startProgram } from "../support/processes.ts";
import { startClient } from "../support/raw-client.ts";
import { seeded } from "../support/seeded.ts";
import { english } from "../support/words.ts";

/** Bytes that look like the beginnings and ends of records of each kind. */
const hostileBytes = Buffer.concat([
  ...[
    '{"type":"message"',
    "\n",
    "> 2026-01-01T00:00:00.000Z tcp x 9 B\n",
    "2026-01-01T00:00:00.000Z half\n",
    "你好\n",
  ].map(Buffer.from),
  encodeSectionStart("evil", "made up"),
  encodePacketBlock(Buffer.from("evil"), 1, "made up"),
  Buffer.from(`${"x".repeat(300)}\n`),
]);

type Kind = "events" | "text" | "hex" | "packets";

interface Recording {
  readonly name: string;
  readonly findEnd: FindLogEnd;
  /** A record that the next run writes. */
  readonly next: string | Uint8Array;
  /** The offsets at which a record ends, found from the whole file. */
  readonly boundaries: (bytes: Buffer) => readonly number[];
}

const kinds: Readonly<Record<Kind, Recording>> = {
  events: {
    name: "log.ndjson",
    findEnd: findEventsEnd,
    next: '{"type":"next"}\n',
    boundaries: (bytes) => lineEnds(bytes),
  },
  text: {
    name: "log.txt",
    findEnd: findTextEnd,
    next: "2026-01-01T00:00:00.000Z next\n",
    boundaries: (bytes) => lineEnds(bytes),
  },
  hex: {
    name: "log.hex",
    findEnd: findHexEnd,
    next: formatHex("in", "tcp", "peer", Buffer.from("next")),
    boundaries: hexEnds,
  },
  packets: {
    name: "log.pcapng",
    findEnd: findPacketsEnd,
    next: encodeSectionStart("duet", "next"),
    boundaries: blockEnds,
  },
};

function lineEnds(bytes: Buffer): readonly number[] {
  return [...bytes.keys()].filter((offset) => bytes[offset] === 0x0a).map((offset) => offset + 1);
}

/** Before each line that begins with an arrow, and at the end. */
function hexEnds(bytes: Buffer): readonly number[] {
  return [...lineEnds(bytes).filter((offset) => "<>".includes(String.fromCharCode(bytes[offset] ?? 0x3c)))];
}

function blockEnds(bytes: Buffer): readonly number[] {
  const ends: number[] = [];
  for (let end = 0; end < bytes.length; ends.push(end)) end += bytes.readUInt32LE(end + 4);
  return ends;
}

const recordings = new Map<Kind, Buffer>();

/** Records a chat of two duets and of a hostile raw peer, in every kind of log. */
beforeAll(async () => {
  using folder = new Folder();
  const path = (kind: Kind): string => folder.join(kinds[kind].name);
  const logs = ["-o", path("events"), "-x", path("hex"), "--export", path("packets")];
  await using host = startDuet(["-l", "0", "--plain", "-v", ...logs], { folder });
  const port = await host.port();
  await using guest = startDuet(["127.0.0.1", String(port), "--plain", "-o", path("text")], { folder });
  await guest.waitForError(/ESTABLISHED/);
  using client = await startClient(port);
  for (let turn = 0; turn < 20; turn += 1) {
    client.write(hostileBytes);
    guest.write(`line ${turn} of 你好 {"type":"x"}\n`);
    await host.waitForLine(`line ${turn} of`);
  }
  await guest.waitForLine(/x{300}/);
  client.end();
  guest.signal("SIGTERM");
  await guest.waitForExit();
  host.signal("SIGTERM");
  await host.waitForExit();
  for (const kind of Object.keys(kinds) as Kind[]) recordings.set(kind, fs.readFileSync(path(kind)));
});

/** Opens a log with these bytes, writes one record more, and returns what the file has then. */
async function reopen(
  { name, findEnd, next }: Recording,
  content: Uint8Array,
): Promise<{ readonly bytes: Buffer; readonly notes: readonly Sentence[] }> {
  using folder = new Folder();
  const path = folder.join(name);
  fs.writeFileSync(path, content);
  const file = RotatedFile.open(path, { findEnd, onError: () => {} });
  if (isSentence(file)) throw new Error(english.word(file));
  file.write(next);
  await file.flush(1000);
  return { bytes: fs.readFileSync(path), notes: file.notes };
}

const cuts = 200;
/** Of these, one in so many is made in a file, for which all open files of the machine are looked at. */
const reopenedShare = 9;

/** The end that duet finds of a log with these bytes. */
function findEndOf({ findEnd }: Recording, content: Uint8Array): LogEnd {
  if (content.length === 0) return { kind: "whole" };
  const bytes = Buffer.from(content);
  return findEnd((offset, length) => bytes.subarray(offset, offset + length), bytes.length);
}

test.each(Object.keys(kinds) as Kind[])(
  "a log of %s, cut anywhere, is cut back to its last whole record",
  async (kind) => {
    const recording = kinds[kind];
    const whole = recordings.get(kind)!;
    const ends = [0, ...recording.boundaries(whole)];
    expect(ends.at(-1)).toBe(whole.length);
    expect(ends.length).toBeGreaterThan(50);
    const random = seeded(15);
    for (let cut = 0; cut <= cuts; cut += 1) {
      const end = ends[Math.floor(random() * ends.length)]!;
      // Half of the cuts are at a boundary, or within three bytes of one.
      const at =
        cut % 2 === 0 ? Math.floor(random() * whole.length) : Math.min(whole.length, end + ((cut % 7) >> 1));
      const isUnterminated = kind === "events" && ends.includes(at + 1) && at > 0;
      const kept = isUnterminated ? at + 1 : ends.findLast((offset) => offset <= at)!;
      const left = whole.subarray(0, at);
      expect(findEndOf(recording, left)).toEqual(
        isUnterminated
          ? { kind: "unterminated" }
          : kept < at
            ? { kind: "unfinished", wholeBytes: kept }
            : { kind: "whole" },
      );
      if (cut % reopenedShare !== 0) continue;
      const { bytes, notes } = await reopen(recording, left);
      const expected = Buffer.concat([whole.subarray(0, kept), Buffer.from(recording.next)]);
      // Not toEqual, which takes 50 ms for such a file.
      expect(bytes.equals(expected)).toBe(true);
      expect(notes.map(({ id, params }) => [id, params])).toEqual(
        kept < at ? [["log-mended", { path: expect.any(String), bytes: at - kept }]] : [],
      );
    }
  },
  60_000,
);

describe("what duet has not written is not cut:", () => {
  test.each([
    ["events", "a note of mine"],
    ["text", "a note of mine\nand one more"],
    ["text", "20 km"],
    ["hex", "a note of mine\n> a quotation"],
    ["hex", "> a quotation\n\nand its end"],
  ] as const)("%s after %j", async (kind, before) => {
    const { bytes, notes } = await reopen(kinds[kind], Buffer.from(before));
    expect(bytes.toString()).toBe(`${before}\n${kinds[kind].next.toString()}`);
    expect(notes).toEqual([]);
  });

  test.each([
    ["two letters", Buffer.from("hi"), 0],
    ["a line", Buffer.from("a file of mine, which is no capture"), 0],
    ["half a packet with a section behind it", packetsWithin(40), 1],
    ["a length longer than any packet of ours", withLength(packetBlockMaxBytes + 4), 1],
    ["a length of no block", withLength(13), 1],
    ["a length of nothing", withLength(0), 1],
  ] satisfies [string, Uint8Array, number][])("packets after %s", (_what, content, sections) => {
    const atByte = sections * encodeSectionStart("duet", "").length;
    using folder = new Folder();
    const path = folder.join("log.pcapng");
    fs.writeFileSync(path, content);
    const file = RotatedFile.open(path, { findEnd: findPacketsEnd, onError: () => {} });
    expect(file).toEqual({ id: "log-damaged", params: { path, atByte } });
    expect(fs.readFileSync(path).equals(content)).toBe(true);
  });
});

/** A section, so many bytes of a packet, and a section, as a run after kill -9 once left them. */
function packetsWithin(bytes: number): Buffer {
  const section = encodeSectionStart("duet", "");
  return Buffer.concat([
    section,
    encodePacketBlock(Buffer.alloc(60), 1, "cut").subarray(0, bytes),
    section,
    section,
  ]);
}

/** A section and the beginning of a packet that claims this length. */
function withLength(length: number): Buffer {
  const packet = Buffer.from(encodePacketBlock(Buffer.alloc(60), 1, "cut"));
  packet.writeUInt32LE(length, 4);
  return Buffer.concat([encodeSectionStart("duet", ""), packet]);
}

test("a packet of the longest length is still unfinished", async () => {
  const section = encodeSectionStart("duet", "");
  const { bytes, notes } = await reopen(kinds.packets, withLength(packetBlockMaxBytes));
  expect(bytes).toEqual(Buffer.concat([section, encodeSectionStart("duet", "next")]));
  expect(notes).toHaveLength(1);
});

test("the end is found beyond one piece of the search, and at its edge", async () => {
  for (const length of [
    logSearchChunkBytes - 1,
    logSearchChunkBytes,
    logSearchChunkBytes + 1,
    3 * logSearchChunkBytes,
  ]) {
    const before = '{"type":"first"}\n';
    const half = '{"type":"'.padEnd(length, "x");
    expect((await reopen(kinds.events, Buffer.from(before + half))).bytes.toString()).toBe(
      before + kinds.events.next,
    );
    const payload = formatHex("out", "tcp", "peer", Buffer.alloc(Math.ceil(length / 5)));
    const hex = Buffer.from(payload + payload.slice(0, -1));
    expect((await reopen(kinds.hex, hex)).bytes.toString()).toBe(payload + kinds.hex.next);
  }
});

test("half a record of a process that still writes is left to it", async () => {
  using folder = new Folder();
  const path = folder.join("log.ndjson");
  fs.writeFileSync(path, '{"type":"half');
  await using writer = startProgram(["bash", "-c", `exec 9>> '${path}'; echo ready; read -r`]);
  await writer.waitForLine("ready");
  const file = RotatedFile.open(path, { findEnd: findEventsEnd, onError: () => {} });
  expect(isSentence(file) ? file : file.notes).toEqual([]);
  expect(fs.statSync(path).size).toBe(13);
});
