import { expect, test } from "bun:test";
import fc from "fast-check";
import { measureLabel, buildAuthorLabel } from "../../src/view/conversation/author-label.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { message } from "../components/screen-fixture.ts";

test("a truncated nickname keeps its start, an endpoint its port", () => {
  expect(buildAuthorLabel(message(1, "Alexandra", ""), "you", 8)).toEqual({ name: "Alexand…" });
  expect(buildAuthorLabel(message(1, "127.0.0.1:51234", ""), "you", 8)).toEqual({ name: "…1:51234" });
  expect(buildAuthorLabel(message(1, "127.0.0.1:51234", ""), "you", 16)).toEqual({ name: "127.0.0.1:51234" });
});

test("a raw peer with a name has its endpoint beside it, or the port, or nothing", () => {
  const bob = message(1, "bob", "", { address: "127.0.0.1:51234" });
  expect(buildAuthorLabel(bob, "you", 22)).toEqual({ name: "bob", address: "127.0.0.1:51234" });
  expect(buildAuthorLabel(bob, "you", 16)).toEqual({ name: "bob", address: ":51234" });
  expect(buildAuthorLabel(bob, "you", 8)).toEqual({ name: "bob" });
});

test("a private message names its addressee", () => {
  const from = message(1, "bob", "", { privateWith: "ann" });
  expect(buildAuthorLabel(from, "you", 16)).toEqual({ name: "bob → you" });
  expect(buildAuthorLabel(from, "you", 8)).toEqual({ name: "bob→you" });
  const to = message(1, "ann", "", { direction: "out", privateWith: "bob" });
  expect(buildAuthorLabel(to, "you", 16)).toEqual({ name: "→ bob" });
});

test("a name made of signs is quoted, so that it cannot pass for one of duet's own", () => {
  for (const name of ["-->", "<--", "--", "!!", "*", "bob → you", "→ bob"]) {
    expect(buildAuthorLabel(message(1, name, ""), "you", 22)).toEqual({ name: `"${name}"` });
  }
});

test("a label is never wider than its column", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(
      name,
      fc.option(name),
      fc.constantFrom(6, 8, 12, 16, 22),
      fc.boolean(),
      (who, other, columns, out) => {
        const rest = { direction: out ? "out" : "in", address: "10.0.0.1:80" } as const;
        const label = buildAuthorLabel(
          message(1, who, "", other === null ? rest : { ...rest, privateWith: other }),
          "you",
          columns,
        );
        const shown = label.address === undefined ? label.name : `${label.name} ${label.address}`;
        expect(measureColumns(shown)).toBeLessThanOrEqual(columns);
      },
    ),
  );
});

test("a label takes exactly the columns that it asks for", () => {
  const raw = { address: "127.0.0.1:51234" };
  for (const [entry, whole] of [
    [message(1, "bob", ""), "bob"],
    [message(1, "bob", "", raw), "bob 127.0.0.1:51234"],
    [message(1, "bob", "", { privateWith: "ann" }), "bob → you"],
    [message(1, "ann", "", { direction: "out", privateWith: "中村" }), "→ 中村"],
    [message(1, "bob", "", { action: true }), "*"],
  ] as const) {
    const { name, address } = buildAuthorLabel(entry, "you", measureLabel(entry, "you"));
    expect(address === undefined ? name : `${name} ${address}`).toBe(whole);
    expect(measureLabel(entry, "you")).toBe(measureColumns(whole));
  }
});
