/** Presence: a run of joins and leaves is one notice of the conversation. */

import { expect, test } from "bun:test";
import type { Frame } from "../../src/protocol/frames/frame.ts";
import { type Duet, World } from "../support/chat-world.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { english } from "../support/words.ts";

/** A member of a hub whose frames the test writes. */
function connectToHub(): { readonly duet: Duet; readonly say: (...frames: readonly Frame[]) => void } {
  const world = new World();
  const server = world.program().listen();
  const duet = world.member("ann");
  const say = (...frames: readonly Frame[]): void =>
    void server.send(frames.map((frame) => `${encodeFrame(frame)}\n`).join(""));
  say(
    { type: "hello", name: "hub", session: "s", key: "k" },
    { type: "welcome", you: 2, key: "k", members: [] },
  );
  return { duet, say };
}

function presenceNotices({ chat }: Duet): readonly string[] {
  const { scrollback } = chat.sides.tcp.conversation;
  const entries = Array.from({ length: scrollback.length }, (_, index) => scrollback.kept(index));
  return entries.flatMap((entry) =>
    entry?.kind === "notice" && entry.moves !== undefined ? [english.word(entry.sentence)] : [],
  );
}

function join(number: number, name: string): Frame {
  return { type: "joined", number, name, address: `127.0.0.1:${50_000 + number}` };
}

test("a single join is reported with its address, and a run of moves extends one notice", () => {
  const { duet, say } = connectToHub();
  say(join(3, "alice"));
  expect(presenceNotices(duet)).toEqual(["alice (127.0.0.1:50003) joined"]);
  say(join(4, "bob"));
  expect(presenceNotices(duet)).toEqual(["alice and bob joined"]);
  say(join(5, "carol"));
  expect(presenceNotices(duet)).toEqual(["alice, bob and carol joined"]);
  say({ type: "left", number: 5, reason: "closed here" });
  expect(presenceNotices(duet)).toEqual(["alice, bob and carol joined; carol left: closed here"]);
  say(join(6, "dora"));
  expect(presenceNotices(duet)).toEqual(["alice, bob and 2 more joined; carol left: closed here"]);
});

test("repeated joins and leaves of one member take two notices", () => {
  const { duet, say } = connectToHub();
  const left: Frame = { type: "left", number: 3, reason: "closed here" };
  say(join(3, "alice"), left);
  expect(presenceNotices(duet)).toEqual(["alice (127.0.0.1:50003) joined", "alice left: closed here"]);
  say(join(3, "alice"), left, join(3, "alice"));
  expect(presenceNotices(duet)).toEqual([
    "alice (127.0.0.1:50003) joined",
    "alice joined 2 times; alice left 2 times",
  ]);
});

test("a message ends a run of presence notices", () => {
  const { duet, say } = connectToHub();
  say(join(3, "alice"), { type: "message", id: 1, from: 3, text: "hello" }, join(4, "bob"));
  expect(presenceNotices(duet)).toEqual(["alice (127.0.0.1:50003) joined", "bob (127.0.0.1:50004) joined"]);
});

test("1,000 joins and leaves at once take one notice, and no notice is left out", () => {
  const world = new World();
  const hub = world.hub({ peersMax: 2000 });
  const programs = Array.from({ length: 1000 }, () => world.program().connect());
  world.pass(5000);
  const texts = presenceNotices(hub);
  expect(texts).toHaveLength(1);
  expect(texts[0]).toMatch(/^127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+ and 998 more joined$/);
  expect(hub.notices().filter((text) => text.includes("left out"))).toEqual([]);
  for (const program of programs) program.close("reset");
  expect(presenceNotices(hub)).toHaveLength(1);
  expect(presenceNotices(hub)[0]).toMatch(
    / and 998 more joined; 127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+ and 998 more left$/,
  );
});
