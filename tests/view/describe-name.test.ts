import { expect, test } from "bun:test";
import { describeName } from "../../src/view/bars/describe-name.ts";
import { peer, screenModel } from "../components/screen-fixture.ts";

test("a name that Tab offers is described by kind, address and state", () => {
  const model = screenModel({
    peers: [
      peer("bob", { address: "127.0.0.1:51234" }),
      peer("carol", { address: "127.0.0.1:51235", kind: "unknown", state: "SILENT" }),
      peer("dora", { kind: "remote" }),
    ],
  });
  expect(["bob", "carol", "dora", "eve"].map((name) => describeName(model, name))).toEqual([
    "duet at 127.0.0.1:51234 ● ESTABLISHED",
    expect.stringMatching(/^at 127\.0\.0\.1:51235 \S SILENT$/),
    "in the room, through its host",
    "",
  ]);
});
