/** A recording read back: what was recorded is shown as it was, forwards and back, and a hostile file harms nothing. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { formatJson } from "../../src/cli/json-output.ts";
import type { Output } from "../../src/chat/output.ts";
import { parseRecorded, type RecordedEvent } from "../../src/chat/recorded-event.ts";
import { Replay } from "../../src/chat/replay.ts";
import type { ScreenModel } from "../../src/chat/screen-model.ts";
import { World } from "../support/chat-world.ts";
import { naughtyStrings } from "../support/hostile-text.ts";
import { english } from "../../src/words/en.ts";

/** A talk in a room, as `-o FILE.ndjson` would have kept it. */
function recorded(): { readonly lines: readonly string[]; readonly shown: readonly string[] } {
  const world = new World();
  const hub = world.hub({ tellCalls: true });
  const program = world.program().connect();
  program.send("hello\nsecond 你好\n");
  world.pass(1000);
  hub.say("answer");
  hub.command("/me waves");
  program.fin();
  world.pass(1000);
  hub.command("/close");
  const shown = hub.lines().filter((line) => line.startsWith("<"));
  return { lines: hub.outputs.flatMap((output) => formatJson(output) ?? []), shown };
}

function replayOf(lines: readonly string[]): Replay {
  return new Replay(
    lines.flatMap((line) => parseRecorded(line) ?? []),
    english,
  );
}

function messages({ scrollback, active }: ScreenModel): readonly string[] {
  const entries = Array.from({ length: scrollback[active].length }, (_, index) =>
    scrollback[active].at(index),
  );
  return entries.flatMap((entry) => (entry?.kind === "message" ? [`<${entry.name}> ${entry.text}`] : []));
}

/** What of a moment can be compared. */
function summary(replay: Replay): unknown {
  const { tabs, peers, active, scrollback, wire } = replay.model();
  const texts = Array.from(
    { length: scrollback[active].length },
    (_, index) => scrollback[active].at(index)?.text,
  );
  return { tabs, peers, texts, calls: wire[active].length };
}

test("messages, states and peers are as they were", () => {
  const { lines, shown } = recorded();
  const replay = replayOf(lines);
  replay.goTo(replay.events.length);
  expect(messages(replay.model())).toEqual(shown);
  expect(replay.model().tabs.tcp).toMatchObject({ role: "listen", state: "CLOSED", peers: 0 });
  replay.goTo(replay.events.findIndex((event) => event.type === "message") + 1);
  expect(replay.model().tabs.tcp).toMatchObject({ state: "LISTEN", local: "127.0.0.1:8080", peers: 1 });
});

test("going back and on again shows the same at every place", () => {
  const { lines } = recorded();
  const once = replayOf(lines);
  const again = replayOf(lines);
  for (let position = 0; position <= once.events.length; position += 1) {
    once.goTo(position);
    again.goTo(again.events.length);
    again.goTo(position);
    expect(summary(again)).toEqual(summary(once));
  }
});

test("a place is found by its moment, events of one moment together", () => {
  const at = (atMs: number): RecordedEvent => ({
    ...(parseRecorded(
      '{"type":"call","at":"2026-01-01T00:00:00.000Z","transport":"tcp","call":"recv","result":"ok","bytes":1}',
    ) as RecordedEvent),
    atMs,
  });
  const replay = new Replay([at(10), at(20), at(20), at(30)], english);
  expect([9, 10, 20, 29, 30, 99].map((atMs) => replay.positionAt(atMs))).toEqual([0, 1, 3, 3, 4, 4]);
  replay.goTo(99);
  expect(replay.position).toBe(4);
});

test("what is no event of the contract is passed over", () => {
  const call = {
    type: "call",
    at: "2026-01-01T00:00:00.000Z",
    transport: "tcp",
    call: "recv",
    result: "ok",
    bytes: 1,
  };
  expect(parseRecorded(JSON.stringify(call))).toBeDefined();
  for (const line of [
    "",
    "no JSON",
    "[]",
    "null",
    '{"type":"call"',
    JSON.stringify({ ...call, at: "yesterday" }),
    JSON.stringify({ ...call, at: 5 }),
    JSON.stringify({ ...call, transport: "sctp" }),
    JSON.stringify({ ...call, call: "ioctl" }),
    JSON.stringify({ ...call, type: "__proto__" }),
    JSON.stringify({ ...call, type: "state", from: "CLOSED", to: "NOWHERE" }),
    JSON.stringify({ ...call, type: "peer", event: "exploded" }),
    JSON.stringify({ ...call, type: "message", direction: "sideways", text: "x" }),
    JSON.stringify({ ...call, type: "message", direction: "in", text: 5 }),
  ])
    expect([line, parseRecorded(line)]).toEqual([line, undefined]);
  expect(parseRecorded(JSON.stringify({ ...call, bytes: -1 }))).toMatchObject({ bytes: undefined });
});

test("words of a file come out clean, whoever wrote it", () => {
  for (const hostile of [...naughtyStrings, "\x1b]52;c;aGk=\x07\u202e\r\n\t\x00\x9b2J"]) {
    for (const fields of [
      { type: "peer", event: "connected", peer: hostile, name: hostile, kind: "raw" },
      { type: "state", from: "CLOSED", to: "LISTEN", local: hostile, peer: hostile, reason: hostile },
      { type: "error", code: hostile, message: hostile, hint: hostile },
      { type: "call", call: "recv", result: hostile, bytes: 1, local: hostile, peer: hostile },
    ]) {
      const line = JSON.stringify({ at: "2026-01-01T00:00:00.000Z", transport: "tcp", ...fields });
      expect(Object.values(parseRecorded(line) ?? {}).join("")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    }
  }
});

test("no text and no value makes reading a line, or showing it, throw", () => {
  const value = fc.jsonValue();
  const event = fc.record(
    {
      type: fc.constantFrom("state", "peer", "message", "call", "error", "stats"),
      at: fc.constantFrom("2026-01-01T00:00:00.000Z", "x"),
      transport: fc.constantFrom("tcp", "udp"),
      event: fc.constantFrom("connected", "identified", "disconnected"),
      direction: fc.constantFrom("in", "out"),
      call: fc.constantFrom("recv", "send", "bind"),
      from: fc.constantFrom("CLOSED", "LISTEN"),
      to: fc.constantFrom("CLOSED", "LISTEN", "CONNECTING", "OPEN"),
      ...Object.fromEntries(
        ["peer", "name", "text", "bytes", "reason", "local", "id"].map((key) => [key, value]),
      ),
    },
    { requiredKeys: ["type", "at", "transport"] },
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), (events) => {
      const replay = replayOf(events.map((one) => JSON.stringify(one)));
      replay.goTo(replay.events.length);
      expect(replay.model().active).toMatch(/tcp|udp/);
    }),
  );
});

test("what a screen shows of a recording is what the contract has: other events leave no trace", () => {
  const stats: Output = {
    type: "stats",
    atMs: 0,
    transport: "tcp",
    peers: 1,
    bytesIn: 1,
    bytesOut: 1,
    queues: [],
    links: [],
    turnedAway: 0,
    slowed: 0,
    droppedOfStrangers: 0,
    overrun: 0,
  };
  expect(parseRecorded(formatJson(stats) ?? "")).toBeUndefined();
});
