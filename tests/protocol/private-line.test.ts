/** Private lines that a host forwards. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  messageMaxBytes,
  privateIdsMax,
  privateSendersMax,
  privateTextMaxBytes,
} from "../../src/protocol/limits.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import {
  openPrivateLine,
  type PrivateLine,
  sealPrivateLine,
  splitPrivateText,
} from "../../src/protocol/sealed/private-line.ts";
import { noteReceivedLine, type ReceivedLines } from "../../src/protocol/sealed/received-lines.ts";

const keyOf = (byte: number) => makeKeyPair(new Uint8Array(32).fill(byte));
const [ann, bob, eve, ephemeral] = [keyOf(1), keyOf(2), keyOf(3), keyOf(4)];
const epoch = "00112233445566778899aabbccddeeff";
const line: PrivateLine = { atMs: 1_795_968_409_660, id: "55".repeat(16), action: false, text: "psst" };
const keys = { ours: ann, ephemeral, theirs: bob.publicKey };
const seal = (over: Partial<PrivateLine> = {}): string =>
  sealPrivateLine(keys, epoch, { ...line, ...over }) ?? "";

describe("a private line", () => {
  test("is opened by its receiver, with the sender's key", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.boolean(), (text, action) => {
        const wellFormed = text.toWellFormed();
        const opened = openPrivateLine(bob, epoch, seal({ text: wellFormed, action }));
        expect(opened).toEqual({ ...line, text: wellFormed, action, from: ann.publicKey });
      }),
      { numRuns: 50 },
    );
  });

  test("is opened by nobody else, and not in another epoch", () => {
    expect(openPrivateLine(eve, epoch, seal())).toBeUndefined();
    expect(openPrivateLine(bob, epoch.replace("00", "01"), seal())).toBeUndefined();
  });

  test("with any byte changed, or cut anywhere, is not opened", () => {
    const bytes = Buffer.from(seal(), "base64");
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      expect(openPrivateLine(bob, epoch, changed.toString("base64"))).toBeUndefined();
      expect(openPrivateLine(bob, epoch, bytes.subarray(0, at).toString("base64"))).toBeUndefined();
    }
  });

  test("is bounded, and not sealed for a key of low order", () => {
    expect(openPrivateLine(bob, epoch, seal({ text: "x".repeat(privateTextMaxBytes) }))?.text).toHaveLength(
      privateTextMaxBytes,
    );
    expect(seal({ text: "x".repeat(privateTextMaxBytes) })).toHaveLength(messageMaxBytes);
    expect(seal({ text: "x".repeat(privateTextMaxBytes + 1) })).toBe("");
    expect(sealPrivateLine({ ...keys, theirs: new Uint8Array(32) }, epoch, line)).toBeUndefined();
  });

  test("any text in its place is a verdict, not an exception", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(openPrivateLine(bob, epoch, text)).toBeUndefined();
      }),
    );
  });
});

test("the example of SEALED.md", () => {
  const [client, host, e] = [keyOf(0x11), keyOf(0x33), keyOf(0x22)];
  const sealed = sealPrivateLine({ ours: client, ephemeral: e, theirs: host.publicKey }, epoch, line) ?? "";
  const text = readFileSync(join(import.meta.dir, "../../src/protocol/SEALED.md"), "utf8");
  expect(text.replaceAll(/\s/g, "")).toContain(Buffer.from(sealed, "base64").toString("hex"));
});

describe("a text", () => {
  test.each([privateTextMaxBytes - 1, privateTextMaxBytes])("of %i bytes is one line", (bytes) => {
    expect(splitPrivateText("x".repeat(bytes))).toEqual(["x".repeat(bytes)]);
  });

  test("of one byte more is two, cut between lines or code points", () => {
    expect(splitPrivateText("x".repeat(privateTextMaxBytes + 1)).map(({ length }) => length)).toEqual([
      privateTextMaxBytes,
      1,
    ]);
    const inLines = `${"x".repeat(1000)}\n${"y".repeat(privateTextMaxBytes)}`;
    expect(splitPrivateText(inLines)).toEqual(inLines.split("\n"));
    const wide = "\u{1F600}".repeat(privateTextMaxBytes / 2);
    const pieces = splitPrivateText(wide);
    expect(pieces.join("")).toBe(wide);
    expect(pieces.length).toBe(Math.ceil((4 * (privateTextMaxBytes >> 1)) / (privateTextMaxBytes - 3)));
  });

  test("in lines keeps all that is in it, in pieces that each can be sealed", () => {
    const piece = fc.constantFrom(
      "a".repeat(9000),
      "\n",
      "\u{1F600}".repeat(3000),
      "你".repeat(5000),
      "\n\n",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (all) => {
        const text = all.join("");
        const pieces = splitPrivateText(text);
        for (const one of pieces) expect(Buffer.byteLength(one)).toBeLessThanOrEqual(privateTextMaxBytes);
        expect(pieces.join("").replaceAll("\n", "")).toBe(text.replaceAll("\n", ""));
      }),
      { numRuns: 50 },
    );
  });
});

describe("received lines", () => {
  const idOf = (number: number): string => number.toString(16).padStart(32, "0");
  const lineOf = (number: number, atMs = number): PrivateLine => ({ ...line, id: idOf(number), atMs });
  const note = (received: ReceivedLines, one: PrivateLine, key = "ann", kept = ""): boolean =>
    noteReceivedLine(received, key, one, (other) => other === kept);

  test("are known again", () => {
    const received: ReceivedLines = new Map();
    expect(note(received, line)).toBe(true);
    expect(note(received, line)).toBe(false);
    expect(note(received, { ...line, id: idOf(1) })).toBe(true);
  });

  test("that were forgotten are refused by their time", () => {
    const received: ReceivedLines = new Map();
    for (let number = 0; number <= privateIdsMax; number += 1)
      expect(note(received, lineOf(number))).toBe(true);
    expect(received.get("ann")?.times.size).toBe(privateIdsMax);
    expect(note(received, lineOf(0))).toBe(false);
    expect(note(received, lineOf(5000, 0))).toBe(false);
    expect(note(received, lineOf(5000, 1))).toBe(true);
  });

  test("never grow beyond the bound, and none is received twice, in whatever order they come", () => {
    const one = fc.nat(3000);
    fc.assert(
      fc.property(fc.array(one, { maxLength: 4000, size: "max" }), (taken) => {
        const received: ReceivedLines = new Map();
        const accepted = new Set<number>();
        for (const number of taken) {
          // An id has one time, as a line has.
          if (!note(received, lineOf(number, (number * 7) % 50))) continue;
          expect(accepted.has(number)).toBe(false);
          accepted.add(number);
          expect(received.get("ann")?.times.size).toBeLessThanOrEqual(privateIdsMax);
        }
      }),
      { numRuns: 20 },
    );
  });

  test("are kept of a bounded number of senders: a known one is forgotten after all others", () => {
    const received: ReceivedLines = new Map();
    for (let number = 0; number <= privateSendersMax; number += 1)
      expect(note(received, line, `sender ${number}`, "sender 0")).toBe(true);
    expect(received.size).toBe(privateSendersMax);
    expect(note(received, line, "sender 0")).toBe(false);
    expect(note(received, line, `sender ${privateSendersMax}`)).toBe(false);
    expect(note(received, line, "sender 1", "sender 0")).toBe(true);
  });
});
