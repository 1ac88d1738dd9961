/** The names and keys of another hub's members, kept in little memory. */

import { expect, test } from "bun:test";
import { HubNames } from "../../src/protocol/hubs/hub-names.ts";

const key = `${"abcdefghij".repeat(5)}kl ${"0123456789abcdef".repeat(2)}`;

test("a member keeps its key whatever its name becomes, and a raw program has none", () => {
  const names = new HubNames();
  names.set(1, "ann", key);
  names.set(2, "小明", key);
  names.set(3, "ned");
  names.set(4, "dan", "");
  names.set(1, "anna");
  names.set(2, "大明");
  expect([...names.values()]).toEqual(["anna", "大明", "ned", "dan"]);
  expect([1, 2, 3, 4, 5].map((number) => names.getKey(number))).toEqual([
    ...[key, key, undefined, "", undefined],
  ]);
  expect([1, 2, 3, 4, 5].map((number) => names.isDuet(number))).toEqual([true, true, false, true, false]);
  names.set(3, "ned", key);
  expect(names.getKey(3)).toBe(key);
  names.delete(3);
  expect([names.size, names.get(3), names.has(3)]).toEqual([3, undefined, false]);
});

test("what is no key becomes nothing", () => {
  const names = new HubNames();
  names.set(1, "ann", "not\na key");
  expect([names.get(1), names.getKey(1)]).toEqual(["ann", ""]);
});
