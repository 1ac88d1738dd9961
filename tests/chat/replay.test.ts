/**
 * Replay: a recording shows what its screen showed, forwards and backwards, and a hostile file harms nothing.
 */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { formatJson } from "../../src/cli/output/json-output.ts";
import { type Output, outputErrorCodes } from "../../src/chat/model/output.ts";
import { parseRecorded, type RecordedEvent } from "../../src/replay/recorded-event.ts";
import { findMovedSpanKind } from "../../src/chat/trace/call-links.ts";
import { Replay } from "../../src/replay/recording.ts";
import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import { reportedSpansMax, wirePayloadMaxBytes } from "../../src/protocol/limits.ts";
import type { TransportName } from "../../src/protocol/sockets/socket-event.ts";
import { World } from "../support/chat-world.ts";
import { naughtyStrings } from "../support/hostile-text.ts";
import { RoughNetwork } from "../support/rough-network.ts";
import { seeded } from "../support/seeded.ts";
import { english } from "../support/words.ts";

/** A conversation in a room, as `-o FILE.ndjson` records it. */
function recorded(): { readonly lines: readonly string[]; readonly shown: readonly string[] } {
  const world = new World();
  const hub = world.hub({ reportCalls: true });
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

/** The parts of a replay's state that can be compared. */
function summary(replay: Replay): unknown {
  const { tabs, peers, active, scrollback, wire } = replay.model();
  const texts = Array.from(
    { length: scrollback[active].length },
    (_, index) => scrollback[active].at(index)?.text,
  );
  return { tabs, peers, texts, calls: wire[active].length };
}

test("messages, states and peers are replayed as they were", () => {
  const { lines, shown } = recorded();
  const replay = replayOf(lines);
  replay.goTo(replay.events.length);
  expect(messages(replay.model())).toEqual(shown);
  expect(replay.model().tabs.tcp).toMatchObject({ role: "listen", state: "CLOSED", peers: 0 });
  replay.goTo(replay.events.findIndex((event) => event.type === "message") + 1);
  expect(replay.model().tabs.tcp).toMatchObject({ state: "LISTEN", local: "127.0.0.1:8080", peers: 1 });
});

test("seeking backwards and forwards shows the same at every position", () => {
  const { lines } = recorded();
  const once = replayOf(lines);
  const reread = replayOf(lines);
  for (let position = 0; position <= once.events.length; position += 1) {
    once.goTo(position);
    reread.goTo(reread.events.length);
    reread.goTo(position);
    expect(summary(reread)).toEqual(summary(once));
  }
});

/** The calls highlighted for each message, by their index among all calls; a row may count further keepalives. */
function lit({ scrollback, wire }: Pick<ScreenModel, "scrollback" | "wire">, transport: TransportName) {
  const calls = wire[transport];
  const entries = Array.from({ length: scrollback[transport].length }, (_, index) =>
    scrollback[transport].at(index),
  );
  return entries.flatMap((entry) => {
    if (entry?.kind !== "message") return [];
    const rows = Array.from({ length: calls.length }, (_, index) => calls.at(index)!);
    const parts = rows.flatMap((row) => findMovedSpanKind(row, entry) ?? []).join(" ");
    const found = rows.flatMap((row) =>
      findMovedSpanKind(row, entry) === undefined ? [] : [row.number - 1],
    );
    return [`${entry.text}: ${found.join(" ")}; ${parts}`];
  });
}

/** A recorded hub with raw peers and duets, and the calls that its screen highlights. */
function recordedRoom(transport: TransportName): {
  readonly lines: readonly string[];
  readonly lit: readonly string[];
} {
  const world = new World();
  world.network.reportsAllCalls = true;
  const hub = world.hub({ reportCalls: true, reportSpans: true }, transport);
  const program = world.program(transport).connect();
  program.send("hello\n");
  const bob = world.member("bob", transport);
  const network = new RoughNetwork(world, seeded(3), { loss: 0, duplicated: 0, delayMs: 5, jitterMs: 0 });
  for (const duet of [hub, bob]) duet.dispatch({ type: "switched", to: transport });
  world.pass(1000);
  network.roughness = { loss: 0.2, duplicated: 0.2, delayMs: 5, jitterMs: 20 };
  for (let count = 0; count < 10; count += 1) {
    bob.say(`${count} ${"x".repeat(count === 3 ? 3000 : 1)}`);
    hub.say(`hub ${count}`);
    program.send(`in pie`);
    program.send(`ces ${count}\n`);
    world.pass(100);
  }
  world.pass(20_000);
  const model = selectScreen(hub.chat);
  return { lines: hub.outputs.flatMap((output) => formatJson(output) ?? []), lit: lit(model, transport) };
}

test.each(["tcp", "udp"] as const)(
  "each replayed message highlights the same calls as while recording, also after seeking back (%s)",
  (transport) => {
    const { lines, lit: then } = recordedRoom(transport);
    expect(then.length).toBeGreaterThan(30);
    expect(then.filter((one) => / receipt/.test(one)).length).toBeGreaterThan(10);
    const replay = replayOf(lines);
    replay.goTo(replay.events.length);
    expect(lit(replay.model(), transport)).toEqual([...then]);
    replay.goTo(5);
    replay.goTo(replay.events.length);
    expect(lit(replay.model(), transport)).toEqual([...then]);
  },
);

test("each message of two runs in one file highlights the calls of its own run", () => {
  const { lines, lit: then } = recordedRoom("tcp");
  const replay = replayOf([...lines, ...lines]);
  replay.goTo(replay.events.length);
  const calls = replay.model().wire.tcp.count / 2;
  const moved = then.map((one) => one.replace(/(?<=: [\d ]*)\d+/g, (index) => String(Number(index) + calls)));
  expect(lit(replay.model(), "tcp")).toEqual([...then, ...moved]);
});

test("a recording made before calls reported their spans still plays, and highlights nothing", () => {
  const { lines, lit: then } = recordedRoom("tcp");
  const newer = ["connection", "carried", "carriedMore", "carries", "carriesMore", "earlier"];
  const older = lines.map((line) => {
    const fields = Object.entries(JSON.parse(line) as Record<string, unknown>);
    return JSON.stringify(Object.fromEntries(fields.filter(([name]) => !newer.includes(name))));
  });
  const replay = replayOf(older);
  replay.goTo(replay.events.length);
  expect(lit(replay.model(), "tcp")).toEqual(then.map((one) => `${one.split(": ")[0]}: ; `));
  expect(replay.model().wire.tcp.length).toBeGreaterThan(30);
});

test("recorded events are written again unchanged, spans included", () => {
  const { lines } = recordedRoom("udp");
  const isShown = (line: string): boolean => /^{"type":"(call|message)"/.test(line);
  const reread = lines.flatMap((line) => {
    const event = parseRecorded(line);
    return event === undefined ? [] : (formatJson(event) ?? []);
  });
  expect(reread.filter(isShown)).toEqual(lines.filter(isShown));
});

test(`at most ${reportedSpansMax} spans of one recorded event are read`, () => {
  const base = { at: "2026-01-01T00:00:00.000Z", transport: "tcp" };
  const piece = { id: 1, what: "text", start: 0, end: 1 };
  const reportedSpan = { ...piece, call: "recv", connection: 1, peer: "x" };
  for (const over of [0, 1]) {
    const many = <Item>(one: Item): Item[] => Array.from({ length: reportedSpansMax + over }, () => one);
    const call = { ...base, type: "call", call: "recv", carries: many(piece), earlier: many(piece) };
    const message = { ...base, type: "message", direction: "in", text: "x", carried: many(reportedSpan) };
    expect(parseRecorded(JSON.stringify(call))).toMatchObject({
      carries: { length: reportedSpansMax },
      earlier: { length: reportedSpansMax },
    });
    expect(parseRecorded(JSON.stringify(message))).toMatchObject({ carried: { length: reportedSpansMax } });
  }
});

test("a position is found by its time, after all events of that time", () => {
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

test("lines that are not events of the contract are skipped", () => {
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

test("an error keeps its code, and an unknown one is EUNKNOWN", () => {
  const codeOf = (code: unknown): unknown => {
    const fields = { type: "error", at: "2026-01-01T00:00:00.000Z", transport: "tcp", code };
    return (parseRecorded(JSON.stringify(fields)) as { readonly code: string }).code;
  };
  expect(outputErrorCodes.map(codeOf)).toEqual([...outputErrorCodes]);
  expect(["ENEWER", "", 5, undefined].map(codeOf)).toEqual(Array<string>(4).fill("EUNKNOWN"));
});

test("strings of a recording are cleaned, whatever wrote it", () => {
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

test("no line makes reading or showing a recording throw", () => {
  const value = fc.jsonValue();
  const number = fc.oneof(fc.nat(9), fc.integer(), fc.double());
  const piece = fc.record(
    {
      id: number,
      what: fc.constantFrom("text", "receipt", "ack", "other"),
      call: fc.constantFrom("recv", "sendto", "bind", "other"),
      connection: number,
      start: number,
      end: number,
      peer: value,
    },
    { requiredKeys: [] },
  );
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
      connection: number,
      ...Object.fromEntries(
        ["carried", "carries", "earlier"].map((key) => [
          key,
          fc.oneof(value, fc.array(fc.oneof(value, piece))),
        ]),
      ),
    },
    { requiredKeys: ["type", "at", "transport"] },
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), (events) => {
      const replay = replayOf(events.map((one) => JSON.stringify(one)));
      replay.goTo(replay.events.length);
      const model = replay.model();
      expect(model.active).toMatch(/tcp|udp/);
      for (const transport of ["tcp", "udp"] as const) lit(model, transport);
    }),
  );
});

test("events that the screen does not show are not read from a recording", () => {
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

test(`a call's payload is replayed if it was recorded, up to ${wirePayloadMaxBytes} bytes in hexadecimal`, () => {
  const world = new World();
  world.network.reportsAllCalls = true;
  const hub = world.hub({ reportCalls: true, reportPayloads: true });
  world.program().connect().send("你好\n");
  world.pass(100);
  const replay = replayOf(hub.outputs.flatMap((output) => formatJson(output) ?? []));
  replay.goTo(replay.events.length);
  expect(payloadsOf(replay)).toEqual(["你好\n"]);

  const call = {
    type: "call",
    at: "2026-01-01T00:00:00Z",
    transport: "tcp",
    call: "recv",
    result: "ok",
    bytes: 5000,
  };
  const whole = "61".repeat(wirePayloadMaxBytes);
  for (const [payload, kept] of [
    [whole, "a".repeat(wirePayloadMaxBytes)],
    [`${whole}61`, ""],
    ["6", ""],
    ["6G", ""],
    ["", ""],
    [[97], ""],
  ] as const) {
    const forged = replayOf([JSON.stringify({ ...call, payload })]);
    forged.goTo(1);
    expect(payloadsOf(forged)).toEqual([kept]);
  }
});

/** The kept payload of each recv. */
function payloadsOf(replay: Replay): readonly string[] {
  const { wire } = replay.model();
  const rows = Array.from({ length: wire.tcp.length }, (_, index) => wire.tcp.at(index)!);
  return rows
    .filter(({ call }) => call === "recv")
    .map((row) => Buffer.from(wire.tcp.payloadOf(row) ?? "").toString());
}
