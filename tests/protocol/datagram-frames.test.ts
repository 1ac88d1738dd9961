/** Several frames in one datagram, and the short way to read messages. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { DatagramWriter, splitDatagram } from "../../src/protocol/frames/datagram-frames.ts";
import { encodeFrame, encodeKeyField, parseFrame } from "../../src/protocol/frames/frame-codec.ts";
import type { MessageFrame } from "../../src/protocol/frames/frame.ts";
import { readPlainMessage } from "../../src/protocol/frames/plain-message.ts";
import { datagramFramesMax, datagramFramesMaxBytes } from "../../src/protocol/limits.ts";

const keyField = encodeKeyField("c0ffee");

function write(frames: readonly MessageFrame[], framesMax: number, field = keyField): readonly string[] {
  const writer = new DatagramWriter(framesMax);
  for (const [index, frame] of frames.entries()) {
    const line = encodeFrame(frame);
    const order = { number: index + 1, transmission: 1 };
    writer.add({ line, bytes: Buffer.byteLength(line), keyField: field }, order);
  }
  return writer.take();
}

function makeMessages(count: number, text = "hi"): readonly MessageFrame[] {
  return Array.from({ length: count }, (_, id) => ({ type: "message", id, text }));
}

describe("a datagram", () => {
  test("has several frames as lines, and the receiver's key in the first one", () => {
    expect(write(makeMessages(2), 2)).toEqual([
      'duet/1 {"type":"message","id":0,"text":"hi","k":"c0ffee","n":1}\n' +
        'duet/1 {"type":"message","id":1,"text":"hi","n":2}',
    ]);
  });

  test("has one frame for a receiver that reads one", () => {
    for (const framesMax of [0, 1])
      expect(write(makeMessages(2), framesMax)).toEqual([
        'duet/1 {"type":"message","id":0,"text":"hi","k":"c0ffee","n":1}',
        'duet/1 {"type":"message","id":1,"text":"hi","k":"c0ffee","n":2}',
      ]);
  });

  test("has frames with one key: the next one begins another datagram", () => {
    const writer = new DatagramWriter(2);
    const add = (number: number, field: string): boolean =>
      writer.add({ line: "duet/1 {}", bytes: 9, keyField: field }, { number, transmission: 1 });
    expect([add(1, encodeKeyField("a")), add(2, encodeKeyField("b"))]).toEqual([true, true]);
    expect(writer.take()).toHaveLength(2);
  });

  test(`of several frames has at most ${datagramFramesMax}, and ${datagramFramesMaxBytes} bytes`, () => {
    const short = makeMessages(3 * datagramFramesMax, "");
    for (const datagram of write(short, 1000))
      expect(splitDatagram(datagram).length).toBeLessThanOrEqual(datagramFramesMax);
    // The second frame makes it as long as it may be, and one byte longer.
    const first = write(makeMessages(1), 2)[0]?.length ?? 0;
    const room = datagramFramesMaxBytes - first - '\nduet/1 {"type":"message","id":1,"text":""}'.length - 29;
    const sizes = (text: string): number =>
      write([...makeMessages(1), { type: "message", id: 1, text }], 2).length;
    expect([sizes("x".repeat(room)), sizes("x".repeat(room + 1))]).toEqual([1, 2]);
  });

  test(`is read up to ${datagramFramesMax} frames, and no further`, () => {
    const line = 'duet/1 {"type":"ping","number":1}';
    const join = (count: number): string => Array.from({ length: count }, () => line).join("\n");
    expect(splitDatagram(join(datagramFramesMax))).toHaveLength(datagramFramesMax);
    const more = splitDatagram(join(datagramFramesMax + 1));
    expect(more).toEqual(Array.from({ length: datagramFramesMax }, () => line));
  });

  test("that is no frame, or whose JSON has newlines of its own, is one line", () => {
    for (const text of [
      "",
      "\n",
      'hello\nduet/1 {"type":"ping"}',
      'duet/1 {"type":"ping",\n"number":1}\n',
      'duet/1 {"type":"message","id":1,"text":"a\\nduet/1 {"}',
    ])
      expect(splitDatagram(text)).toEqual([text]);
  });

  test("gives back the frames that were written, whatever their texts", () => {
    const text = fc.string({ unit: "binary", maxLength: 300 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 60 }), fc.nat(40), text, (texts, max, key) => {
        const frames = texts.map((one, id): MessageFrame => ({ type: "message", id, text: one }));
        const datagrams = write(frames, max, encodeKeyField(key));
        const lines = datagrams.map(splitDatagram);
        for (const [index, each] of lines.entries()) {
          expect(each.length).toBeLessThanOrEqual(Math.max(1, max));
          if (each.length > 1)
            expect(Buffer.byteLength(datagrams[index] ?? "")).toBeLessThanOrEqual(datagramFramesMaxBytes);
        }
        const read = lines.flat().map((line) => parseFrame(Buffer.from(line).toString()));
        expect(read.map((one) => (one.kind === "frame" ? one.frame : one))).toEqual(
          frames.map((frame) => ({ ...frame, text: frame.text.toWellFormed() })),
        );
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe("a message that is read the short way", () => {
  /** White space leads to JSON. */
  const readAsJson = (line: string) => parseFrame(line.replace("{", "{ "));

  test("is what JSON makes of it", () => {
    const text = fc.oneof(fc.string({ unit: "binary", maxLength: 80 }), fc.string({ maxLength: 80 }));
    const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
    const fields = fc.record({
      type: fc.constant("message"),
      id: fc.oneof(fc.nat(), fc.maxSafeNat(), fc.double()),
      from: optional(fc.nat()),
      text,
      k: optional(fc.string({ maxLength: 70 })),
      n: optional(fc.nat()),
    });
    let short = 0;
    fc.assert(
      fc.property(
        fields,
        fc.nat(),
        fc.constantFrom("", "", "", '"', "\\", "0", "}", "\u0001", ",", " "),
        (body, at, put) => {
          const whole = `duet/1 ${JSON.stringify(body)}`;
          const place = at % whole.length;
          const line = put === "" ? whole : whole.slice(0, place) + put + whole.slice(place + 1);
          const found = readPlainMessage(line);
          if (found === undefined) return;
          short += 1;
          expect({ kind: "frame", ...found }).toEqual(readAsJson(line) as never);
        },
      ),
      { seed: 2, numRuns: 20_000 },
    );
    expect(short).toBeGreaterThan(500);
  });

  test("is none with an escape, a control character, an unknown field or a text that is too long", () => {
    const message = (text: string, more = ""): string =>
      `duet/1 {"type":"message","id":1,"text":"${text}"${more}}`;
    expect(readPlainMessage(message("a"))).toBeDefined();
    for (const line of [
      message("a\\n"),
      message("a\u0001"),
      message("a", ',"to":1'),
      message("a", ',"n":01'),
      message("x".repeat(65_537)),
    ])
      expect(readPlainMessage(line)).toBeUndefined();
  });
});
