/** The digits that two people compare, and the commitment before them. */

import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import fc from "fast-check";
import { parseFrame } from "../../src/protocol/frames/frame-codec.ts";
import {
  commitTo,
  comparisonNumberBytes,
  computeDigits,
  isCommittedTo,
} from "../../src/protocol/identity/comparison.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";

const keyOf = (byte: number): Uint8Array => makeKeyPair(new Uint8Array(32).fill(byte)).publicKey;
const [ann, bob, eve] = [keyOf(1), keyOf(2), keyOf(3)];
const number = fc.uint8Array({ minLength: comparisonNumberBytes, maxLength: comparisonNumberBytes });
const change = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 1);

describe("the digits", () => {
  test("are the same on both sides, and others for other keys and numbers", () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [first, second] = [
          { key: ann, number: a },
          { key: bob, number: b },
        ];
        const digits = computeDigits(first, second);
        expect(digits).toMatch(/^\d{4} \d{4} \d{4}$/);
        expect(computeDigits({ ...first, key: eve }, second)).not.toBe(digits);
        expect(computeDigits(first, { ...second, key: eve })).not.toBe(digits);
        expect(computeDigits({ ...first, number: change(a) }, second)).not.toBe(digits);
        expect(computeDigits(first, { ...second, number: change(b) })).not.toBe(digits);
        expect(computeDigits(second, first)).not.toBe(digits);
      }),
      { numRuns: 50 },
    );
  });

  test("are those of SEALED.md's example", async () => {
    const [a, b] = [new Uint8Array(16).fill(0x66), new Uint8Array(16).fill(0x77)];
    const digits = computeDigits({ key: keyOf(0x11), number: a }, { key: keyOf(0x33), number: b });
    expect([commitTo(a), digits]).toEqual([
      "8dfa26acb44613e344c3c1a0dc32272611c05f747971c7ea17b1ba69b8982ee5",
      "8603 5565 5611",
    ]);
    const document = await Bun.file(join(import.meta.dir, "../../src/protocol/SEALED.md")).text();
    for (const text of [commitTo(a), digits]) expect(document).toContain(text);
  });
});

test("a commitment is to one number", () => {
  fc.assert(
    fc.property(number, (a) => {
      expect(isCommittedTo(commitTo(a), a)).toBe(true);
      expect(isCommittedTo(commitTo(a), change(a))).toBe(false);
      expect(isCommittedTo("", a)).toBe(false);
    }),
  );
});

describe("a frame", () => {
  const of = "0a".repeat(8);
  test.each([
    { step: "commit", of, value: "0a".repeat(31) },
    { step: "commit", of: "0b".repeat(8), value: "0a".repeat(32) },
    { step: "commit", of, value: "0A".repeat(32) },
    { step: "number", of, value: "0a".repeat(32) },
    { step: "reveal", of: "0a", value: "0a".repeat(16) },
    { step: "same" },
    { step: "end", of },
    { step: 1, of },
    {},
  ])("%j is malformed", (fields) => {
    expect(parseFrame(`duet/1 ${JSON.stringify({ type: "verify", ...fields })}`).kind).toBe("malformed");
  });

  test("of a later release is unknown, and a reason of one counts as a cancellation", () => {
    const parse = (fields: object) => parseFrame(`duet/1 ${JSON.stringify({ type: "verify", ...fields })}`);
    expect(parse({ step: "picture", of }).kind).toBe("unknown");
    expect(parse({ step: "end", of, why: "asleep" })).toMatchObject({
      frame: { step: "end", why: "cancelled" },
    });
  });
});
