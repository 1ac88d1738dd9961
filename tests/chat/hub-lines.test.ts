/** Private lines and receipts between the hubs of one room, and names that are taken and freed on several of them. */

import { expect, test } from "bun:test";
import type { Config } from "../../src/chat/config/config.ts";
import type { MessageEntry } from "../../src/chat/log/entry.ts";
import { formatRoomEntry, parseRoomEntry } from "../../src/protocol/hubs/room-entry.ts";
import { messageMaxBytes, receiptRoomMax } from "../../src/protocol/limits.ts";
import { type Duet, World } from "../support/chat-world.ts";
import { fakePeople } from "../support/fake-ports.ts";
import { loopback } from "../support/fake-network.ts";
import { english } from "../support/words.ts";

const sharedRoom = { name: "lobby", place: "redis://127.0.0.1:6379/lobby" };

/** Hubs of ann at 8080 and bea at 8081. */
function makeRoom(over: Partial<Config> = {}) {
  const world = new World();
  let people = 0;
  const startHub = (name: string, port: number): Duet => {
    people += 1;
    const hub = world.duet({ name, sharedRoom, ...over }, fakePeople(people));
    hub.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port } });
    return hub;
  };
  const join = (name: string, port: number, more: Partial<Config> = {}): Duet => {
    people += 1;
    const guest = world.duet({ name, duet: true, ...over, ...more }, fakePeople(people));
    guest.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port } });
    world.pass(2_000);
    return guest;
  };
  const connectRaw = (name: string, port: number, hub: Duet) => {
    const raw = world.program().connect(undefined, loopback(port));
    raw.send("here\n");
    const [member] = [...hub.chat.room.members.values()].slice(-1);
    hub.command(`/nick ${member?.via.link.address ?? ""} ${name}`);
    raw.received = "";
    return raw;
  };
  const [ann, bea] = [startHub("ann", 8080), startHub("bea", 8081)];
  world.pass(2_000);
  return { world, ann, bea, startHub, join, connectRaw };
}

function rowsOf(duet: Duet): readonly MessageEntry[] {
  const { scrollback } = duet.chat.sides.tcp.conversation;
  return Array.from({ length: scrollback.length }, (_, index) => scrollback.kept(index)).filter(
    (entry) => entry?.kind === "message",
  );
}

/** The private lines on a screen: author, text, and the remarks beside it. */
const privateOf = (duet: Duet): readonly string[] =>
  rowsOf(duet).flatMap(({ name, text, privateWith, keyRemarks = [] }) =>
    privateWith === undefined
      ? []
      : [[`${name} → ${privateWith}: ${text}`, ...keyRemarks.map(english.word)].join(" | ")],
  );

const receiptsOf = (duet: Duet, text: string): readonly unknown[] =>
  rowsOf(duet)
    .filter((row) => row.text === text)
    .map(({ receipt }) => receipt);

const notesOf = (duet: Duet, text: string): readonly string[] =>
  rowsOf(duet).flatMap((row) =>
    row.text === text && row.note !== undefined ? [english.word(row.note)] : [],
  );

const countEntries = (world: World, type: string): number =>
  world.engine.entries.filter((text) => text.includes(`"type":"${type}"`)).length;

const clear = "not encrypted end to end: whoever runs the hubs or their engine can read it";

test("a private line reaches one person at another hub, and is in the stream once", () => {
  const { world, ann, bea, startHub, join, connectRaw } = makeRoom();
  const cid = startHub("cid", 8082);
  const [eve, raw] = [join("eve", 8081), connectRaw("ned", 8081, bea)];
  ann.command("/msg eve psst");
  ann.command("/msg bea hush");
  ann.command("/msg ned quiet");
  expect(raw.received).toBe("<ann → you> quiet\n");
  expect(privateOf(eve)).toEqual(["ann → you: psst"]);
  expect(privateOf(bea)).toHaveLength(1);
  for (const text of ["psst", "hush", "quiet"]) {
    for (const other of [cid, bea, eve].filter((duet) => !privateOf(duet).some((row) => row.includes(text))))
      expect(other.allLines().join("\n")).not.toContain(text);
  }
  expect(countEntries(world, "private")).toBe(3);
});

test("a line is sealed end to end between hubs, and both rows name the key that the hub introduced", () => {
  const { world, ann, bea } = makeRoom();
  ann.command("/msg bea psst");
  bea.command("/msg ann and back");
  expect(world.engine.entries.join("\n")).not.toContain("psst");
  expect(world.engine.entries.join("\n")).not.toContain("and back");
  expect(privateOf(bea)[0]).toStartWith("ann → you: psst | only its hub says whose key this is: ");
  expect(privateOf(ann)[0]).toStartWith("ann → bea: psst | ");
  expect(privateOf(ann)[1]).toStartWith("bea → you: and back | ");
  const security = bea.outputs.flatMap((output) => (output.type === "message" ? [output.security] : []));
  expect(security).toEqual(["end-to-end", "end-to-end"]);
});

