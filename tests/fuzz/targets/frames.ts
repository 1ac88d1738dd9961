/** Frames and the parts of messages: what is parsed and encoded again is the same, and parts are bounded. */

import {
  canBecomeFrame,
  encodeBanner,
  encodeFrame,
  framePrefix,
  isBanner,
  numberLine,
  orderMaxBytes,
  parseFrame,
} from "../../../src/protocol/frames/frame-codec.ts";
import type { MessageFrame } from "../../../src/protocol/frames/frame.ts";
import { encodeMessage, PartJoiner, UnfinishedMessages } from "../../../src/protocol/frames/message-parts.ts";
import {
  datagramFrameMaxBytes,
  messageMaxBytes,
  unfinishedPartsMaxBytes,
} from "../../../src/protocol/limits.ts";
import { demand, demandSame, type FuzzTarget } from "../target.ts";

/** Each line of the input is a frame; all parts belong to one peer, and are received ten seconds apart. */
function run(input: Uint8Array): void {
  const all = new UnfinishedMessages();
  const joiner = new PartJoiner(all);
  for (const [index, line] of Buffer.from(input).toString("utf8").split("\n").entries()) {
    const nowMs = 10_000 * index;
    checkHeads(line);
    checkLine(line, joiner, nowMs);
    demand((joiner.dropStale(nowMs) ?? nowMs + 1) > nowMs, "a part is stale after now");
    demand(all.cost <= unfinishedPartsMaxBytes, "unfinished messages are bounded", all.cost);
  }
  joiner.clear();
  demandSame([all.cost, joiner.staleMs ?? null], [0, null], "messages that are given up cost nothing");
}

/** What can become a frame could so from its first byte on. */
function checkHeads(line: string): void {
  const can = Array.from({ length: 48 }, (_, length) => canBecomeFrame(line.slice(0, length)));
  demandSame(can.lastIndexOf(true) + 1, can.indexOf(false) < 0 ? 48 : can.indexOf(false), "heads stay heads");
}

function checkLine(line: string, joiner: PartJoiner, nowMs: number): void {
  const parsed = parseFrame(line);
  if (parsed.kind === "text" && isBanner(line)) demand(line.length < 300, "a banner is short", line);
  if (parsed.kind !== "text" && parsed.kind !== "later-version")
    demand(
      canBecomeFrame(line.slice(0, 3)) && canBecomeFrame(line),
      "the head of a frame can become one",
      line,
    );
  if (parsed.kind !== "frame") return;
  const { frame, key, order } = parsed;
  const encoded = encodeFrame(frame, key);
  demand(encoded.startsWith(`${framePrefix}{`) && !encoded.includes("\n"), "a frame is one line", encoded);
  demandSame(
    parseFrame(encoded),
    { kind: "frame", frame, key, order: undefined },
    "a frame is parsed as encoded",
  );
  if (order !== undefined) {
    const numbered = numberLine(encoded, order);
    demandSame(parseFrame(numbered), { kind: "frame", frame, key, order }, "a number is parsed as encoded");
    demand(numbered.length - encoded.length <= orderMaxBytes, "a number takes few bytes", numbered);
  }
  if (frame.type === "hello") checkHello(encodeFrame(frame, key, datagramFrameMaxBytes), frame.name);
  if (frame.type === "message") checkMessage(frame, joiner, nowMs);
}

function checkHello(padded: string, name: string): void {
  const bytes = Buffer.byteLength(padded);
  demand(bytes === datagramFrameMaxBytes || bytes > datagramFrameMaxBytes - 9, "a hello is padded", padded);
  if (name.length <= 100 && name !== "" && !name.includes("\n"))
    demand(isBanner(encodeBanner(name, 2)) || /[\r\u2028\u2029]/.test(name), "a banner is recognised", name);
}

