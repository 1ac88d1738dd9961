/** CPace against the test values of its draft, and against wrong passwords and points. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  computeGenerator,
  computePasswordKey,
  makeShare,
  multiply,
  type PasswordContext,
  scalarSeedBytes,
  shareOf,
} from "../../src/protocol/noise/cpace.ts";
import published from "../support/corpora/noise/cpace-ristretto255.json";

const values = published.G_Coffee25519;
const points = published.G_Coffee25519_points;
const hex = (text: string): Uint8Array => Buffer.from(text, "hex");
const toHex = (bytes: Uint8Array | undefined): string =>
  Buffer.from(bytes ?? [])
    .toString("hex")
    .toUpperCase();
/** A scalar as the draft writes it, little-endian. */
const scalarOf = (text: string): bigint => BigInt(`0x${Buffer.from(hex(text)).reverse().toString("hex")}`);

const context: PasswordContext = {
  password: hex(values.PRS),
  channel: hex(values.CI),
  session: hex(values.sid),
};
const data = { initiator: hex(values.ADa), responder: hex(values.ADb) };
const shares = { initiator: hex(values.Ya), responder: hex(values.Yb) };

describe("the draft's values", () => {
  test("the generator", () => {
    expect(toHex(computeGenerator(context).toBytes())).toBe(values.g);
  });

  test("both shares", () => {
    expect(toHex(shareOf(context, scalarOf(values.ya)).share)).toBe(values.Ya);
    expect(toHex(shareOf(context, scalarOf(values.yb)).share)).toBe(values.Yb);
  });

  test("the key, on either side", () => {
    const ofInitiator = computePasswordKey(context, scalarOf(values.ya), shares.responder, shares, data);
    const ofResponder = computePasswordKey(context, scalarOf(values.yb), shares.initiator, shares, data);
    expect([toHex(ofInitiator), toHex(ofResponder)]).toEqual([values.ISK_IR, values.ISK_IR]);
  });

  test("a valid point is multiplied, an invalid one refused", () => {
    const scalar = scalarOf(points.Valid.s);
    expect(toHex(multiply(hex(points.Valid.X), scalar))).toBe(points.Valid["G.scalar_mult_vfy(s,X)"]);
    expect(multiply(hex(points["Invalid Y1"]), scalar)).toBeUndefined();
    expect(multiply(hex(points["Invalid Y2"]), scalar)).toBeUndefined();
  });
});

describe("two sides", () => {
  const seed = fc.uint8Array({ minLength: scalarSeedBytes, maxLength: scalarSeedBytes });
  const run = (one: PasswordContext, other: PasswordContext, seeds: readonly [Uint8Array, Uint8Array]) => {
    const [a, b] = [makeShare(one, seeds[0]), makeShare(other, seeds[1])];
    const both = { initiator: a.share, responder: b.share };
    return [
      toHex(computePasswordKey(one, a.scalar, b.share, both)),
      toHex(computePasswordKey(other, b.scalar, a.share, both)),
    ];
  };

  test("with one password have one key, and with two passwords, channels or sessions two", () => {
    fc.assert(
      fc.property(seed, seed, fc.uint8Array({ maxLength: 200 }), (one, other, password) => {
        const same = { ...context, password };
        const [a, b] = run(same, same, [one, other]);
        expect(a).toBe(b ?? "");
        expect(a).toHaveLength(128);
        const changed = Buffer.concat([password, Buffer.from("x")]);
        for (const field of ["password", "channel", "session"] as const) {
          const [c, d] = run(same, { ...same, [field]: changed }, [one, other]);
          if (Buffer.from(same[field]).equals(changed)) continue;
          expect(c).not.toBe(d ?? "");
        }
      }),
      { numRuns: 10 },
    );
  });

  test("any bytes in place of a share give a key or nothing, and no exception", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const { scalar } = shareOf(context, 7n);
        const key = computePasswordKey(context, scalar, bytes, shares);
        expect(key === undefined || key.length === 64).toBe(true);
      }),
    );
  });
});