test("guests of two hubs seal for each other by the keys that crossed", () => {
  const { world, ann, bea, join } = makeRoom({ encrypt: "require" });
  const [eve, dan] = [join("eve", 8080), join("dan", 8081)];
  eve.command("/msg dan from eve");
  dan.command("/msg eve from dan");
  eve.command("/msg bea to the hub");
  ann.command("/msg dan from the hub");
  expect(privateOf(dan).map((row) => row.split(" | ")[0])).toEqual([
    ...["eve → you: from eve", "dan → eve: from dan", "ann → you: from the hub"],
  ]);
  expect(privateOf(eve)[1]).toStartWith("dan → you: from dan");
  expect(privateOf(bea)[0]).toStartWith("eve → you: to the hub");
  const stream = world.engine.entries.join("\n");
  for (const text of ["from eve", "from dan", "to the hub", "from the hub"])
    expect(stream).not.toContain(text);
  expect(countEntries(world, "private")).toBe(4);
});

test("the key of a member that wrote before its hub was known serves as soon as it is", () => {
  const { world, ann, bea } = makeRoom();
  const hub = bea.chat.room.shared?.hub ?? "";
  // The lease is lost, and a line is read before the renewed one is.
  const { since = 0, next, at, names } = ann.chat.room.shared!.hubs.get(hub)!;
  const presence = { hub, label: "bea", since, next, at, members: new Map([[1, "bea"]]) };
  const duets = new Map([[1, names.getKey(1) ?? ""]]);
  ann.dispatch({ type: "engine", event: { type: "leases", alive: [], news: [] } });
  bea.say("still here");
  ann.dispatch({ type: "engine", event: { type: "leases", alive: [hub], news: [{ ...presence, duets }] } });
  ann.command("/msg bea psst");
  expect(world.engine.entries.join("\n")).not.toContain("psst");
  expect(privateOf(bea)[0]).toStartWith("ann → you: psst");
});

test("a line that crosses in the clear says so on both rows", () => {
  const { ann, bea } = makeRoom({ encrypt: "off" });
  ann.command("/msg bea psst");
  expect(privateOf(ann)).toEqual([`ann → bea: psst | ${clear}`]);
  expect(privateOf(bea)).toEqual([`ann → you: psst | ${clear}`]);
});

test("/to keeps to one member of another hub, whatever its name becomes, and ends with it", () => {
  const { ann, bea, join } = makeRoom();
  const eve = join("eve", 8081);
  ann.command("/to eve");
  ann.say("one");
  eve.command("/nick eva");
  ann.say("two");
  expect(privateOf(ann).map((row) => row.split(" | ")[0])).toEqual(["ann → eve: one", "ann → eva: two"]);
  eve.quit();
  ann.say("three");
  expect(bea.allLines().join("\n")).not.toContain("three");
  expect(ann.errors().at(-1)).toContain("eva");
});

test("a private line that cannot be delivered is reported to its author with the reason", () => {
  const { world, ann, bea, join } = makeRoom();
  const eve = join("eve", 8081);
  const dan = join("dan", 8080);
  // The hub of bea has not read the line before its member leaves.
  world.engine.cutOff(bea.chat.room.shared?.hub ?? "", true);
  ann.command("/msg eve late");
  dan.command("/msg eve later");
  eve.quit();
  world.engine.cutOff(bea.chat.room.shared?.hub ?? "", false);
  world.pass(2_000);
  expect(notesOf(ann, "late")).toEqual(["not delivered: nobody of that number is here any more"]);
  expect(notesOf(dan, "later")[0]).toContain("not delivered");
});

test("a raw member over UDP, whose address may be forged, is sent no private line of another hub", () => {
  const { world, ann, bea } = makeRoom();
  bea.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port: 8091 } }, "udp");
  const far = { family: "IPv4", address: "192.0.2.9", port: 4000 } as const;
  const raw = world.program("udp").connect(far, loopback(8091));
  raw.send("here\n");
  world.pass(2_000);
  const name = bea.memberNames().at(-1) ?? "";
  ann.command(`/msg ${name} psst`);
  expect(notesOf(ann, "psst")[0]).toStartWith("not delivered: ");
  expect(raw.received).not.toContain("psst");
});

test("a private line to a hub that dies before it confirms it is reported", () => {
  const { world, ann, bea } = makeRoom();
  const hub = bea.chat.room.shared?.hub ?? "";
  world.engine.cutOff(hub, true);
  ann.command("/msg bea lost");
  expect(notesOf(ann, "lost")).toEqual([]);
  world.engine.expireLeases();
  expect(notesOf(ann, "lost")).toEqual(["not delivered: bea's hub is gone, and had not confirmed it"]);
});