function checkMessage(frame: MessageFrame, joiner: PartJoiner, nowMs: number): void {
  const joined = joiner.join(frame, nowMs);
  if (joined !== undefined) demand(joined.length <= messageMaxBytes, "a joined message is within the bound");
  const whole = { type: frame.type, id: frame.id, text: frame.text.toWellFormed() } as const;
  const lines = encodeMessage(whole, 200);
  const parts = lines.map((line) => parseFrame(line));
  const ours = new PartJoiner(new UnfinishedMessages());
  const texts = parts.flatMap((part) => {
    if (part.kind !== "frame" || part.frame.type !== "message") throw new Error("a part is a message");
    return ours.join(part.frame, 0) ?? [];
  });
  for (const line of lines) demand(Buffer.byteLength(line) <= 200, "a part fits", line);
  demandSame(texts, [whole.text], "the parts of a message are joined once");
}

const frames = [
  '{"type":"hello","name":"bob","session":"0123456789abcdef","key":"kkkkkkkkkkkkkkkk","delivery":1}',
  '{"type":"welcome","you":2,"key":"k","members":[{"number":1,"name":"ann","address":"h:1"},{"number":2,"name":"b"}],"rest":1}',
  '{"type":"joined","number":3,"name":"eve","address":"10.0.0.1:9"}',
  '{"type":"left","number":3,"reason":"left"}',
  '{"type":"renamed","number":3,"name":"eva"}\nduet/1 {"type":"renamed","name":"eva"}',
  '{"type":"message","id":1,"from":2,"to":1,"text":"hi","action":true,"k":"kkkk","n":7,"t":2}',
  '{"type":"message","id":2,"text":"a","part":1,"parts":2}\nduet/1 {"type":"message","id":2,"text":"b","part":2,"parts":2}',
  '{"type":"undelivered","id":1,"to":2,"reason":"full"}',
  '{"type":"receipt","stage":"read","first":1,"last":4,"from":2}\nduet/1 {"type":"receipt","stage":"received","first":1,"last":1}',
  '{"type":"ack","upTo":3,"also":[[5,6],[8,8]],"delayMs":10,"busy":true}\nduet/1 {"type":"ack","upTo":3}',
  '{"type":"skip","upTo":9}\nduet/1 {"type":"ping","number":1}\nduet/1 {"type":"pong","number":1}',
  '{"type":"ping","number":2,"at":"10.0.0.1:9","proof":"p"}\nduet/1 {"type":"hello","name":"b","session":"s","key":"k","member":3}',
  '{"type":"slowed","reason":"wait"}\nduet/1 {"type":"goodbye","reason":"bye"}\nduet/1 {"type":"later"}',
];

export const frameSeeds: readonly string[] = frames.map((frame) => framePrefix + frame);
export const frameTokens: readonly string[] = [
  ...[
    '"type":"hello"',
    '"type":"welcome"',
    '"type":"message"',
    '"type":"ack"',
    '"type":"receipt"',
    '"also":[[1,2]]',
  ],
  ...['"text":"', '"part":2,"parts":2', '"part":1,"parts":512', '"n":2', '"t":255', '"k":"', '"members":[]'],
  ...['"delivery":1', '"rest":0', '"from":1', '"to":2', '"busy":true', '"stage":"received"', '"action":true'],
  ...[
    "duet/1 {",
    "duet/2 {",
    "\n",
    "null",
    "[]",
    "{}",
    '"',
    "\\u0000",
    "\\ud800",
    "1e999",
    "-1",
    "0.5",
    "}",
    "]",
  ],
];

export const framesTarget: FuzzTarget = {
  name: "frames",
  modules: /^src\/protocol\/(frames\/|bounded-map)/,
  seeds: [
    ...frameSeeds,
    "duet/1 ann's room, 2 here. Type a line and press Enter.",
    'duet/2 {"type":"hello"}',
    'duet/3 {"typ\nduet/\nduet/12345\nhello',
    [1, 2, 3, 4, 5]
      .map((id) => `duet/1 {"type":"message","id":${id},"text":"a","part":1,"parts":2}`)
      .join("\n"),
    `duet/1 {"type":"message","id":1,"text":"a","part":1,"parts":2}${"\n".repeat(12)}`,
    "duet/1 {oops",
    "duet/1 []\nduet/1 {}\nhello",
    `duet/1 {"type":"message","id":3,"text":"${'é\\"👩\\u0007 long '.repeat(30)}"}`,
  ],
  tokens: frameTokens,
  run,
};
