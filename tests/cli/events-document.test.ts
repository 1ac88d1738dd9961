/**
 * Compares src/cli/EVENTS.md with the types of the events, with the events that a replay reads, and with its own
 * examples.
 */

import { expect, test } from "bun:test";
import { join } from "node:path";
import { stateWords } from "../../src/chat/records/connection-state.ts";
import type { Output } from "../../src/chat/model/output.ts";
import { parseRecorded } from "../../src/replay/recorded-event.ts";
import { formatJson } from "../../src/cli/output/json-output.ts";
import { callNames } from "../../src/protocol/sockets/socket-call.ts";

const page = await Bun.file(join(import.meta.dir, "../../src/cli/EVENTS.md")).text();

type EventType = Exclude<Output["type"], "notice" | "bytes" | "lines">;
type EventOf<Type> = Extract<Output, { readonly type: Type }>;
/** `isCovered` is for spoken output alone. */
type FieldOf<Type> = Exclude<keyof EventOf<Type> & string, "type" | "atMs" | "transport" | "isCovered">;
type CarriedItem = NonNullable<EventOf<"message">["carried"]>[number];
type CarriesItem = NonNullable<EventOf<"call">["carries"]>[number];
type Stats = EventOf<"stats">;
type Names<Name extends string> = Readonly<Record<Name, true>>;

/** A field that is in the types but not in this table, or the reverse, is a type error. */
const fields: { readonly [Type in EventType]: Names<FieldOf<Type>> } = {
  state: { from: true, to: true, local: true, peer: true, reason: true },
  peer: { event: true, peer: true, name: true, kind: true, security: true },
  message: {
    id: true,
    direction: true,
    peer: true,
    name: true,
    text: true,
    bytes: true,
    action: true,
    private: true,
    place: true,
    security: true,
    key: true,
    marks: true,
    carried: true,
    carriedMore: true,
  },
  receipt: { id: true, stage: true, rttMs: true, carried: true, carriedMore: true },
  call: {
    call: true,
    result: true,
    bytes: true,
    ofBytes: true,
    offset: true,
    local: true,
    peer: true,
    connection: true,
    payload: true,
    opened: true,
    openedPayload: true,
    carries: true,
    earlier: true,
    carriesMore: true,
  },
  verify: { event: true, peer: true, name: true, key: true, digits: true, reason: true },
  error: { code: true, message: true, hint: true },
  room: { room: true, state: true, hubs: true, members: true },
  stats: {
    peers: true,
    bytesIn: true,
    bytesOut: true,
    queues: true,
    links: true,
    turnedAway: true,
    slowed: true,
    droppedOfStrangers: true,
    overrun: true,
    connections: true,
    trouble: true,
  },
};

const carriedFields: Names<keyof CarriedItem | keyof CarriesItem> = {
  id: true,
  what: true,
  call: true,
  connection: true,
  peer: true,
  start: true,
  end: true,
};
const linkFields: Names<keyof Stats["links"][number]> = {
  peer: true,
  rttMs: true,
  rttVarMs: true,
  received: true,
  lost: true,
  duplicates: true,
  reordered: true,
  sent: true,
  retransmitted: true,
};
const connectionFields: Names<keyof NonNullable<Stats["connections"]>[number]> = {
  peer: true,
  state: true,
  source: true,
  roundTripMs: true,
  roundTripVarMs: true,
  retransmits: true,
  unackedBytes: true,
  unsentBytes: true,
  unreadBytes: true,
  sendWindowBytes: true,
};
const troubleFields: Names<keyof NonNullable<Stats["trouble"]>> = {
  dropped: true,
  duplicated: true,
  delayed: true,
  reordered: true,
};
const codes: Names<EventOf<"error">["code"]> = {
  EADDRINUSE: true,
  EADDRNOTAVAIL: true,
  EACCES: true,
  ENOTFOUND: true,
  EAI_AGAIN: true,
  ECONNREFUSED: true,
  ENETUNREACH: true,
  EHOSTUNREACH: true,
  ETIMEDOUT: true,
  ECONNRESET: true,
  EPIPE: true,
  EMSGSIZE: true,
  ENAMETOOLONG: true,
  ENOENT: true,
  EMFILE: true,
  EINVAL: true,
  ENODEV: true,
  EAFNOSUPPORT: true,
  EUNKNOWN: true,
  EPROTO: true,
  EKEY: true,
  EPASSWORD: true,
  EROOM: true,
  EUSAGE: true,
};
const stages: Names<EventOf<"receipt">["stage"]> = {
  queued: true,
  sent: true,
  acked: true,
  received: true,
  read: true,
  undelivered: true,
};

