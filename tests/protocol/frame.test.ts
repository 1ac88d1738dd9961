/** Frames on the wire: golden lines, lines that are no frames, and random ones. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { anyCodePoint } from "../support/code-points.ts";
import type { Frame, MessageFrame } from "../../src/protocol/frames/frame.ts";
import { datagramFrameMaxBytes, messageMaxBytes } from "../../src/protocol/limits.ts";
import { encodeBanner } from "../../src/protocol/frames/frame-codec.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { framePrefix } from "../../src/protocol/frames/frame-codec.ts";
import { isBanner } from "../../src/protocol/frames/frame-codec.ts";
import { canBecomeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { parseFrame } from "../../src/protocol/frames/frame-codec.ts";
import { encodeMessage, PartJoiner, UnfinishedMessages } from "../../src/protocol/frames/message-parts.ts";

const identity = "ez766yczclup7yhf6i62olvry4omb6qgifcmxcej7t7x2nzatt3j";
const epoch = "00112233445566778899aabbccddeeff";

const golden: readonly (readonly [string, Frame])[] = [
  [
    'duet/1 {"type":"hello","name":"alice","session":"0123456789ab","key":"fedc"}',
    { type: "hello", name: "alice", session: "0123456789ab", key: "fedc" },
  ],
  [
    'duet/1 {"type":"welcome","you":2,"key":"k","members":[{"number":1,"name":"bob","address":"127.0.0.1:8080"},{"number":2,"name":"alice"}]}',
    {
      type: "welcome",
      you: 2,
      key: "k",
      members: [
        { number: 1, name: "bob", address: "127.0.0.1:8080" },
        { number: 2, name: "alice" },
      ],
    },
  ],
  [
    'duet/1 {"type":"welcome","you":2,"key":"k","members":[{"number":2,"name":"alice"}],"rest":3}',
    { type: "welcome", you: 2, key: "k", members: [{ number: 2, name: "alice" }], rest: 3 },
  ],
  [
    `duet/1 {"type":"joined","number":3,"name":"bob","identity":"${identity}","epoch":"${epoch}"}`,
    { type: "joined", number: 3, name: "bob", identity, epoch },
  ],
  [
    `duet/1 {"type":"hello","name":"bob","session":"s","key":"k","epoch":"${epoch}"}`,
    { type: "hello", name: "bob", session: "s", key: "k", epoch },
  ],
  ['duet/1 {"type":"joined","number":3,"name":"你好"}', { type: "joined", number: 3, name: "你好" }],
  ['duet/1 {"type":"left","number":3,"reason":"closed"}', { type: "left", number: 3, reason: "closed" }],
  ['duet/1 {"type":"renamed","name":"carol"}', { type: "renamed", name: "carol" }],
  [
    'duet/1 {"type":"message","id":7,"text":"hi","again":3}',
    { type: "message", id: 7, text: "hi", again: 3 },
  ],
  [
    'duet/1 {"type":"message","id":7,"text":"","sealed":"AAAA","from":2,"to":3}',
    { type: "message", id: 7, text: "", sealed: "AAAA", from: 2, to: 3 },
  ],
  ['duet/1 {"type":"message","id":7,"text":"hi\\nthere"}', { type: "message", id: 7, text: "hi\nthere" }],
  [
    'duet/1 {"type":"message","id":7,"text":"x","from":2,"to":1,"action":true,"part":1,"parts":2}',
    { type: "message", id: 7, text: "x", from: 2, to: 1, action: true, part: 1, parts: 2 },
  ],
  [
    'duet/1 {"type":"undelivered","id":7,"to":3,"reason":"gone"}',
    { type: "undelivered", id: 7, to: 3, reason: "gone" },
  ],
  [
    'duet/1 {"type":"hello","name":"eve","session":"s","key":"k","delivery":1}',
    { type: "hello", name: "eve", session: "s", key: "k", delivery: 1 },
  ],
  [
    'duet/1 {"type":"hello","name":"eve","session":"s","key":"k","member":2}',
    { type: "hello", name: "eve", session: "s", key: "k", member: 2 },
  ],
  [
    'duet/1 {"type":"ping","number":7,"at":"127.0.0.1:8080","proof":"0f"}',
    { type: "ping", number: 7, at: "127.0.0.1:8080", proof: "0f" },
  ],
  [
    'duet/1 {"type":"receipt","stage":"read","first":7,"last":9,"from":3}',
    { type: "receipt", stage: "read", first: 7, last: 9, from: 3 },
  ],
  [
    'duet/1 {"type":"ack","upTo":4,"also":[[6,8],[10,10]],"delayMs":25}',
    {
      type: "ack",
      upTo: 4,
      also: [
        [6, 8],
        [10, 10],
      ],
      delayMs: 25,
    },
  ],
  [
    'duet/1 {"type":"ack","upTo":4,"delayMs":0,"busy":true}',
    { type: "ack", upTo: 4, delayMs: 0, busy: true },
  ],
  ['duet/1 {"type":"skip","upTo":5}', { type: "skip", upTo: 5 }],
  ['duet/1 {"type":"ping","number":5}', { type: "ping", number: 5 }],
  ['duet/1 {"type":"pong","number":5}', { type: "pong", number: 5 }],
  ['duet/1 {"type":"rekey","step":2,"noise":"AAA="}', { type: "rekey", step: 2, noise: "AAA=" }],
  [
    `duet/1 {"type":"verify","step":"commit","of":"${"0a".repeat(8)}","value":"${"0a".repeat(32)}"}`,
    { type: "verify", step: "commit", of: "0a".repeat(8), value: "0a".repeat(32) },
  ],
  [
    `duet/1 {"type":"verify","step":"reveal","of":"${"0a".repeat(8)}","value":"${"bc".repeat(16)}","to":3}`,
    { type: "verify", step: "reveal", of: "0a".repeat(8), value: "bc".repeat(16), to: 3 },
  ],
  [
    `duet/1 {"type":"verify","step":"same","of":"${"0a".repeat(8)}","to":3,"from":2}`,
    { type: "verify", step: "same", of: "0a".repeat(8), to: 3, from: 2 },
  ],
  [
    `duet/1 {"type":"verify","step":"end","of":"${"0a".repeat(8)}","why":"different"}`,
    { type: "verify", step: "end", of: "0a".repeat(8), why: "different" },
  ],
  ['duet/1 {"type":"goodbye","reason":"left"}', { type: "goodbye", reason: "left" }],
];

describe("golden frames", () => {
  for (const [line, frame] of golden) {
    test(line.slice(0, 60), () => {
      expect(encodeFrame(frame)).toBe(line);
      expect(parseFrame(line)).toEqual({ kind: "frame", frame, key: undefined });
    });
  }

  test("the receiver's key is a field of the frame", () => {
    const line = encodeFrame({ type: "ping", number: 1 }, "secret");
    expect(line).toBe('duet/1 {"type":"ping","number":1,"k":"secret"}');
    expect(parseFrame(line)).toEqual({ kind: "frame", frame: { type: "ping", number: 1 }, key: "secret" });
  });

  test("a padded hello has exactly the requested length, and parses to the same hello", () => {
    const hello: Frame = { type: "hello", name: "你好", session: "s", key: "k" };
    const line = encodeFrame(hello, undefined, datagramFrameMaxBytes);
    expect(Buffer.byteLength(line)).toBe(datagramFrameMaxBytes);
    expect(parseFrame(line)).toEqual({ kind: "frame", frame: hello, key: undefined });
  });
});

describe("lines that are no frames", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["", "text"],
    ["hello", "text"],
    ["duet/1", "text"],
    ["duet/1 is a protocol", "text"],
    [' duet/1 {"type":"ping","number":1}', "text"],
    ["duet/1 {", "malformed"],
    ["duet/1 {}", "malformed"],
    ['duet/1 {"type":7}', "malformed"],
    ['duet/1 {"type":"hello","name":"x"}', "malformed"],
    ['duet/1 {"type":"hello","name":"x","session":"","key":"k"}', "malformed"],
    [`duet/1 {"type":"hello","name":"x","session":"${"s".repeat(65)}","key":"k"}`, "malformed"],
    ['duet/1 {"type":"message","id":-1,"text":"x"}', "malformed"],
    ['duet/1 {"type":"message","id":1.5,"text":"x"}', "malformed"],
    ['duet/1 {"type":"message","id":1,"text":"x","part":1}', "malformed"],
    ['duet/1 {"type":"message","id":1,"text":"","sealed":"AAAA"}', "malformed"],
    ['duet/1 {"type":"message","id":1,"text":"x","sealed":"AAAA","to":2}', "malformed"],
    ['duet/1 {"type":"message","id":1,"text":"","sealed":7,"to":2}', "malformed"],
    [`duet/1 {"type":"message","id":1,"text":"","to":2,"sealed":"${"A".repeat(messageMaxBytes)}"}`, "frame"],
    [
      `duet/1 {"type":"message","id":1,"text":"","to":2,"sealed":"${"A".repeat(messageMaxBytes + 1)}"}`,
      "malformed",
    ],
    ['duet/1 {"type":"message","id":1,"text":"x","part":3,"parts":2}', "malformed"],
    ['duet/1 {"type":"welcome","you":1,"key":"k","members":[{"number":1}]}', "malformed"],
    ['duet/1 {"type":"ping","number":"1"}', "malformed"],
    ['duet/1 {"type":"receipt","stage":"shown","first":1,"last":1}', "malformed"],
    ['duet/1 {"type":"receipt","stage":"read","first":1}', "malformed"],
    ['duet/1 {"type":"ack","upTo":1,"also":[[1]]}', "malformed"],
    ['duet/1 {"type":"ack","upTo":1,"also":{}}', "malformed"],
    ['duet/1 {"type":"ack"}', "malformed"],
    ['duet/1 {"type":"skip","upTo":-1}', "malformed"],
    ['duet/1 {"type":"tomorrow","number":1}', "unknown"],
    ['duet/2 {"type":"hello","name":"x"}', "later-version"],
    ["duet/2 is a program", "text"],
    ['duet/0 {"type":"hello"}', "text"],
  ];
  for (const [line, kind] of cases) {
    test(`${line.slice(0, 60) || "an empty line"} → ${kind}`, () =>
      expect(parseFrame(line).kind).toBe(kind as never));
  }

  test.each([
    { identity },
    { epoch },
    { identity: identity.slice(1), epoch },
    { identity: `${identity}a`, epoch },
    { identity: identity.replace("e", "1"), epoch },
    { identity, epoch: epoch.toUpperCase() },
    { identity, epoch: epoch.slice(1) },
    { identity, epoch: `${epoch}0` },
    { identity: 7, epoch: [] },
  ])("a member with %j has no key", (fields) => {
    const line = `duet/1 ${JSON.stringify({ type: "joined", number: 3, name: "bob", ...fields })}`;
    expect(parseFrame(line)).toMatchObject({ frame: { type: "joined", number: 3, name: "bob" } });
    expect(parseFrame(line)).not.toHaveProperty("frame.identity");
    expect(parseFrame(line)).not.toHaveProperty("frame.epoch");
  });

  test("unknown fields are ignored", () => {
    expect(parseFrame('duet/1 {"type":"ping","number":1,"colour":"red"}')).toMatchObject({
      kind: "frame",
      frame: { type: "ping", number: 1 },
    });
  });

  test("no input after the prefix makes the parser throw or adds an unknown field", () => {
    const known = new Set([
      "type",
      "number",
      "name",
      "address",
      "reason",
      "session",
      "key",
      "you",
      "members",
    ]);
    for (const field of ["id", "text", "from", "to", "action", "part", "parts"]) known.add(field);
    const fields = fc.dictionary(fc.constantFrom(...known, "__proto__", "evil"), fc.jsonValue());
    const type = fc.constantFrom(...golden.map(([, frame]) => frame.type));
    fc.assert(
      fc.property(type, fields, (kind, body) => {
        const parsed = parseFrame(framePrefix + JSON.stringify({ ...body, type: kind }));
        if (parsed.kind !== "frame") return;
        for (const name of Object.keys(parsed.frame)) expect(known.has(name)).toBe(true);
      }),
      { seed: 1, numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.string({ unit: anyCodePoint }), (text) => void parseFrame(framePrefix + text)),
      { seed: 2, numRuns: 2000 },
    );
  });

  test("every frame parses to itself", () => {
    const text = fc.string({ unit: anyCodePoint, maxLength: 200 });
    const number = fc.maxSafeNat();
    const frames = fc.oneof(
      fc.record({ type: fc.constant("message" as const), id: number, text }),
      fc.record({ type: fc.constant("message" as const), id: number, text, from: number, to: number }),
      fc.record({ type: fc.constant("joined" as const), number, name: text }),
      fc.record({ type: fc.constant("goodbye" as const), reason: text }),
    );
    fc.assert(
      fc.property(frames, (frame) => {
        const line = encodeFrame(frame);
        expect(line).not.toContain("\n");
        expect(parseFrame(line)).toEqual({ kind: "frame", frame, key: undefined });
      }),
      { seed: 3, numRuns: 1000 },
    );
  });
});

test("the parts of a long message are whole code points, fit, and make the message", () => {
  const piece = fc.constantFrom("a", '"', "\\", "\x01", "\u00e9", "\u4f60", "\u{1F600}", "\uD800");
  const text = fc.array(piece, { minLength: 100, maxLength: 1000, size: "max" }).map((all) => all.join(""));
  const maxBytes = 200;
  fc.assert(
    fc.property(text, (whole) => {
      const lines = encodeMessage({ type: "message", id: 7, text: whole }, maxBytes);
      const texts = lines.map(
        (line) => (JSON.parse(line.slice(framePrefix.length)) as { text: string }).text,
      );
      expect(texts.join("")).toBe(whole);
      for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(maxBytes);
      // Only what is no code point in the message is none in a part.
      const halves = (one: string): number => one.match(/\p{Cs}/gu)?.length ?? 0;
      expect(texts.map(halves).reduce((sum, count) => sum + count, 0)).toBe(halves(whole));
    }),
    { seed: 4, numRuns: 300 },
  );
});

describe("the banner", () => {
  test("is readable for a person and recognised by a duet", () => {
    const banner = encodeBanner("alice", 3);
    expect(banner).toBe("duet/1 alice's room, 3 here. Type a line and press Enter.");
    expect(isBanner(banner)).toBe(true);
    expect(parseFrame(banner).kind).toBe("text");
  });

  test("is not every line with the prefix", () => {
    expect(isBanner("duet/1 alice's room")).toBe(false);
    expect(isBanner(`${encodeBanner("alice", 3)} More.`)).toBe(false);
    expect(isBanner(`<bob> ${encodeBanner("alice", 3)}`)).toBe(false);
  });

  test("is possible after each of its prefixes", () => {
    for (const whole of [encodeBanner("alice", 3), golden[0]![0]]) {
      for (let cut = 0; cut <= whole.length; cut += 1) expect(canBecomeFrame(whole.slice(0, cut))).toBe(true);
    }
    for (const text of ["h", "duet/2 is", "duets", "DUET/1 ", "duet/12345"])
      expect(canBecomeFrame(text)).toBe(false);
  });
});

describe("the parts of a sealed line", () => {
  const cut = (units: number): readonly MessageFrame[] =>
    encodeMessage({ type: "message", id: 7, from: 2, to: 3, text: "", sealed: "A".repeat(units) }, 1000).map(
      (line) => {
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(1000);
        const parsed = parseFrame(line);
        return (parsed.kind === "frame" ? parsed.frame : undefined) as MessageFrame;
      },
    );
  const join = (parts: readonly MessageFrame[]): readonly (string | undefined)[] => {
    const joiner = new PartJoiner(new UnfinishedMessages());
    return parts.map((part) => joiner.join(part, 0)).filter((whole) => whole !== undefined);
  };

  test("make the line, at most the bound of a message", () => {
    expect(cut(messageMaxBytes).every(({ text, to }) => text === "" && to === 3)).toBe(true);
    expect(join(cut(messageMaxBytes))).toEqual(["A".repeat(messageMaxBytes)]);
    expect(join(cut(messageMaxBytes + 1))).toEqual([]);
  });

  test("are not joined with those of a text", () => {
    const sealed = cut(2500);
    const text = sealed.map(({ sealed: content = "", ...rest }) => ({ ...rest, text: content }));
    expect(join([sealed[0]!, text[1]!, sealed[2]!])).toEqual([]);
    expect(join([sealed[0]!, text[0]!, sealed[1]!, text[1]!, sealed[2]!])).toEqual(["A".repeat(2500)]);
  });
});
