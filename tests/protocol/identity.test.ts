/** Keys as text, identities as text, and the signatures that bind their two keys. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  type Identity,
  isProofValid,
  makeIdentity,
  proveIdentity,
  renewIdentity,
} from "../../src/protocol/identity/identity.ts";
import { formatIdentity, parseIdentity } from "../../src/protocol/identity/identity-text.ts";
import {
  formatFingerprint,
  formatKey,
  keyTextUnits,
  parseKey,
} from "../../src/protocol/identity/key-text.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";

const key32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const ours = makeIdentity(fill(0x11), fill(0x12));
const renewed = renewIdentity(ours, fill(0x13), fill(0x14));

describe("a key as text", () => {
  test("is that of the specification's keys", () => {
    expect(formatKey(makeKeyPair(fill(0x11)).publicKey)).toBe(
      "ez766yczclup7yhf6i62olvry4omb6qgifcmxcej7t7x2nzatt3j",
    );
    expect(formatKey(makeKeyPair(fill(0x33)).publicKey)).toBe(
      "fa3rlf2igpoucfa2sppbklyrh6yh5zxyhdymaitd6bhgtmuodl35",
    );
  });

  test("has 52 characters and is read back, in either case", () => {
    fc.assert(
      fc.property(key32, (bytes) => {
        const key = makeKeyPair(bytes).publicKey;
        const text = formatKey(key);
        expect(text).toMatch(/^[a-z2-7]{52}$/);
        expect(parseKey(text)).toEqual(key);
        expect(parseKey(text.toUpperCase())).toEqual(key);
      }),
      { numRuns: 200 },
    );
  });

  test("with one character changed is refused, but for one in 32", () => {
    const text = formatKey(makeKeyPair(fill(0x11)).publicKey);
    let accepted = 0;
    let changed = 0;
    for (let at = 0; at < keyTextUnits; at += 1)
      for (const other of "abcdefghijklmnopqrstuvwxyz234567") {
        if (other === text[at]) continue;
        changed += 1;
        if (parseKey(text.slice(0, at) + other + text.slice(at + 1)) !== undefined) accepted += 1;
      }
    expect(accepted / changed).toBeLessThan(2 / 32);
  });

  test.each(["", "a".repeat(51), "a".repeat(53), "1".repeat(52), `${"a".repeat(51)}é`, "ß".repeat(52)])(
    "%p is none",
    (text) => {
      expect(parseKey(text)).toBeUndefined();
    },
  );

  test("is shown to people in groups of four", () => {
    expect(formatFingerprint("abcdefghijklmnop")).toBe("abcd efgh ijkl mnop");
  });
});

describe("a proof", () => {
  const proof = proveIdentity(renewed);
  const key = makeKeyPair(renewed.secret).publicKey;

  test("binds the two keys, and a renewal to the key before", () => {
    expect(isProofValid(key, proof)).toBe(true);
    expect(isProofValid(makeKeyPair(ours.secret).publicKey, proveIdentity(ours))).toBe(true);
  });

  test("of another key, or with any byte changed, is refused", () => {
    expect(isProofValid(makeKeyPair(ours.secret).publicKey, proof)).toBe(false);
    const flip = (bytes: Uint8Array, at: number): Uint8Array =>
      bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
    const { renewal } = proof;
    if (renewal === undefined) throw new Error("no renewal");
    for (let at = 0; at < 64; at += 1) {
      expect(isProofValid(key, { ...proof, bound: flip(proof.bound, at) })).toBe(false);
      const signature = flip(renewal.signature, at);
      expect(isProofValid(key, { ...proof, renewal: { ...renewal, signature } })).toBe(false);
    }
    for (let at = 0; at < 32; at += 1) {
      expect(isProofValid(key, { ...proof, signing: flip(proof.signing, at) })).toBe(false);
      const earlier = flip(renewal.earlier, at);
      expect(isProofValid(key, { ...proof, renewal: { ...renewal, earlier } })).toBe(false);
    }
  });

  test("of any bytes at all is a verdict, not an exception", () => {
    const bytes = fc.uint8Array({ maxLength: 70 });
    fc.assert(
      fc.property(key32, bytes, bytes, fc.option(fc.tuple(bytes, bytes)), (other, signing, bound, pair) => {
        const renewal = pair === null ? undefined : { earlier: pair[0], signature: pair[1] };
        expect(isProofValid(other, { signing, bound, renewal })).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

describe("an identity as text", () => {
  const parsed = (identity: Identity) => ({ kind: "identity", identity }) as const;

  const withPhrase = (text: string) => ({
    text,
    takeRandom: (bytes: number) => new Uint8Array(bytes).fill(7),
  });

  test("is read back, renewed or not", () => {
    for (const identity of [ours, renewed])
      expect(parseIdentity(formatIdentity(identity))).toEqual(parsed(identity));
  });

  test("with a pass-phrase needs it, and has no secret in it", () => {
    const text = formatIdentity(renewed, withPhrase("correct horse"));
    expect(text).not.toContain(Buffer.from(renewed.secret).toString("base64"));
    expect(parseIdentity(text)).toEqual({ kind: "sealed", isWrong: false });
    expect(parseIdentity(text, "wrong horse")).toEqual({ kind: "sealed", isWrong: true });
    expect(parseIdentity(text, "correct horse")).toEqual(parsed(renewed));
  });

  test("a pass-phrase is the same in both normal forms", () => {
    expect(parseIdentity(formatIdentity(ours, withPhrase("caf\u00e9")), "cafe\u0301")).toEqual(parsed(ours));
  });

  test.each([
    ["", "malformed"],
    ["duet identity 2\nmore", "later-version"],
    ["duet identity 1", "malformed"],
    ["duet identity 1\n", "malformed"],
    [formatIdentity(ours).replace("x25519", "x25518"), "malformed"],
    [`${formatIdentity(ours)}more\n`, "malformed"],
    [formatIdentity(ours).slice(0, -1), "malformed"],
    [formatIdentity(ours).replace(/ed25519 .{4}/, "ed25519 ===="), "malformed"],
    ["duet identity 1\nargon2id 65536 3 1 AA==\n", "malformed"],
    // Nobody makes us compute with other costs than our own.
    ["duet identity 1\nargon2id 4294967295 3 1 AA==\nsealed AA==\n", "malformed"],
  ])("%j is %s", (text, kind) => {
    expect(parseIdentity(text, "x").kind).toBe(kind as "malformed");
  });
});