test("a hub that ends confirms the private lines that it has shown", () => {
  const { ann, bea } = makeRoom();
  ann.command("/msg bea goodbye");
  bea.quit();
  expect(receiptsOf(ann, "goodbye")).toEqual([{ stage: "received" }]);
  expect(notesOf(ann, "goodbye")).toEqual([]);
});

test("two members of one name at other hubs are told apart by their addresses", () => {
  const { world, ann, bea } = makeRoom();
  // As a hub that was killed and started again: it is there twice until its lease ends.
  const { hub: other, items } = world.engine.connect(() => {});
  const text = formatRoomEntry(other, 1, { type: "joined", member: 1, name: "bea" });
  world.engine.entries.push(...items.write([{ kind: "entry", text }]));
  ann.say("on");
  ann.command("/msg bea which");
  const own = `${bea.chat.room.shared?.hub.slice(0, 8)}/1`;
  expect(ann.allLines().at(-1)).toContain(`"${own}" or "${other.slice(0, 8)}/1"`);
  expect(privateOf(bea)).toEqual([]);
  ann.command(`/msg ${own} this one`);
  expect(privateOf(bea)).toHaveLength(1);
});

test("without its engine a private line waits, marked, and crosses once", () => {
  const { world, ann, bea } = makeRoom();
  world.engine.stop();
  ann.command("/msg bea waits");
  expect(notesOf(ann, "waits")).toEqual(["here only"]);
  world.engine.start();
  expect(notesOf(ann, "waits")).toEqual([]);
  expect(privateOf(bea)).toHaveLength(1);
});

test("a private line is bounded as a message is", () => {
  const { ann, bea } = makeRoom({ encrypt: "off" });
  ann.command(`/msg bea ${"x".repeat(messageMaxBytes)}`);
  expect(rowsOf(bea).at(-1)?.text).toHaveLength(messageMaxBytes);
  ann.command(`/msg bea ${"y".repeat(messageMaxBytes + 1)}`);
  expect(bea.allLines().join("\n")).not.toContain("yy");
});

test("receipts of all hubs are counted beside a line", () => {
  const { world, ann, bea, join, connectRaw } = makeRoom();
  const [eve, dan] = [join("eve", 8080), join("dan", 8081)];
  ann.say("to all");
  world.pass(3_000);
  expect(receiptsOf(ann, "to all")).toEqual([{ stage: "received" }]);
  eve.say("from eve");
  world.pass(3_000);
  expect(receiptsOf(eve, "from eve")).toEqual([{ stage: "received" }]);
  connectRaw("ned", 8081, bea);
  ann.say("and ned");
  world.pass(3_000);
  expect(receiptsOf(ann, "and ned")).toEqual([{ stage: "received", by: 3, of: 4 }]);
  for (const duet of [bea, dan]) duet.dispatch({ type: "focus-changed", away: false });
  world.pass(3_000);
  // Eve and ann have written since, and so have read what was above.
  expect(receiptsOf(ann, "to all")).toEqual([{ stage: "read" }]);
  expect(receiptsOf(eve, "from eve")).toEqual([{ stage: "read" }]);
  expect(receiptsOf(ann, "and ned")).toEqual([{ stage: "received", by: 3, of: 4 }]);
});

test("a private line of a guest is received and read across hubs", () => {
  const { world, join } = makeRoom();
  const [eve, dan] = [join("eve", 8080), join("dan", 8081)];
  eve.command("/msg dan psst");
  world.pass(3_000);
  expect(receiptsOf(eve, "psst")).toEqual([{ stage: "received" }]);
  dan.dispatch({ type: "focus-changed", away: false });
  world.pass(3_000);
  expect(receiptsOf(eve, "psst")).toEqual([{ stage: "read" }]);
});

test("receipts leave once a second at most, however much is written", () => {
  const { world, ann, join } = makeRoom();
  join("dan", 8081);
  const before = countEntries(world, "receipts");
  for (let number = 0; number < 100; number += 1) {
    ann.say(`line ${number}`);
    world.pass(100);
  }
  world.pass(3_000);
  expect(countEntries(world, "receipts") - before).toBeLessThanOrEqual(12);
  expect(receiptsOf(ann, "line 99")).toEqual([{ stage: "received" }]);
});

test("receipts are dropped without harm while the engine is away", () => {
  const { world, ann, bea } = makeRoom();
  ann.say("before");
  world.engine.stop();
  world.pass(3_000);
  world.engine.start();
  bea.say("after");
  world.pass(3_000);
  expect(receiptsOf(ann, "before")).toEqual([{ stage: "sent" }]);
  expect(receiptsOf(bea, "after")).toEqual([{ stage: "received" }]);
});

