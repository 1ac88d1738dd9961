/** Items of a shared room as bytes: proofs, seals, and what a writer to the engine can make of them. */

import { describe, expect, test } from "bun:test";
import { makeHubSigner } from "../../src/protocol/hubs/hub-key.ts";
import { type Item, readProof } from "../../src/protocol/hubs/item-proof.ts";
import { formatRoomEntry, isHubId } from "../../src/protocol/hubs/room-entry.ts";
import { RoomItems } from "../../src/protocol/hubs/room-items.ts";
import { itemsOfProofMax } from "../../src/protocol/limits.ts";

const [ann, bea] = [1, 2].map((fill) => makeHubSigner(new Uint8Array(32).fill(fill)));
const key = new Uint8Array(32).fill(7);

function open(room = "lobby", signer = ann!, sealKey?: Uint8Array): RoomItems {
  const items = new RoomItems(room, signer);
  items.setKey(sealKey);
  return items;
}

const makeEntries = (hub: string, count: number): readonly Item[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: "entry",
    text: formatRoomEntry(hub, index + 1, { type: "left", member: 2, reason: `r${index}` }),
  }));

test("the id of a hub is its public key in one form", () => {
  expect(ann?.hub).toBe("iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w");
  expect(isHubId(ann?.hub)).toBe(true);
  expect(isHubId(`${ann?.hub.slice(0, 42)}x`)).toBe(false);
});

describe.each([
  ["signed", undefined],
  ["sealed", key],
] as const)("%s items", (_, sealKey) => {
  test.each([1, 2, 3, 5, 64, itemsOfProofMax, itemsOfProofMax + 1])(
    "%i items of one turn are read one by one, in any order",
    (count) => {
      const entries = makeEntries(ann!.hub, count);
      const values = open("lobby", ann, sealKey).write(entries);
      const reader = open("lobby", bea, sealKey);
      for (const [index, value] of [...values.entries()].toReversed())
        expect(reader.read("entry", value)).toEqual({ hub: ann!.hub, text: entries[index]!.text });
    },
  );

  test("an item of another kind, room, hub or key is not read", () => {
    const values = open("lobby", ann, sealKey).write(makeEntries(ann!.hub, 3));
    expect(open("lobby", bea, sealKey).read("hub", values[1]!)).toBeUndefined();
    expect(open("hall", bea, sealKey).read("entry", values[1]!)).toBeUndefined();
    const other = sealKey === undefined ? key : undefined;
    expect(open("lobby", bea, other).read("entry", values[1]!)).toBeUndefined();
    expect(open("lobby", bea, new Uint8Array(32)).read("entry", values[1]!)).toBeUndefined();
    const forged = open("lobby", bea, sealKey).write(makeEntries(ann!.hub, 1));
    const reader = open("lobby", bea, sealKey);
    if (sealKey === undefined) expect(reader.read("entry", forged[0]!)).toBeUndefined();
    // Under a password the text names another hub than the key, which the reader of the text compares.
    else expect(reader.read("entry", forged[0]!)?.hub).toBe(bea!.hub);
  });

  test("an item with a changed unit anywhere is not read", () => {
    const [value = ""] = open("lobby", ann, sealKey).write(makeEntries(ann!.hub, 2));
    const reader = open("lobby", bea, sealKey);
    expect(reader.read("entry", value)).toBeDefined();
    for (let at = 0; at < value.length - 1; at += 1) {
      const unit = value[at] === "A" ? "B" : "A";
      expect(reader.read("entry", value.slice(0, at) + unit + value.slice(at + 1))).toBeUndefined();
    }
    for (const text of ["", "\n", "{", "s1.", `s1.${ann!.hub}.AAAA`, `{"v":1,"hub":"${ann!.hub}"}\nAAAA`])
      expect(reader.read("entry", text)).toBeUndefined();
  });
});

test("a path of more levels than a turn can have, and an index beyond its leaves, prove nothing", () => {
  const item = makeEntries(ann!.hub, 1)[0]!;
  const proof = (levels: number, index = 0): Uint8Array =>
    Buffer.concat([new Uint8Array(64), Uint8Array.of(index >> 8, index & 255), new Uint8Array(24 * levels)]);
  expect(readProof("lobby", item, proof(10, 1023))).toBeDefined();
  expect(readProof("lobby", item, proof(10, 1024))).toBeUndefined();
  expect(readProof("lobby", item, proof(11))).toBeUndefined();
  expect(readProof("lobby", item, proof(1).subarray(1))).toBeUndefined();
});

test("a sealed item has nothing of its text in it, and no two have one nonce", () => {
  const items = open("lobby", ann, key);
  const twice = makeEntries(ann!.hub, 1);
  const values = [...items.write(twice), ...items.write(twice), ...items.write(makeEntries(ann!.hub, 4))];
  const nonces = values.map((value) => Buffer.from(value.split(".")[2]!, "base64url").subarray(0, 12));
  expect(new Set(nonces.map((nonce) => nonce.toString("hex"))).size).toBe(values.length);
  for (const value of values)
    expect(Buffer.from(value.split(".")[2]!, "base64url").includes("left")).toBe(false);
});