/** The text between a heading and the next one of its level or above. */
function section(heading: string): string {
  const level = heading.indexOf(" ");
  const from = page.indexOf(`\n${heading}\n`);
  expect([heading, from]).not.toEqual([heading, -1]);
  const rest = page.slice(from + heading.length + 2);
  const next = rest.search(new RegExp(`^#{1,${level}} `, "m"));
  return next === -1 ? rest : rest.slice(0, next);
}

/** The words in backquotes in the first column of the first table whose first heading is `field`. */
function fieldsOfTable(text: string): readonly string[] {
  const [, rows = ""] = /^\| field .*\n\|[ -|]+\n((?:\|.*\n)+)/m.exec(text) ?? [];
  return rows.split("\n").flatMap((row) => {
    const [, cell = ""] = row.split("|");
    return [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
  });
}

const examples = [...page.matchAll(/^```json\n([^]*?)^```$/gm)].flatMap(([, block = ""]) =>
  block.trimEnd().split("\n"),
);

test.each(Object.keys(fields) as EventType[])(
  "the table of %s has every field of its type, and no other",
  (type) => {
    expect(fieldsOfTable(section(`### ${type}`)).toSorted()).toEqual(Object.keys(fields[type]).toSorted());
  },
);

test("the items of lists are described field by field", () => {
  const spans = section("## Which call carried which message");
  expect([...fieldsOfTable(spans), "id"].toSorted()).toEqual(Object.keys(carriedFields).toSorted());
  const stats = section("### stats");
  for (const name of Object.keys({ ...linkFields, ...connectionFields, ...troubleFields }))
    expect(stats).toContain(`\`${name}\``);
});

test("every state, call, stage and error code is named", () => {
  for (const word of stateWords) expect(section("### state")).toContain(`\`${word}\``);
  for (const name of callNames) expect(section("### call")).toContain(`\`${name}\``);
  for (const stage of Object.keys(stages)) expect(section("### receipt")).toContain(`| \`${stage}\` `);
  for (const code of Object.keys(codes)) expect(section("### error")).toContain(`\`${code}\``);
});

test("examples have only described fields, and every field that is always present", () => {
  expect(examples.length).toBeGreaterThan(20);
  for (const line of examples) {
    const { type, at, transport, ...rest } = JSON.parse(line) as Record<string, unknown>;
    const described: readonly string[] = Object.keys(fields[type as EventType]);
    expect(Object.keys(rest).filter((name) => !described.includes(name))).toEqual([]);
    const rows = section(`### ${String(type)}`).matchAll(/^\| `(\w+)` +\| [^|]+ \| always +\|/gm);
    for (const [, name = ""] of rows)
      expect([line, Object.keys(rest)]).toEqual([line, expect.arrayContaining([name])]);
    expect([typeof at, ["tcp", "udp"].includes(String(transport))]).toEqual(["string", true]);
  }
  expect(new Set(examples.map((line) => (JSON.parse(line) as { readonly type: string }).type)).size).toBe(9);
});

test("a replay reads the examples unchanged, except those of the types that the page excludes", () => {
  const isRead = (line: string): boolean => !/^{"type":"(receipt|room|verify|stats)"/.test(line);
  const again = examples.map((line) => {
    const event = parseRecorded(line);
    return event === undefined ? undefined : formatJson(event)?.trimEnd();
  });
  expect(again.filter((_line, index) => isRead(examples[index]!))).toEqual(examples.filter(isRead));
});
