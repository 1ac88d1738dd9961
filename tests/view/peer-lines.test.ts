/** The peers panel: what a peer is stays in view, whatever the numbers beside it are. */

import { expect, test } from "bun:test";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import { buildPeerLines } from "../../src/view/bars/peer-lines.ts";
import { World } from "../support/chat-world.ts";

const sizes = [0, 999, 1_023_999, 1_048_575, 123_456_789, 999_999_999_999];
const roundTrips = [undefined, 0.4, 99.9, 12_345];

test("every peer is marked PLAIN, ENCRYPTED or raw, however large its numbers and however narrow the panel", () => {
  const world = new World();
  const hub = world.hub();
  world.member("bob");
  world.program().connect().send("hello\n");
  world.pass(1000);
  const model = selectScreen(hub.chat);
  expect(model.peers.map(({ kind }) => kind).toSorted()).toEqual(["duet", "raw"]);
  for (const bytes of sizes)
    for (const roundTripMs of roundTrips)
      for (let columns = 24; columns <= 60; columns += 1) {
        const peers = model.peers.map((peer) => ({
          ...peer,
          security: columns % 2 === 0 ? ("encrypted" as const) : ("plain" as const),
          bytesIn: bytes,
          bytesOut: bytes,
          queuedBytes: bytes,
          roundTripMs,
        }));
        const lines = buildPeerLines({ ...model, peers }, columns, 20);
        const texts = lines.map((line) => line.map(({ text }) => text));
        expect([
          columns,
          bytes,
          texts.filter((line) => line.some((text) => /^(PLAIN|ENCRYPTED|raw)\b/.test(text.trim()))),
        ]).toEqual([columns, bytes, [expect.anything(), expect.anything()]]);
      }
});