test("a large room sends no receipts across hubs", () => {
  const { world, ann, join } = makeRoom();
  for (let number = 0; number < receiptRoomMax; number += 1) join(`m${number}`, 8081);
  const before = countEntries(world, "receipts");
  ann.say("to all");
  world.pass(3_000);
  expect(countEntries(world, "receipts")).toBe(before);
});

test("a name that was freed at one hub may be taken at another, and private lines follow the member, not the name", () => {
  const { ann, bea, join } = makeRoom();
  const first = join("eve", 8081);
  ann.command("/to eve");
  first.command("/nick eva");
  const second = join("eve", 8080);
  expect(second.chat.sides.tcp.peers.values().next().value?.hostRoom.ourName).toBe("eve");
  ann.say("for eva");
  expect(privateOf(second)).toEqual([]);
  expect(privateOf(first)).toHaveLength(1);
  expect(bea.allLines().join("\n")).not.toContain("for eva");
});

test("members that rename or leave while their hub is away have one name, or none, everywhere afterwards", () => {
  const { world, ann, bea, join } = makeRoom();
  const [eve, dan, joe] = [join("eve", 8081), join("dan", 8081), join("joe", 8080)];
  world.engine.stop();
  eve.command("/nick one");
  eve.command("/nick two");
  dan.quit();
  joe.command("/nick two");
  world.engine.start();
  world.pass(2_000);
  const farOf = (duet: Duet): readonly string[] =>
    [...(duet.chat.room.shared?.hubs.values() ?? [])].flatMap(({ names }) => [...names.values()]).toSorted();
  const namesAt = (duet: Duet): readonly string[] =>
    [...[...duet.chat.room.members.values()].map(({ name }) => name), duet.chat.self.name].toSorted();
  expect(farOf(ann)).toEqual([...namesAt(bea)]);
  expect(farOf(bea)).toEqual([...namesAt(ann)]);
  expect(new Set([...namesAt(ann), ...namesAt(bea)]).size).toBe(4);
  expect(farOf(ann)).not.toContain("dan");
});

test("members of three hubs that take one name in one moment have three names", () => {
  const { world, ann, bea, startHub, join } = makeRoom();
  const cid = startHub("cid", 8082);
  const guests = [join("one", 8080), join("two", 8081), join("six", 8082)];
  world.run(() => {
    for (const guest of guests) guest.command("/nick max");
    for (const hub of [ann, bea, cid]) hub.command("/nick moritz");
  });
  world.pass(2_000);
  const namesAt = (duet: Duet): readonly string[] =>
    [
      ...[...duet.chat.room.members.values()].map(({ name }) => name),
      ...[...(duet.chat.room.shared?.hubs.values() ?? [])].flatMap(({ names }) => [...names.values()]),
      duet.chat.self.name,
    ].toSorted();
  expect(new Set(namesAt(ann)).size).toBe(6);
  expect(namesAt(bea)).toEqual([...namesAt(ann)]);
  expect(namesAt(cid)).toEqual([...namesAt(ann)]);
  expect(namesAt(ann).filter((name) => name === "max" || name === "moritz")).toHaveLength(2);
});

test("what a hub writes about keys, receipts and private lines is bounded and checked", () => {
  const hub = `${"b".repeat(42)}A`;
  const parse = (fields: object) => {
    const placed = parseRoomEntry("1-0", JSON.stringify({ v: 1, hub, n: 1, ...fields }));
    return typeof placed === "object" ? placed.entry : placed;
  };
  const joined = { type: "joined", member: 2, name: "eve" } as const;
  expect(parse({ ...joined, duet: "not a key" })).toEqual({ ...joined, duet: "" });
  expect(parse({ ...joined, duet: 7 })).toEqual(joined);
  const line = { type: "private", member: 2, name: "eve", toHub: hub, to: 1, text: "" };
  expect(parse({ ...line, toHub: "x" })).toBeUndefined();
  expect(parse({ ...line, sealed: "x".repeat(messageMaxBytes + 1) })).toBeUndefined();
  expect(parse({ ...line, sealed: "x".repeat(messageMaxBytes) })).toMatchObject({ type: "private", to: 1 });
  const receipt = { hub, author: 1, reader: 2, stage: "read", first: 1, last: 2 };
  expect(parse({ type: "receipts", of: [receipt, { ...receipt, first: -1 }, null] })).toEqual({
    ...{ type: "receipts", of: [receipt] },
  } as never);
  expect(parse({ type: "receipts", of: Array.from({ length: 513 }, () => receipt) })).toBeUndefined();
  expect(parse({ type: "of a later version" })).toBe("later");
});
