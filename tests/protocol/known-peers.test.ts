/** Known peers: what changes them, what they say of a key, and their text. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  changeKnownPeers,
  findExpectedKey,
  findNamesake,
  type KnownPeers,
  type PeerChange,
  recogniseKey,
} from "../../src/protocol/identity/known-peers.ts";
import { formatKnownPeers, parseKnownPeers } from "../../src/protocol/identity/known-peers-text.ts";
import { formatKey } from "../../src/protocol/identity/key-text.ts";
import {
  knownEndpointsMax,
  knownNamesMax,
  knownPeersMax,
  replacedKeysMax,
} from "../../src/protocol/limits.ts";

function key(number: number): string {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, number);
  return formatKey(bytes);
}

const [ann, bob, eve] = [key(1), key(2), key(3)];
const endpoint = "192.0.2.7:8080";

function met(of: string, name = "bob", at: string | null = endpoint, atMs = 1000): PeerChange {
  return { is: "met", key: of, name, endpoint: at ?? undefined, atMs };
}

function verified(of: string, name = "bob", atMs = 1000): PeerChange {
  return { is: "verified", key: of, name, atMs };
}

function change(...changes: readonly PeerChange[]): KnownPeers {
  return changes.reduce<KnownPeers>((known, one) => changeKnownPeers(known, [one]), new Map());
}

describe("a renewed key", () => {
  const reference = { key: undefined, endpoint };
  const [first, second] = ["c2lnbmluZyBvbmU=", "c2lnbmluZyB0d28="];
  const metSigned = (of: string, signing: string): PeerChange => ({ ...met(of), signing }) as PeerChange;
  const renewed: PeerChange = { is: "renewed", key: eve, signing: second, from: bob };

  test("is recognised where the one before is known with the key that signed", () => {
    const known = change(metSigned(bob, first));
    expect(recogniseKey(known, reference, eve, first)).toEqual({ is: "known", replaces: bob });
    expect(recogniseKey(known, { key: bob, endpoint }, eve, first)).toEqual({
      is: "verified",
      replaces: bob,
    });
    for (const other of [second, undefined])
      expect(recogniseKey(known, reference, eve, other)).toMatchObject({ is: "changed", expected: bob });
    expect(recogniseKey(change(met(bob)), reference, eve, first)).toMatchObject({ is: "changed" });
    expect(recogniseKey(known, { key: ann, endpoint }, eve, first)).toMatchObject({ is: "changed" });
  });

  test("has the names, endpoints, times and the verification of the one before, which is unknown", () => {
    const known = change(metSigned(bob, first), verified(bob), renewed);
    expect([...known.values()]).toEqual([
      {
        ...{ key: eve, signing: second, replaced: [bob], isVerified: true, names: ["bob"] },
        ...{ endpoints: [endpoint], firstMs: 1000, lastMs: 1000 },
      },
    ]);
    expect(recogniseKey(known, reference, eve)).toEqual({ is: "verified" });
    expect(recogniseKey(known, reference, bob)).toMatchObject({ is: "changed", expected: eve });
    expect(recogniseKey(known, { key: bob, endpoint }, eve)).toEqual({ is: "verified" });
  });

  test("that was met before joins what was learned of both", () => {
    const known = change(metSigned(bob, first), met(eve, "eve", "192.0.2.8:8080", 2000), renewed);
    expect([...known.values()]).toMatchObject([
      {
        key: eve,
        names: ["bob", "eve"],
        endpoints: [endpoint, "192.0.2.8:8080"],
        firstMs: 1000,
        lastMs: 2000,
      },
    ]);
    expect(change(met(ann), renewed)).toEqual(change(met(ann)));
  });

  test("keeps the signing key that was met first", () => {
    const known = change(metSigned(bob, first), metSigned(bob, second));
    expect(known.get(bob)?.signing).toBe(first);
  });

  test("keeps so many keys before it, the latest, and no more", () => {
    let known = change(metSigned(key(100), first));
    for (let at = 101; at <= 100 + replacedKeysMax + 1; at += 1)
      known = changeKnownPeers(known, [{ is: "renewed", key: key(at), signing: first, from: key(at - 1) }]);
    const [peer] = [...known.values()];
    expect([peer?.replaced.length, peer?.replaced.at(-1)]).toEqual([
      replacedKeysMax,
      key(100 + replacedKeysMax),
    ]);
    expect(peer?.replaced).not.toContain(key(100));
  });
});

describe("a key", () => {
  const reference = { key: undefined, endpoint };

  test("is met first, known from then on, and verified when both said so", () => {
    expect(recogniseKey(new Map(), reference, bob)).toEqual({ is: "first" });
    expect(recogniseKey(change(met(bob)), reference, bob)).toEqual({ is: "known" });
    expect(recogniseKey(change(met(bob), verified(bob)), reference, bob)).toEqual({
      is: "verified",
    });
  });

  test("other than the endpoint's has changed; one that came from elsewhere has not", () => {
    const known = change(met(bob), met(ann, "ann", null));
    expect(recogniseKey(known, reference, eve)).toEqual({ is: "changed", expected: bob, by: "endpoint" });
    expect(recogniseKey(known, reference, ann)).toEqual({ is: "changed", expected: bob, by: "endpoint" });
    expect(recogniseKey(known, { key: undefined, endpoint: undefined }, eve)).toEqual({ is: "first" });
    expect(recogniseKey(known, { key: undefined, endpoint: "192.0.2.8:8080" }, eve)).toEqual({ is: "first" });
  });

  test("of --key decides alone", () => {
    const known = change(met(bob));
    expect(recogniseKey(known, { key: eve, endpoint }, eve)).toEqual({ is: "verified" });
    expect(recogniseKey(known, { key: eve, endpoint }, bob)).toEqual({
      is: "changed",
      expected: eve,
      by: "key",
    });
  });

  test("that was trusted is the endpoint's from then on", () => {
    const known = change(
      met(bob),
      met(eve, "bob", null),
      { is: "trusted", key: eve, endpoint, atMs: 3 },
      met(eve),
    );
    expect(recogniseKey(known, reference, eve)).toEqual({ is: "known" });
    expect(recogniseKey(known, reference, bob)).toEqual({ is: "changed", expected: eve, by: "endpoint" });
  });

  test("that was forgotten is met anew", () => {
    expect(recogniseKey(change(met(bob), { is: "forgotten", key: bob }), reference, bob)).toEqual({
      is: "first",
    });
  });
});

test("a peer in the clear should have had the key of --key, or the endpoint's latest", () => {
  const known = change(met(bob), met(ann));
  expect(findExpectedKey(known, { key: eve, endpoint })).toBe(eve);
  expect(findExpectedKey(known, { key: undefined, endpoint })).toBe(ann);
  expect(findExpectedKey(known, { key: undefined, endpoint: "other" })).toBeUndefined();
  expect(findExpectedKey(known, { key: undefined, endpoint: undefined })).toBeUndefined();
});

test("a namesake has another key, and was met before or is verified", () => {
  const known = change(met(bob, "bob", null, 1000), met(ann, "ann", null, 2000), met(ann, "bob", null, 3000));
  expect(findNamesake(known, "bob", eve)?.key).toBe(bob);
  expect(findNamesake(known, "bob", ann)?.key).toBe(bob);
  expect(findNamesake(known, "bob", bob)).toBeUndefined();
  expect(findNamesake(known, "zoe", eve)).toBeUndefined();
  const compared = changeKnownPeers(known, [verified(ann, "ann")]);
  expect(findNamesake(compared, "bob", eve)?.key).toBe(ann);
  expect(findNamesake(compared, "bob", bob)?.key).toBe(ann);
  const both = changeKnownPeers(compared, [verified(bob)]);
  expect(findNamesake(both, "bob", ann)).toBeUndefined();
  expect(findNamesake(both, "bob", bob)).toBeUndefined();
  expect(findNamesake(both, "bob", eve)?.key).toBe(bob);
});

test.each(["BOB", "b0b", "b\u043Eb", " bob", "bo\u0301b"])(
  "a name that looks like bob is bob's: %j",
  (name) => {
    expect(findNamesake(change(met(bob, "bob")), name, eve)?.key).toBe(bob);
  },
);

test("names and endpoints are the latest, each once, at most the bound", () => {
  const names = Array.from({ length: knownNamesMax + 1 }, (_, index) => `name ${index}`);
  const peer = change(...names.map((name) => met(bob, name)), met(bob, "name 3")).get(bob);
  expect(peer?.names).toEqual([...names.slice(1).filter((name) => name !== "name 3"), "name 3"]);
  const places = Array.from({ length: knownEndpointsMax + 1 }, (_, index) => `host:${index}`);
  expect(change(...places.map((place) => met(bob, "bob", place))).get(bob)?.endpoints).toEqual(
    places.slice(1),
  );
});

test("a key that was verified without a meeting is known from then on, and keeps what was known", () => {
  expect(change(verified(bob, "bob", 2000)).get(bob)).toEqual({
    ...{
      key: bob,
      isVerified: true,
      signing: undefined,
      replaced: [],
      names: ["bob"],
      endpoints: [],
      firstMs: 2000,
      lastMs: 2000,
    },
  });
  expect(change(met(bob, "robert"), verified(bob, "bob", 2000)).get(bob)).toEqual({
    ...{
      key: bob,
      isVerified: true,
      signing: undefined,
      replaced: [],
      names: ["robert", "bob"],
      endpoints: [endpoint],
    },
    ...{ firstMs: 1000, lastMs: 2000 },
  });
});

test("times are those of the first and the last meeting, also if the clock steps back", () => {
  const peer = change(met(bob, "bob", endpoint, 2000), met(bob, "bob", endpoint, 1000)).get(bob);
  expect([peer?.firstMs, peer?.lastMs]).toEqual([2000, 2000]);
});

test("beyond the bound a key goes that was never dialled, then another unverified one, and a verified one stays", () => {
  const many = Array.from({ length: knownPeersMax - 2 }, (_, index) => met(key(index + 10)));
  const known = change(met(ann), verified(ann, "ann"), ...many, met(bob, "bob", null));
  expect(known.size).toBe(knownPeersMax);
  const one = changeKnownPeers(known, [met(eve)]);
  expect(one.size).toBe(knownPeersMax);
  expect([one.has(ann), one.has(bob), one.has(key(10)), one.has(eve)]).toEqual([true, false, true, true]);
  const two = changeKnownPeers(one, [met(bob)]);
  expect([two.has(ann), two.has(bob), two.has(key(10)), two.has(eve)]).toEqual([true, true, false, true]);
});

describe("the text", () => {
  const text = fc.string({ unit: "binary", maxLength: 20 }).map((one) => one.toWellFormed());
  const signing = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => Buffer.from(bytes).toString("base64"));
  const anyChange: fc.Arbitrary<PeerChange> = fc.oneof(
    fc.record({
      is: fc.constant("met" as const),
      key: fc.constantFrom(ann, bob, eve),
      signing: fc.option(signing, { nil: undefined }),
      name: text,
      endpoint: fc.option(text, { nil: undefined }),
      atMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    }),
    fc.record({
      is: fc.constant("verified" as const),
      key: fc.constantFrom(ann, bob, eve),
      name: text,
      atMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    }),
    fc.record({
      is: fc.constant("renewed" as const),
      key: fc.constantFrom(ann, bob),
      signing,
      from: fc.constantFrom(bob, eve),
    }),
  );

  test("is read back, whatever names and endpoints are", () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 12 }), (changes) => {
        const known = change(...changes);
        expect(parseKnownPeers(formatKnownPeers(known))).toEqual({ kind: "peers", peers: known });
      }),
    );
  });

  const line = formatKnownPeers(change(met(bob))).split("\n")[1] ?? "";
  test.each([
    ["", { kind: "malformed", line: 1 }],
    ["duet known peers 2\n?", { kind: "later-version" }],
    [`duet known peers 1\n${line}\nx\n`, { kind: "malformed", line: 3 }],
    ["duet known peers 1\n{}\n", { kind: "malformed", line: 2 }],
    [`duet known peers 1\n${line.replace(bob, bob.slice(1))}\n`, { kind: "malformed", line: 2 }],
    [
      `duet known peers 1\n${line.replace("1970-01-01T00:00:01.000Z", "soon")}\n`,
      { kind: "malformed", line: 2 },
    ],
    [`duet known peers 1\n${line.replace("false", "0")}\n`, { kind: "malformed", line: 2 }],
    [
      `duet known peers 1\n${line.replace('"verified"', '"signing":"AAAA","verified"')}\n`,
      { kind: "malformed", line: 2 },
    ],
    [
      `duet known peers 1\n${line.replace('"verified"', '"signing":1,"verified"')}\n`,
      { kind: "malformed", line: 2 },
    ],
    [
      `duet known peers 1\n${line.replace('"verified"', '"replaced":["x"],"verified"')}\n`,
      { kind: "malformed", line: 2 },
    ],
    ["duet known peers 1\nnull\n", { kind: "malformed", line: 2 }],
  ])("%j is refused", (content, parsed) => {
    expect(parseKnownPeers(content)).toEqual(parsed as never);
  });
});
